//! Looks every crate of the lockfile up in a local copy of the known weaknesses (RELIABILITY S1).
//!
//! The copy is asked and never the network. Before its word is taken, a planted advisory must be
//! found: a look-up that finds nothing shows nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::Args;

use crate::steps::{Step, has};
use crate::tree::Tree;

/// Address of the database, its place and the age it may have are here.
const SETTINGS: &str = "deny.toml";
/// Where the drill has its own database and copy.
const DRILL: &str = "target/advisories-drill";
/// A crate that is in every program of ours.
const VICTIM: &str = "serde";
/// Name of the planted advisory; no true one has this year.
const PLANTED: &str = "RUSTSEC-2099-0001";

/// Whether to fetch first, and from where.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Fetch the database first; without it the copy is used as it is
    #[arg(long)]
    refresh: bool,
    /// Fetch from a clone in this folder in place of the address in `deny.toml`
    #[arg(long, value_name = "FOLDER", requires = "refresh")]
    from: Option<PathBuf>,
}

/// Shows that the look-up finds what it should, then looks up.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let tree = Tree::here();
    installed()?;
    // What is looked up is there for every system, and then nothing is asked of the network.
    Step::cargo("fetch crates", &["fetch", "--locked"]).run()?;
    drill(&tree)?;
    let settings = tree.root().join(SETTINGS);
    if options.refresh {
        fetch(&tree, &settings, options.from.as_deref())?;
    }
    let checked = looked_up(&tree, &settings)?;
    if checked.status.success() {
        println!("figures: 1 planted advisory found, no other");
        return Ok(());
    }
    Err(format!("{}{}", said(&checked), HELP))
}

const HELP: &str = "\nwhere the copy is absent or stale: `cargo xtask advisories --refresh` \
fetches it, with `--from FOLDER` out of a clone that was brought here";

fn installed() -> Result<(), String> {
    let missing = || "cargo-deny is not installed (`cargo install cargo-deny`)".to_owned();
    has("deny").then_some(()).ok_or_else(missing)
}

/// Fetches the database to where the settings say.
fn fetch(tree: &Tree, settings: &Path, from: Option<&Path>) -> Result<(), String> {
    let text = fs::read_to_string(settings).map_err(|error| error.to_string())?;
    let address = address(&text).ok_or_else(|| format!("{SETTINGS} names no database"))?;
    let mut command = command(tree, settings, &[]);
    command.args(["fetch", "db"]);
    if let Some(from) = from {
        let from = from.canonicalize().map_err(|error| format!("{}: {error}", from.display()))?;
        // Git itself takes the one address for the other.
        command
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", format!("url.file://{}.insteadOf", from.display()))
            .env("GIT_CONFIG_VALUE_0", address);
    }
    let fetched = command.output().map_err(|error| error.to_string())?;
    if fetched.status.success() {
        return Ok(());
    }
    Err(format!("the database of advisories at {address} was not fetched:\n{}", said(&fetched)))
}

/// The only address in a list of them.
fn address(settings: &str) -> Option<&str> {
    let line = settings.lines().find(|line| line.starts_with("db-urls"))?;
    line.split('"').nth(1)
}

fn command(tree: &Tree, settings: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.arg("deny").args(words).arg("--config").arg(settings).current_dir(tree.root());
    // Git would ask for a name where an address is wrong.
    command.env("GIT_TERMINAL_PROMPT", "0");
    command
}

/// Looks every crate up in the copy, without asking where it came from.
fn looked_up(tree: &Tree, settings: &Path) -> Result<Output, String> {
    let mut command = command(tree, settings, &["--offline"]);
    command.args(["check", "advisories"]);
    command.output().map_err(|error| error.to_string())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A database with one advisory against a crate of ours, and one with none: fetched like the true
/// one, looked up like the true one, the first refused by its name and the second not.
fn drill(tree: &Tree) -> Result<(), String> {
    let folder = tree.root().join(DRILL);
    let _ = fs::remove_dir_all(&folder);
    for (name, victim) in [("sick", VICTIM), ("sound", "no-crate-of-ours")] {
        let source = folder.join(name).join("source");
        plant(&source, victim).map_err(|error| format!("the drill: {error}"))?;
        let settings = folder.join(name).join(SETTINGS);
        let copy = folder.join(name).join("copy");
        let text = format!(
            "[advisories]\ndb-path = \"{}\"\ndb-urls = [\"https://advisories.invalid/drill\"]\n",
            copy.display()
        );
        fs::write(&settings, text).map_err(|error| error.to_string())?;
        fetch(tree, &settings, Some(&source))?;
        let checked = looked_up(tree, &settings)?;
        let found = said(&checked).contains(PLANTED);
        if (found, checked.status.success()) != (victim == VICTIM, victim != VICTIM) {
            return Err(format!("the {name} database was misread:\n{}", said(&checked)));
        }
    }
    Ok(())
}

/// A database of one advisory, as a repository of Git.
fn plant(folder: &Path, victim: &str) -> Result<(), String> {
    let crates = folder.join("crates").join(victim);
    fs::create_dir_all(&crates).map_err(|error| error.to_string())?;
    let file = crates.join(format!("{PLANTED}.md"));
    fs::write(file, advisory(victim)).map_err(|error| error.to_string())?;
    for words in [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["add", "."],
        &["-c", "user.name=x", "-c", "user.email=x@x.invalid", "commit", "--quiet", "-m", "x"],
    ] {
        let done = Command::new("git").args(words).current_dir(folder).output();
        let done = done.map_err(|error| format!("git does not start: {error}"))?;
        if !done.status.success() {
            return Err(said(&done));
        }
    }
    Ok(())
}

fn advisory(victim: &str) -> String {
    format!(
        "```toml\n[advisory]\nid = \"{PLANTED}\"\npackage = \"{victim}\"\ndate = \"2099-01-01\"\n\n\
         [versions]\npatched = []\n```\n\n# Planted for the drill\n\nNothing is wrong with it.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_name_one_database_and_a_week_as_its_age() {
        let settings = Tree::here().read(SETTINGS).unwrap();
        assert!(address(&settings).unwrap().starts_with("https://"));
        assert!(settings.contains("maximum-db-staleness = \"P7D\""));
        assert_eq!(address("[advisories]\n"), None);
    }

    #[test]
    fn an_advisory_is_a_header_and_a_text() {
        let text = advisory("serde");
        assert!(text.starts_with("```toml\n[advisory]\n") && text.contains("\n# Planted"));
        assert!(text.contains("package = \"serde\"\n") && text.contains("patched = []\n```\n"));
    }
}
