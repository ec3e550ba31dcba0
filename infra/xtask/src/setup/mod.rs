//! Sets a deployment up, from nothing to an API that answers (docs/DEPLOY.md).
//!
//! Every step looks first whether it is done, and nothing is remembered but by AWS: what broke off
//! is gone on with by the same command. A dry run prints the steps and runs nothing at all.

mod acts;
mod calls;
mod certificates;
mod config;
mod front;
mod images;
mod kinds;
#[cfg(test)]
mod kinds_tests;
mod once;
mod plan;
mod preflight;
#[cfg(test)]
mod preflight_tests;
mod product;
#[cfg(test)]
mod product_tests;
mod session;
mod shell;
mod stacks;
#[cfg(test)]
mod stacks_tests;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use acts::Ended;
use config::Part;
use plan::{Step, steps};
use shell::{Machine, Shell};

use crate::functions;
use crate::tidy;
use crate::tree::Tree;

/// What a run ends with that did all it could, and left something for a person (docs/DEPLOY.md).
const LEFT: u8 = 3;
/// Most looks at a build, a task or a stack, and the seconds between two: two hours.
const LOOKS: u32 = 360;
const PAUSE: u64 = 20;

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Ends with 0 where all is done, with 3 where something is left for a person, \
                        who then runs it again, and with 1 where something failed."
)]
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
    /// Do not build the functions, and take the zips that are there, of which none may lack
    #[arg(long)]
    built: bool,
    /// Address of the first admin; without one nobody is made
    #[arg(long)]
    admin_email: Option<String>,
    /// File with the admin's password, once he has chosen one; machines are made in his name. The
    /// code of his second factor is asked for, or a recovery code is taken from the variable
    /// `INTERLOCK_SETUP_CODE`
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
#[derive(Clone, Default)]
struct Setting {
    env: String,
    yes: bool,
    admin_email: Option<String>,
    /// The admin's password.
    password: Option<String>,
    /// A recovery code of the admin's second factor.
    recovery: Option<String>,
    /// Text of the list of machines.
    machines: Option<String>,
    /// Where API v2 of Cal.com is reached from here.
    calcom_url: Option<String>,
    /// Text of infra/samconfig.toml.
    config: String,
    /// Whether the zips that are there are taken.
    built: bool,
    /// Functions without a zip.
    missing: Vec<String>,
}

impl Setting {
    fn of(options: &Options, tree: &Tree) -> Result<Self, String> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let password = options.password_file.as_ref().map(read).transpose()?;
        #[expect(clippy::disallowed_methods, reason = "a command has no configuration")]
        let recovery = session::recovery(std::env::var(session::CODE).ok())?;
        Ok(Self {
            env: options.env.clone(),
            yes: options.yes,
            admin_email: options.admin_email.clone(),
            password: password.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()),
            recovery,
            machines: options.machines.as_ref().map(read).transpose()?,
            calcom_url: options.calcom_url.clone(),
            config: tree.read(config::FILE).unwrap_or_default(),
            built: options.built,
            missing: if options.built { missing(tree)? } else { Vec::new() },
        })
    }

    /// What the configuration says of a stack.
    fn part<'a>(&'a self, stack: &'a str) -> Part<'a> {
        Part { config: &self.config, env: &self.env, stack }
    }
}

/// Functions that no zip is there of.
fn missing(tree: &Tree) -> Result<Vec<String>, String> {
    let names = functions::list(&tidy::metadata()?).into_iter().map(|function| function.name);
    Ok(names.filter(|name| !tree.has(&format!("{}/{name}.zip", crate::build::FOLDER))).collect())
}

/// Runs or prints the plan.
pub(crate) fn run(options: &Options) -> ExitCode {
    let mut left = Vec::new();
    let done = set_up(options, &mut left);
    if !left.is_empty() {
        println!("left for you, then run this again:");
    }
    for what in &left {
        println!("  - {what}");
    }
    if let Err(message) = &done {
        eprintln!("{message}");
    }
    ExitCode::from(code(&done, &left))
}

fn code(done: &Result<(), String>, left: &[String]) -> u8 {
    match done {
        Ok(()) if left.is_empty() => 0,
        Ok(()) => LEFT,
        Err(_) => 1,
    }
}

fn set_up(options: &Options, left: &mut Vec<String>) -> Result<(), String> {
    let setting = Setting::of(options, &Tree::here())?;
    let steps = steps(&setting)?;
    if options.dry_run {
        print!("{}", told(&steps));
        return Ok(());
    }
    carry_out(&steps, &setting, &mut Machine, left)
}

/// Looks in Cal.com's database whether it sends mails. Errors: it does, or nobody can tell.
pub(crate) fn mails_are_off(env: &str) -> Result<String, String> {
    let config = Tree::here().read(config::FILE).unwrap_or_default();
    let setting = Setting { env: env.to_owned(), config, ..Setting::default() };
    match once::mails(&setting, &mut Machine)? {
        Ended::Done(text) => Ok(text),
        Ended::Left(what) => Err(what),
    }
}

fn told(steps: &[Step]) -> String {
    let mut lines = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        lines.push(format!("{:>2}. {}", number.saturating_add(1), step.title));
        lines.extend(step.lines().iter().map(|line| format!("      {line}")));
    }
    lines.join("\n") + "\n"
}

/// Every step up to one that fails; what waits for a person stops none of the others.
fn carry_out(
    steps: &[Step],
    setting: &Setting,
    shell: &mut dyn Shell,
    left: &mut Vec<String>,
) -> Result<(), String> {
    for (number, step) in steps.iter().enumerate() {
        println!("{:>2}. {}", number.saturating_add(1), step.title);
        match (step.act)(setting, shell).map_err(|error| format!("{}: {error}", step.title))? {
            Ended::Done(done) => println!("      {done}"),
            Ended::Left(what) => {
                println!("      left for you; what it is stands at the end");
                left.push(what);
            }
        }
    }
    Ok(())
}
