//! Whether a Cal.com is what Interlock needs, and if not, which of its parts is at fault.
//!
//! Run it where Cal.com can be reached: through the forwarded port of docs/DEPLOY.md, or from
//! within its network. It only reads, and the key is in no argument of any program.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use clap::Args;
use interlock_app::diagnosis::{Seens, fault};
use interlock_app::ports::probe::Seen;

use crate::setup;

/// Seconds to wait for an answer; health needs nine to say that Redis is down.
const PATIENCE: &str = "15";
/// The version of slots (CONTRACT 2.1).
const SLOTS_VERSION: &str = "cal-api-version: 2024-09-04";

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Address of API v2, without `/v2`
    #[arg(long)]
    url: String,
    /// File with an API key; without one keys and licence are not looked at
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// An event type whose slots are asked for
    #[arg(long, default_value_t = 1)]
    event_type: u64,
    /// Environment of infra/samconfig.toml in whose database is looked whether mails are off
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
}

/// Asks, judges and tells. Errors: what is wrong, in one line.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let key = options.key_file.as_ref().map(read).transpose()?;
    let seen = look(&options.url, options.event_type, key.as_deref())?;
    if let Some(fault) = fault(&seen) {
        return Err(format!("{}: {fault}", options.url));
    }
    println!("health, slots and version: as they must be");
    println!("key and licence: {}", if key.is_some() { "accepted" } else { "not looked at" });
    match &options.env {
        Some(env) => println!("mails: {}", setup::mails_are_off(env)?),
        None => println!("mails: not looked at, for that needs --env"),
    }
    Ok(())
}

fn look(url: &str, event_type: u64, key: Option<&str>) -> Result<Seens, String> {
    let base = url.trim_end_matches('/');
    let slots = format!(
        "{base}/v2/slots?eventTypeId={event_type}&start=2030-01-07&end=2030-01-07&timeZone=UTC"
    );
    let header = key.map(|key| format!("Authorization: Bearer {}", key.trim()));
    Ok(Seens {
        health: ask(&format!("{base}/health"), None)?,
        slots: ask(&slots, Some(SLOTS_VERSION))?,
        me: header.map(|header| ask(&format!("{base}/v2/me"), Some(&header))).transpose()?,
    })
}

/// One call; the header goes in by the input, where no list of processes shows it.
fn ask(url: &str, header: Option<&str>) -> Result<Seen, String> {
    let mut child = Command::new("curl")
        .args(["--silent", "--max-time", PATIENCE, "--connect-timeout", "3", "--header", "@-"])
        .args(["--write-out", "\n%{http_code}", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("curl does not start: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        // A curl that ended early says itself why.
        let _unread = input.write_all(header.unwrap_or_default().as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| format!("curl: {error}"))?;
    Ok(seen(&output))
}

/// What curl saw, by how it ended.
fn seen(output: &Output) -> Seen {
    match output.status.code() {
        Some(0) => {
            let text = String::from_utf8_lossy(&output.stdout);
            let (body, status) = text.rsplit_once('\n').unwrap_or(("", &text));
            let status = status.trim().parse().unwrap_or_default();
            Seen::Answer { status, body: body.to_owned() }
        }
        Some(5 | 6) => Seen::Unnamed,
        Some(28 | 52) => Seen::Silent,
        Some(35 | 51 | 58 | 60 | 77 | 83 | 90 | 91) => Seen::Untrusted,
        Some(_) | None => Seen::Closed,
    }
}
