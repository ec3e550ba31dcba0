//! Options of `cargo local` and what it says on the terminal.
//! Exactly one line on standard output starts with `ready`, when every part answers.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Parser;

use crate::demo::{PASSWORD, PEOPLE};

/// Runs the whole product on this machine.
#[expect(clippy::struct_excessive_bools, reason = "each is an independent option")]
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo local", bin_name = "cargo local")]
pub struct Options {
    /// Port of the front on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 9000)]
    pub port: u16,
    /// Folder that keeps everything between runs.
    #[arg(long, value_name = "DIR", default_value = ".interlock")]
    pub data: PathBuf,
    /// Start from the demo data again.
    #[arg(long)]
    pub fresh: bool,
    /// Run no job by itself; `/__dev/jobs/{name}` runs them by hand.
    #[arg(long)]
    pub no_schedules: bool,
    /// Do not build or serve the web app.
    #[arg(long)]
    pub no_web: bool,
    /// Use a real Cal.com server described by a file in place of the stand-in.
    #[arg(long, value_name = "FILE")]
    pub calcom: Option<PathBuf>,
    /// Calls a minute the stand-in takes of each account; the functions keep to five of six, and
    /// limits per person grow alike.
    #[arg(long, value_name = "N", default_value_t = 120, conflicts_with = "calcom",
        value_parser = clap::value_parser!(u32).range(12..=1_000_000))]
    pub calcom_calls_per_minute: u32,
    /// Let reservations on these resources wait for a yes, with fresh demo data only.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub approval: Vec<String>,
    /// Let managers and admins do nothing without a second factor, as where it is deployed.
    #[arg(long)]
    pub second_factor: bool,
    /// Walk the main job over HTTP on a temporary data folder and end.
    #[arg(long, conflicts_with_all = ["calcom", "fresh"])]
    pub tour: bool,
}

/// What is printed when the stack answers.
pub fn welcome(front: &str) -> String {
    let mut text = format!("ready {front}\n\n  API reference  {front}/docs/api/\n\n");
    for (email, state) in PEOPLE {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "  {email:<16} {state}");
    }
    let _written = write!(text, "\n  password of everyone: {PASSWORD}");
    text
}

/// Prints a line on standard output; a reader that stopped listening is no reason to end.
pub fn say(text: &str) {
    let mut output = std::io::stdout();
    let _unheard = output.write_all(format!("{text}\n").as_bytes()).and_then(|()| output.flush());
}
