//! Holds `docs/openapi.json` to the running product: schemathesis over every operation, with all
//! checks and stateful links, as each role on a stack of its own.
//!
//! What the checks are told to leave out, and why, is in `infra/xtask/schemathesis`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::steps::Step;
use crate::tree::Tree;

/// Where Python, its libraries, the stacks and the reports are.
const FOLDER: &str = "target/schemathesis";
/// Libraries with their versions.
const REQUIREMENTS: &str = ".ci/schemathesis.txt";
/// How a session is had, and which answers are no fault.
const SETTINGS: &str = "infra/xtask/schemathesis/schemathesis.toml";
/// What logs in and signs; the tool looks for a relative path where it runs.
const HOOKS: &str = "infra/xtask/schemathesis/hooks.py";
/// Who calls.
const PEOPLE: [&str; 3] = ["max@demo.test", "mia@demo.test", "root@demo.test"];

/// Runs it as a member, a manager and an admin, with so many examples for each operation.
pub(super) fn run(examples: u64) -> Result<Vec<String>, String> {
    let tree = Tree::here();
    let folder = tree.root().join(FOLDER);
    install(&tree, &folder)?;
    Step::cargo("build", &["build", "--locked", "--workspace", "--bins"]).run()?;
    let (mut figures, mut failed) = (Vec::new(), Vec::new());
    for email in PEOPLE {
        let stack = Stack::start(&tree, &folder.join(format!("stack-{email}")))?;
        let report = folder.join(format!("{email}.log"));
        let passed = as_person(&tree, &folder, (&stack, email, &report), examples)?;
        let text = fs::read_to_string(&report).unwrap_or_default();
        print!("{text}");
        figures.push(format!("figures: {email}: {}", told(&text)));
        if !passed {
            failed.push(format!("{email}: {}", report.display()));
        }
    }
    if failed.is_empty() { Ok(figures) } else { Err(failed.join("; ")) }
}

fn install(tree: &Tree, folder: &Path) -> Result<(), String> {
    if !folder.join("bin/python").exists() {
        ended_well(Command::new("python3").args(["-m", "venv"]).arg(folder), "python3 -m venv")?;
    }
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    ended_well(pip.arg(tree.root().join(REQUIREMENTS)), "pip")
}

fn ended_well(command: &mut Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed")) }
}

fn as_person(
    tree: &Tree,
    folder: &Path,
    (stack, email, report): (&Stack, &str, &PathBuf),
    examples: u64,
) -> Result<bool, String> {
    let output = fs::File::create(report).map_err(|error| error.to_string())?;
    let errors = output.try_clone().map_err(|error| error.to_string())?;
    let status = Command::new(folder.join("bin/schemathesis"))
        .arg("--config-file")
        .arg(tree.root().join(SETTINGS))
        .arg("run")
        .arg(tree.root().join("docs/openapi.json"))
        .args(["--no-color", "--continue-on-failure"])
        .args(["--phases", "examples,coverage,fuzzing,stateful", "--seed", "1"])
        .args(["--generation-database", "none", "--max-examples", &examples.to_string()])
        .args(["--url", &stack.base])
        .env("SCHEMATHESIS_HOOKS", tree.root().join(HOOKS))
        .env("INTERLOCK_BASE", &stack.base)
        .env("INTERLOCK_EMAIL", email)
        // It leaves folders of its own where it runs.
        .current_dir(folder)
        .stdout(output)
        .stderr(errors)
        .status()
        .map_err(|error| format!("schemathesis does not start: {error}"))?;
    Ok(status.success())
}

/// What the report says of operations and cases, in one line.
fn told(report: &str) -> String {
    let wanted = ["Selected:", "Tested:", "generated", "Errored:"];
    let lines = report.lines().map(str::trim);
    let lines = lines.filter(|line| wanted.iter().any(|word| line.contains(word)));
    lines.collect::<Vec<_>>().join(", ")
}

/// The product on a free port and fresh demo data; ends with this value.
struct Stack {
    child: Child,
    base: String,
}

impl Stack {
    fn start(tree: &Tree, data: &Path) -> Result<Self, String> {
        let mut child = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--locked", "--bin", "interlock-local", "--"])
            .args(["--port", "0", "--fresh", "--no-web", "--calcom-calls-per-minute", "1000000"])
            .arg("--data")
            .arg(data)
            .env("RUST_LOG", "error")
            .current_dir(tree.root())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the stack does not start: {error}"))?;
        let lines = child.stdout.take().map(|output| BufReader::new(output).lines());
        let mut lines = lines.into_iter().flatten().map_while(Result::ok);
        let base = lines.find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
        // The stack goes on talking; nobody listening would end it.
        std::thread::spawn(move || lines.for_each(drop));
        let mut stack = Self { child, base: String::new() };
        stack.base = base.ok_or("the stack did not become ready")?;
        Ok(stack)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_in_one_line() {
        let report = "API Operations:\n  Selected: 84/84\n  Tested: 84\n\nTest cases:\n  \
                      265 generated, 0 found failures\n";
        assert_eq!(told(report), "Selected: 84/84, Tested: 84, 265 generated, 0 found failures");
    }

    #[test]
    fn every_library_has_its_version_and_schemathesis_is_among_them() {
        let text = Tree::here().read(REQUIREMENTS).unwrap();
        assert!(text.lines().all(|line| line.contains("==")), "{text}");
        assert!(text.lines().any(|line| line.starts_with("schemathesis==")));
    }
}
