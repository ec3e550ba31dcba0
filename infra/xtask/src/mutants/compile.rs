//! Cargo asked to check or to build a copy, and what it says read.

use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;

use super::copy::Copy;

/// A test program.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) package: String,
    pub(super) path: PathBuf,
    /// Where its tests expect to be.
    pub(super) folder: PathBuf,
}

/// Why something does not compile, with the places that the compiler points at.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) said: String,
    pub(super) places: Vec<(String, Range<usize>)>,
}

/// How a copy is built.
pub(super) struct Way {
    /// The words that choose the profile.
    pub(super) profile: &'static [&'static str],
    pub(super) variables: &'static [(&'static str, &'static str)],
}

/// Fast code once.
pub(super) const FAST: Way = Way { profile: &["--profile", "sim"], variables: &[] };
/// Code that is soon built anew.
pub(super) const SOON: Way = Way { profile: &[], variables: &[("CARGO_INCREMENTAL", "1")] };

/// Checks a library of each package. Gives what does not compile.
pub(super) fn check(copy: &Copy, way: &Way, packages: &[&str]) -> Result<Vec<Fault>, String> {
    Ok(heard(copy, way, &["check", "--lib", "--keep-going"], packages)?.0)
}

/// Builds the tests of each package.
pub(super) fn tests(copy: &Copy, way: &Way, packages: &[&str]) -> Result<Vec<Program>, Vec<Fault>> {
    let broken = |said: String| vec![Fault { said, places: Vec::new() }];
    let (faults, programs) = heard(copy, way, &["test", "--no-run"], packages).map_err(broken)?;
    if faults.is_empty() { Ok(programs) } else { Err(faults) }
}

fn heard(
    copy: &Copy,
    way: &Way,
    words: &[&str],
    packages: &[&str],
) -> Result<(Vec<Fault>, Vec<Program>), String> {
    let mut child = Command::new(env!("CARGO"))
        .args(words)
        .args(way.profile)
        .args(["--quiet", "--message-format", "json"])
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .current_dir(copy.root())
        .envs(way.variables.iter().copied())
        .env("CARGO_TARGET_DIR", copy.root().join("target"))
        .env("RUSTFLAGS", "-Awarnings")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    let (mut faults, mut programs) = (Vec::new(), Vec::new());
    let output = child.stdout.take().map(std::io::BufReader::new);
    for message in output.into_iter().flat_map(Message::parse_stream) {
        let message = message.map_err(|error| error.to_string())?;
        if let Message::CompilerMessage(message) = &message {
            faults.extend(fault(&message.message));
        }
        if let Message::CompilerArtifact(artifact) = &message {
            programs.extend(program(artifact));
        }
    }
    let passed = child.wait().is_ok_and(|status| status.success());
    if !passed && faults.is_empty() {
        return Err(format!("{} fails without a word of the compiler", words.join(" ")));
    }
    Ok((faults, programs))
}

fn fault(said: &cargo_metadata::diagnostic::Diagnostic) -> Option<Fault> {
    let (DiagnosticLevel::Error | DiagnosticLevel::Ice) = said.level else { return None };
    let primary = said.spans.iter().filter(|span| span.is_primary);
    let places: Vec<_> = primary
        .map(|span| (span.file_name.clone(), span.byte_start as usize..span.byte_end as usize))
        .collect();
    // The last word, that there were errors, points at nothing.
    if places.is_empty() && said.code.is_none() {
        return None;
    }
    Some(Fault { said: said.rendered.clone().unwrap_or_else(|| said.message.clone()), places })
}

fn program(artifact: &cargo_metadata::Artifact) -> Option<Program> {
    let path = artifact.executable.clone()?.into_std_path_buf();
    let folder = artifact.manifest_path.parent()?.as_std_path().to_owned();
    let package = format!("interlock-{}", folder.file_name()?.to_string_lossy());
    Some(Program { package, path, folder })
}
