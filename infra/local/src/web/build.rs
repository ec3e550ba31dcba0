//! Builds the web app with npm when what is built is missing or older than its sources.
//! The stack serves without it: the API needs no Node.

use std::path::Path;
use std::process::Stdio;
use std::time::SystemTime;

use tokio::process::Command;

use super::WebApp;
use crate::LocalError;

/// Neither sources nor made from them alone.
const LEFT_OUT: [&str; 5] = ["node_modules", "dist", "tools", "e2e", "paraglide"];
const HOW: &str = "install Node 22 with npm and start again, or leave it out with --no-web";

/// The app of the workspace at `root`, built when it must be; nothing when it cannot be had,
/// which is said in one line.
///
/// # Errors
/// When the app is built and its headers cannot be read.
pub async fn prepare(root: &Path) -> Result<Option<WebApp>, LocalError> {
    let folder = root.join("web");
    if !folder.join("package.json").exists() {
        return Ok(None);
    }
    if is_stale(&folder)
        && let Err(why) = build(&folder).await
    {
        let old = folder.join("dist/index.html").exists();
        let state = if old { "is older than its sources" } else { "is not there" };
        eprintln!("the web app {state} ({why}): {HOW}");
        if !old {
            return Ok(None);
        }
    }
    WebApp::read(&folder).map(Some)
}

/// Whether nothing is built in `folder`, or a source is newer than what is.
pub fn is_stale(folder: &Path) -> bool {
    let built = std::fs::metadata(folder.join("dist/index.html")).and_then(|file| file.modified());
    built.map_or(true, |built| newest(folder).is_some_and(|source| source > built))
}

fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let seen = entries.filter(|entry| {
        let name = entry.file_name();
        !LEFT_OUT.iter().any(|left| name == *left)
    });
    let times = seen.filter_map(|entry| {
        if entry.file_type().ok()?.is_dir() {
            newest(&entry.path())
        } else {
            entry.metadata().ok()?.modified().ok()
        }
    });
    times.max()
}

async fn build(folder: &Path) -> Result<(), String> {
    // npm writes this list last; without it, or older than the lock, packages are missing.
    let age = |name: &str| std::fs::metadata(folder.join(name)).and_then(|file| file.modified());
    let installed = age("node_modules/.package-lock.json");
    let current = match (installed, age("package-lock.json")) {
        (Ok(installed), Ok(lock)) => installed >= lock,
        (Err(_), _) | (_, Err(_)) => false,
    };
    eprintln!("building the web app");
    if !current {
        // Not `ci`: it takes parts for other machines that the registry lacks for a broken lock.
        npm(folder, &["install", "--no-audit", "--no-fund"]).await?;
    }
    npm(folder, &["run", "build"]).await
}

async fn npm(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("npm");
    command.current_dir(folder).args(arguments).arg("--silent");
    let output = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| format!("npm: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stdout).trim());
    eprintln!("{}", String::from_utf8_lossy(&output.stderr).trim());
    Err(format!("npm {} failed", arguments.join(" ")))
}
