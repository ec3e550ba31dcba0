//! Has cargo-lambda do all of a deployment but the deployment, for every function.
//!
//! Whoever replaces the code of one function in an existing stack does it that way
//! (docs/UPGRADE.md). The programs are those of the tests, because to build all of them for
//! Lambda takes longer than a change may wait; what is asked is the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::functions::{self, Function};
use crate::steps::has;
use crate::tidy;
use crate::tree::Tree;

/// Where the programs lie as cargo-lambda looks for them.
const FOLDER: &str = "target/deployable";
/// How many are packed at once.
const LANES: usize = 2;

/// Every function. Errors: one that could not be deployed by itself, or was not built.
pub(crate) fn run() -> Result<(), String> {
    if !has("lambda") {
        return Err("cargo-lambda is not installed (`pip install cargo-lambda ziglang`)".to_owned());
    }
    let tree = Tree::here();
    let functions = functions::list(&tidy::metadata()?);
    let faults = each(&functions, |function| one(tree.root(), &function.name));
    if faults.is_empty() {
        println!("{} functions could each be deployed by themselves", functions.len());
        return Ok(());
    }
    Err(faults.join("\n"))
}

/// What is wrong with any of them, asked in several lanes.
fn each(
    functions: &BTreeSet<Function>,
    ask: impl Fn(&Function) -> Result<(), String> + Sync,
) -> Vec<String> {
    let all: Vec<_> = functions.iter().collect();
    let next = AtomicUsize::new(0);
    let lane = || {
        let turn = || all.get(next.fetch_add(1, Ordering::Relaxed));
        std::iter::from_fn(turn).filter_map(|function| ask(function).err()).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
        let ended = lanes.into_iter().map(thread::ScopedJoinHandle::join);
        ended
            .flat_map(|faults| faults.unwrap_or_else(|_| vec!["a lane panicked".to_owned()]))
            .collect()
    })
}

fn one(root: &Path, name: &str) -> Result<(), String> {
    let folder = root.join(FOLDER).join(name);
    let told = |error: std::io::Error| format!("{name}: {error}; `cargo xtask test` builds it");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(told)?;
    fs::hard_link(root.join("target/debug").join(name), folder.join("bootstrap")).map_err(told)?;
    // Nothing is asked of AWS and no credentials are needed.
    let output = Command::new(env!("CARGO"))
        .args(["lambda", "deploy", "--dry", "--merge-env", "--lambda-dir", FOLDER])
        .args(["--binary-name", name, name])
        .current_dir(root)
        .env("AWS_REGION", "eu-west-1")
        .output()
        .map_err(|error| format!("cargo-lambda does not start: {error}"))?;
    let packed = folder.join("bootstrap.zip").is_file();
    // Fourscore of them would fill a small disk.
    let _ = fs::remove_dir_all(&folder);
    if output.status.success() && packed {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} could not be deployed by itself: {}", said.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_asked_once_and_each_fault_is_told() {
        let all: BTreeSet<_> = (0..9).map(|at| Function::new(&format!("f{at}"), "some")).collect();
        let asked = AtomicUsize::new(0);
        let faults = each(&all, |function| {
            asked.fetch_add(1, Ordering::Relaxed);
            if function.name == "f4" { Err("f4 is bad".to_owned()) } else { Ok(()) }
        });
        assert_eq!((asked.into_inner(), faults), (9, vec!["f4 is bad".to_owned()]));
    }

    #[test]
    fn one_that_was_not_built_is_told_with_what_builds_it() {
        let root = tempfile::tempdir().unwrap();
        let told = one(root.path(), "health").unwrap_err();
        assert!(told.contains("`cargo xtask test`"), "{told}");
    }
}
