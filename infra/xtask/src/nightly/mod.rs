//! The longer runs that a change does not wait for.
//!
//! Every run is made even when an earlier one failed; the command fails if any did.

mod contract;
mod plan;
mod watched;

use clap::Args;

use plan::{PLAN, Run};

/// What to run, and how much of it.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the runs of this name; may be given more than once
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Names of the runs and what each does, without running any
    #[arg(long)]
    list: bool,
    /// Part of the full counts, for a rehearsal: 0.01 is a hundredth
    #[arg(long, value_name = "PART", default_value_t = 1.0)]
    scale: f64,
}

/// Runs what was asked for and tells of each run in one line.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    if options.list {
        for run in PLAN {
            println!("{:<12} {}", run.name, run.title(options.scale));
        }
        return Ok(());
    }
    if !(options.scale > 0.0 && options.scale <= 1.0) {
        return Err("`--scale` must be above 0 and at most 1".to_owned());
    }
    let chosen = chosen(&options.only)?;
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for run in chosen {
        let outcome = watched::watch(run, options.scale);
        println!("{}", outcome.line);
        lines.push(outcome.line);
        if !outcome.passed {
            failed.push(run.name);
        }
    }
    println!("\n== nightly");
    for line in &lines {
        println!("{line}");
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn chosen(only: &[String]) -> Result<Vec<&'static Run>, String> {
    if let Some(unknown) = only.iter().find(|name| !PLAN.iter().any(|run| run.name == **name)) {
        return Err(format!("there is no run `{unknown}`; `--list` names them"));
    }
    let wanted = |run: &&Run| only.is_empty() || only.iter().any(|name| name == run.name);
    Ok(PLAN.iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_no_run_is_refused_and_none_means_all() {
        assert_eq!(chosen(&[]).unwrap().len(), PLAN.len());
        assert_eq!(chosen(&["races".to_owned()]).unwrap().len(), 1);
        assert!(chosen(&["race".to_owned()]).unwrap_err().contains("`race`"));
    }

    #[test]
    fn no_two_runs_share_a_name() {
        let names: std::collections::BTreeSet<_> = PLAN.iter().map(|run| run.name).collect();
        assert_eq!(names.len(), PLAN.len());
    }
}
