//! Builds the binaries that the template names and finds where they are.
//! Progress goes to standard error; the compiler's own words are shown when it fails.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::{LocalError, environment};

/// Executables by binary name.
pub type Executables = BTreeMap<String, PathBuf>;

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(rename = "message")]
    diagnostic: Option<Diagnostic>,
    #[serde(default)]
    fresh: bool,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// Builds `binaries` of the workspace at `root` and answers their executables.
pub async fn binaries(root: &Path, binaries: &[&str]) -> Result<Executables, LocalError> {
    let cargo = environment::own("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args(["build", "--quiet", "--message-format", "json"]);
    for binary in binaries {
        command.args(["--bin", binary]);
    }
    let fail = |error: std::io::Error| LocalError::Build(error.to_string());
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(fail)?;
    let output = child.stdout.take().ok_or_else(|| LocalError::Build("no output".to_owned()))?;
    let mut lines = BufReader::new(output).lines();
    let mut progress = Progress::new();
    let mut found = Executables::new();
    while let Some(line) = lines.next_line().await.map_err(fail)? {
        let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
        progress.show(&message);
        if let (Some(target), Some(executable)) = (message.target, message.executable) {
            found.insert(target.name, executable);
        }
    }
    progress.end();
    let status = child.wait().await.map_err(fail)?;
    if !status.success() {
        return Err(LocalError::Build("see the messages above".to_owned()));
    }
    match binaries.iter().find(|binary| !found.contains_key(**binary)) {
        Some(missing) => Err(LocalError::Build(format!("`{missing}` was not made"))),
        None => Ok(found),
    }
}

/// One line that is rewritten on a terminal, and a line now and then elsewhere.
struct Progress {
    compiled: u64,
    is_terminal: bool,
}

impl Progress {
    fn new() -> Self {
        Self { compiled: 0, is_terminal: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, message: &Message) {
        let mut screen = std::io::stderr();
        // A screen that cannot be written to is no reason to stop building.
        let _written = match (message.reason.as_str(), &message.diagnostic, &message.target) {
            ("compiler-message", Some(diagnostic), _) if diagnostic.level == "error" => {
                write!(screen, "{}", diagnostic.rendered.as_deref().unwrap_or_default())
            }
            ("compiler-artifact", _, Some(target)) if !message.fresh => {
                self.compiled += 1;
                if self.is_terminal {
                    write!(screen, "\r\x1b[2Kbuilding {} · {}", self.compiled, target.name)
                } else if self.compiled % 25 == 1 {
                    writeln!(screen, "building {} · {}", self.compiled, target.name)
                } else {
                    Ok(())
                }
            }
            _ => Ok(()),
        };
    }

    fn end(&self) {
        if self.is_terminal && self.compiled > 0 {
            eprintln!("\r\x1b[2Kbuilt {} parts", self.compiled);
        }
    }
}
