//! Sets a deployment up, from nothing to an API that answers (docs/DEPLOY.md).
//!
//! Every step looks first whether it is done, and nothing is remembered but by AWS: what broke off
//! is gone on with by the same command. A dry run prints the steps and runs nothing at all.

mod acts;
mod calls;
mod kinds;
#[cfg(test)]
mod kinds_tests;
mod plan;
mod product;
mod shell;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

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
    /// File with the admin's password, once he has chosen one; machines are made in his name
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Machines and hosts with their mappings, as in infra/examples/machines.json
    #[arg(long, value_name = "FILE")]
    machines: Option<PathBuf>,
    /// Address of Cal.com's API v2 as it is reached from here, without `/v2`; event types of the
    /// list that are not there are made
    #[arg(long, value_name = "URL")]
    calcom_url: Option<String>,
}

/// What every step may know.
#[derive(Clone)]
struct Setting {
    env: String,
    yes: bool,
    admin_email: Option<String>,
    /// The admin's password.
    password: Option<String>,
    /// Text of the list of machines.
    machines: Option<String>,
    /// Where API v2 of Cal.com is reached from here.
    calcom_url: Option<String>,
    /// Text of infra/samconfig.toml.
    config: String,
    /// Whether the functions are built.
    built: bool,
}

/// Runs or prints the plan.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let tree = Tree::here();
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let password = options.password_file.as_ref().map(read).transpose()?;
    let setting = Setting {
        env: options.env.clone(),
        yes: options.yes,
        admin_email: options.admin_email.clone(),
        password: password.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()),
        machines: options.machines.as_ref().map(read).transpose()?,
        calcom_url: options.calcom_url.clone(),
        config: tree.read("infra/samconfig.toml").unwrap_or_default(),
        built: tree.has("target/lambda/health.zip"),
    };
    let steps = steps(&setting)?;
    if options.dry_run {
        print!("{}", told(&steps));
        return Ok(());
    }
    carry_out(&steps, &setting, &mut Machine)
}

/// Looks in Cal.com's database whether it sends mails. Errors: it does, or nobody can tell.
pub(crate) fn mails_are_off(env: &str) -> Result<String, String> {
    let config = Tree::here().read("infra/samconfig.toml").unwrap_or_default();
    let setting = Setting {
        env: env.to_owned(),
        yes: false,
        admin_email: None,
        password: None,
        machines: None,
        calcom_url: None,
        config,
        built: true,
    };
    acts::mails(&setting, &mut Machine)
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
