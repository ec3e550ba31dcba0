//! One run watched to its end: what it prints is passed on, and its last figures are kept.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::contract;
use super::plan::{Program, Run};
use crate::tree::Tree;
use crate::{advisories, mutants, reproducible};

/// Beginnings of lines that carry figures, the more telling ones last.
const FIGURES: [&str; 4] = ["test result:", "model:", "figures:", "sim:"];

/// How a run went.
pub(crate) struct Outcome {
    /// All of it in one line.
    pub(crate) line: String,
    /// Whether it ended well.
    pub(crate) passed: bool,
}

/// Runs it.
pub(crate) fn watch(run: &Run, scale: f64) -> Outcome {
    println!("\n== {}: {}", run.name, run.title(scale));
    let started = Instant::now();
    let (passed, figures) = match run.program() {
        Program::Cargo(_) => started_and_heard(command(run, scale)),
        Program::Own("advisories") => told(advisories::run(&advisories::Options::default())),
        Program::Own("build") => told(crate::build::run(false, &[])),
        Program::Own("reproducible") => told(reproducible::run(&reproducible::Options::default())),
        Program::Own("sbom") => told(crate::sbom::run()),
        Program::Own("schemathesis") => figured(contract::run(run.number(scale))),
        Program::Own("mutants") => figured(mutants::run(&mutants::Options::default())),
        Program::Own(other) => (false, vec![format!("there is no command `{other}`")]),
    };
    let seconds = started.elapsed().as_secs();
    let verdict = if passed { "passed" } else { "FAILED" };
    let figures = figures.join("; ");
    Outcome {
        line: format!("== {}: {verdict} in {seconds} s; {}; {figures}", run.name, run.title(scale)),
        passed,
    }
}

fn figured(done: Result<Vec<String>, String>) -> (bool, Vec<String>) {
    match done {
        Ok(figures) => (true, figures),
        Err(message) => (false, vec![message]),
    }
}

fn told(done: Result<(), String>) -> (bool, Vec<String>) {
    match done {
        Ok(()) => (true, Vec::new()),
        Err(message) => (false, vec![message]),
    }
}

fn command(run: &Run, scale: f64) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(run.words(scale)).current_dir(Tree::here().root());
    for (name, value) in run.variables(scale) {
        command.env(name, value);
    }
    if run.name == "documents" {
        command.env("RUSTDOCFLAGS", "-D warnings");
    }
    command
}

fn started_and_heard(mut command: Command) -> (bool, Vec<String>) {
    let mut child = match command.stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return (false, vec![format!("does not start: {error}")]),
    };
    let mut heard = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            println!("{line}");
            heard.push(line);
        }
    }
    let passed = child.wait().is_ok_and(|status| status.success());
    (passed, figures(&heard))
}

/// The lines with the most telling figures there are; of test results only the number.
fn figures(lines: &[String]) -> Vec<String> {
    let beginning = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    match FIGURES.iter().rev().find(|start| beginning(start) > 0) {
        Some(&"test result:") => vec![format!("{} test programs", beginning("test result:"))],
        Some(start) => lines.iter().filter(|line| line.starts_with(start)).cloned().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn the_most_telling_figures_are_kept() {
        let lines =
            |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let both = lines(&["test result: ok.", "figures: kills 20", "noise"]);
        assert_eq!(figures(&both), ["figures: kills 20"]);
        let results = lines(&["test result: ok.", "test result: ok."]);
        assert_eq!(figures(&results), ["2 test programs"]);
        assert!(figures(&lines(&["noise"])).is_empty());
    }
}
