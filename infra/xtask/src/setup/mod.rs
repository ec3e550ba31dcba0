//! Sets a deployment up, from nothing to an API that answers (docs/DEPLOY.md).
//!
//! Every step looks first whether it is done, and nothing is remembered but by AWS: what broke off
//! is gone on with by the same command. A dry run prints the steps and runs nothing at all.

mod acts;
mod calls;
mod plan;
mod shell;
#[cfg(test)]
mod tests;

use clap::Args;

use plan::{Step, steps};
use shell::{Machine, Shell};

use crate::tree::Tree;

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Environment of infra/samconfig.toml
    #[arg(long, value_name = "NAME")]
    env: String,
    /// Print the whole plan and change nothing; needs no credentials
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before a change set is executed
    #[arg(long)]
    yes: bool,
    /// Address of the first admin; without one nobody is made
    #[arg(long)]
    admin_email: Option<String>,
}

/// What every step may know.
#[derive(Debug, Clone)]
struct Setting {
    env: String,
    yes: bool,
    admin_email: Option<String>,
    /// Text of infra/samconfig.toml.
    config: String,
    /// Whether the functions are built.
    built: bool,
}

/// Runs or prints the plan.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let tree = Tree::here();
    let setting = Setting {
        env: options.env.clone(),
        yes: options.yes,
        admin_email: options.admin_email.clone(),
        config: tree.read("infra/samconfig.toml").unwrap_or_default(),
        built: tree.has("target/lambda/health/bootstrap"),
    };
    let steps = steps(&setting)?;
    if options.dry_run {
        print!("{}", told(&steps));
        return Ok(());
    }
    carry_out(&steps, &setting, &mut Machine)
}

fn told(steps: &[Step]) -> String {
    let mut lines = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        lines.push(format!("{:>2}. {}", number.saturating_add(1), step.title));
        lines.extend(step.lines.iter().map(|line| format!("      {line}")));
    }
    lines.join("\n") + "\n"
}

fn carry_out(steps: &[Step], setting: &Setting, shell: &mut dyn Shell) -> Result<(), String> {
    for (number, step) in steps.iter().enumerate() {
        println!("{:>2}. {}", number.saturating_add(1), step.title);
        let done =
            (step.act)(setting, shell).map_err(|error| format!("{}: {error}", step.title))?;
        println!("      {done}");
    }
    Ok(())
}
