//! Commands that are a row of other programs.
//!
//! The first that fails ends the row, and its name is the last line printed.

use std::process::Command;
use std::time::Instant;

use crate::tree::Tree;
use crate::{rights, tidy};

/// A program to run at the root of the repository.
pub(crate) struct Step {
    title: &'static str,
    command: Command,
}

impl Step {
    /// Cargo with arguments.
    pub(crate) fn cargo(title: &'static str, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(Tree::here().root());
        Self { title, command }
    }

    /// The same with a variable set.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it and tells how long it took.
    pub(crate) fn run(mut self) -> Result<(), String> {
        println!("== {}", self.title);
        let started = Instant::now();
        let status = self
            .command
            .status()
            .map_err(|error| format!("{} does not start: {error}", self.title))?;
        println!("== {}: {} s", self.title, started.elapsed().as_secs());
        if status.success() { Ok(()) } else { Err(format!("{} failed", self.title)) }
    }
}

/// Everything that is checked without running the product.
pub(crate) fn lint() -> Result<(), String> {
    tidy::run()?;
    Step::cargo("format", &["fmt", "--all", "--check"]).run()?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    Step::cargo("clippy", &clippy).run()?;
    deny()
}

/// Whether Cargo has a command of this name.
pub(crate) fn has(command: &str) -> bool {
    let probe = Command::new(env!("CARGO")).args([command, "--version"]).output();
    probe.is_ok_and(|probe| probe.status.success())
}

fn deny() -> Result<(), String> {
    if !has("deny") {
        println!("== deny: SKIPPED, cargo-deny is not installed (`cargo install cargo-deny`)");
        return Ok(());
    }
    Step::cargo("deny", &["deny", "--offline", "check", "bans", "licenses", "sources"]).run()
}

/// Where properties draw from when a change is tested, so that the same source gets the same
/// verdict everywhere; `cargo xtask nightly` draws anew each time.
pub(crate) const SEED: &str = "20260601";

/// The binaries first: the acceptance tests start them as they are. What functions did in them is
/// compared with what they may do.
pub(crate) fn test() -> Result<(), String> {
    #[expect(clippy::disallowed_methods, reason = "a tool of ours has no `Config`")]
    let seed = std::env::var("PROPTEST_RNG_SEED").unwrap_or_else(|_| SEED.to_owned());
    Step::cargo("build", &["build", "--locked", "--workspace", "--bins"]).run()?;
    let tree = Tree::here();
    let notes = rights::folder(&tree);
    Step::cargo("test", &["test", "--locked", "--workspace"])
        .with("PROPTEST_RNG_SEED", &seed)
        .with(rights::VARIABLE, &notes.to_string_lossy())
        .run()?;
    rights::compare(&tree, &notes)
}

/// Lets the tests that compare generated documents write them instead.
pub(crate) fn bless() -> Result<(), String> {
    let made_by = [
        "interlock-app",
        "interlock-http",
        "interlock-lambda",
        "interlock-notify",
        "interlock-policy",
        "system",
    ];
    let packages = made_by.iter().flat_map(|package| ["--package", package]);
    let filters = ["--", "the_document", "the_page", "no_code_that_was_ever_given_out"];
    let arguments: Vec<_> = ["test"].into_iter().chain(packages).chain(filters).collect();
    Step::cargo("bless", &arguments).with("INTERLOCK_BLESS", "1").run()
}
