//! The programs a deployment is made with, behind a port, so that the plan is tested without them.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::config::FILE;
use crate::tree::Tree;

/// A program and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call(pub(super) Vec<String>);

impl Call {
    /// Words of a line, and then arguments that may hold blanks.
    pub(super) fn new(line: &str, more: &[&str]) -> Self {
        let words = line.split_whitespace().chain(more.iter().copied());
        Self(words.map(ToOwned::to_owned).collect())
    }

    /// As somebody would type it.
    pub(super) fn line(&self) -> String {
        let quoted = self.0.iter().map(|word| {
            let plain =
                |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,@+".contains(letter);
            if !word.is_empty() && word.chars().all(plain) {
                word.clone()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        });
        quoted.collect::<Vec<_>>().join(" ")
    }
}

/// What runs programs.
pub(super) trait Shell {
    /// Runs and answers what it wrote, or why it failed.
    fn read(&mut self, call: &Call) -> Result<String, String>;
    /// Runs before the eyes of whoever asked, who may be asked back.
    fn show(&mut self, call: &Call) -> Result<(), String>;
    /// Runs with a text that is never shown.
    fn feed(&mut self, call: &Call, text: &str) -> Result<(), String>;
    /// Runs with a text that is never shown, and answers what it wrote.
    fn ask(&mut self, call: &Call, text: &str) -> Result<String, String>;
    /// Asks whoever runs this, and answers the line he wrote.
    fn prompt(&mut self, question: &str) -> Result<String, String>;
    /// Whether what is printed goes to a terminal, and into no log.
    fn is_watched(&self) -> bool;
    /// The text of infra/samconfig.toml as it is now.
    fn config(&mut self) -> Result<String, String>;
    /// Replaces infra/samconfig.toml.
    fn keep(&mut self, text: &str) -> Result<(), String>;
    /// Waits.
    fn wait(&mut self, seconds: u64);
}

/// The machine's own.
pub(super) struct Machine;

impl Machine {
    fn command(call: &Call) -> Result<Command, String> {
        let (program, arguments) = call.0.split_first().ok_or("there is no program")?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(Tree::here().root().join("infra"));
        Ok(command)
    }
}

impl Shell for Machine {
    fn read(&mut self, call: &Call) -> Result<String, String> {
        let output = Self::command(call)?.output().map_err(|error| told(call, &error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(format!("{}: {}", call.line(), String::from_utf8_lossy(&output.stderr).trim()))
    }

    fn show(&mut self, call: &Call) -> Result<(), String> {
        let status = Self::command(call)?.status().map_err(|error| told(call, &error))?;
        if status.success() { Ok(()) } else { Err(format!("{}: {status}", call.line())) }
    }

    fn feed(&mut self, call: &Call, text: &str) -> Result<(), String> {
        let mut command = Self::command(call)?;
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().map_err(|error| told(call, &error))?;
        let written = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
        let status = child.wait().map_err(|error| told(call, &error))?;
        match written {
            Some(Ok(())) if status.success() => Ok(()),
            _ => Err(format!("{}: {status}", call.line())),
        }
    }

    fn ask(&mut self, call: &Call, text: &str) -> Result<String, String> {
        let mut command = Self::command(call)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| told(call, &error))?;
        let written = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
        let output = child.wait_with_output().map_err(|error| told(call, &error))?;
        match written {
            Some(Ok(())) if output.status.success() => {
                Ok(String::from_utf8_lossy(&output.stdout).into_owned())
            }
            _ => Err(format!("{}: {}", call.line(), output.status)),
        }
    }

    fn prompt(&mut self, question: &str) -> Result<String, String> {
        if !std::io::stdin().is_terminal() {
            return Err(format!("there is no terminal to ask at: {question}"));
        }
        let failed = |error: std::io::Error| format!("{question}: {error}");
        eprint!("{question} ");
        std::io::stderr().flush().map_err(failed)?;
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(failed)?;
        Ok(line.trim().to_owned())
    }

    fn is_watched(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    fn config(&mut self) -> Result<String, String> {
        Tree::here().read(FILE).ok_or_else(|| format!("{FILE} cannot be read"))
    }

    fn keep(&mut self, text: &str) -> Result<(), String> {
        std::fs::write(Tree::here().root().join(FILE), text)
            .map_err(|error| format!("{FILE}: {error}"))
    }

    fn wait(&mut self, seconds: u64) {
        std::thread::sleep(Duration::from_secs(seconds));
    }
}

fn told(call: &Call, error: &std::io::Error) -> String {
    format!("{}: {error}", call.line())
}
