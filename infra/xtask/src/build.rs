//! Builds every function for Lambda and holds each zip to its budget.
//!
//! One Cargo call builds all of them; the template only takes the results (docs/adr/0002).

use std::fs;
use std::process::Command;

use crate::functions;
use crate::steps::Step;
use crate::tidy;
use crate::tree::Tree;

/// Largest zip, in bytes; the number is in a file of its own so that a change of it is seen.
const BUDGET_FILE: &str = "infra/zip-budget-bytes";

/// Builds, then measures.
pub(crate) fn run(arm64: bool) -> Result<(), String> {
    let tree = Tree::here();
    let probe = Command::new(env!("CARGO")).args(["lambda", "--version"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        return Err("cargo-lambda is not installed (`pip install cargo-lambda ziglang`)".to_owned());
    }
    let functions = functions::list(&tidy::metadata()?);
    let packages: std::collections::BTreeSet<_> =
        functions.iter().map(|function| function.package.as_str()).collect();
    let mut arguments = vec!["lambda", "build", "--release", "--locked"];
    if arm64 {
        arguments.push("--arm64");
    }
    for package in &packages {
        arguments.extend(["--package", package]);
    }
    Step::cargo("lambda build", &arguments).run()?;

    let budget = tree
        .read(BUDGET_FILE)
        .and_then(|text| text.trim().parse::<u64>().ok())
        .ok_or_else(|| format!("{BUDGET_FILE} holds no number"))?;
    let mut over = Vec::new();
    for function in &functions {
        let folder = tree.root().join("target/lambda").join(&function.name);
        let (bootstrap, zip) = sizes(&folder)?;
        println!("{:<26} {:>9} bytes  zip {:>8} bytes", function.name, bootstrap, zip);
        if zip > budget {
            over.push(function.name.clone());
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(format!("over the budget of {budget} bytes: {}", over.join(", ")))
}

/// Bytes of the program and of its zip.
fn sizes(folder: &std::path::Path) -> Result<(u64, u64), String> {
    let program = folder.join("bootstrap");
    let bytes = fs::metadata(&program)
        .map_err(|error| format!("{} was not built: {error}", program.display()))?
        .len();
    let archive = folder.join("bootstrap.zip");
    let _ = fs::remove_file(&archive);
    let zipped = Command::new("python3")
        .args(["-m", "zipfile", "-c"])
        .arg(&archive)
        .arg(&program)
        .status()
        .map_err(|error| format!("python3 does not start: {error}"))?;
    if !zipped.success() {
        return Err(format!("{} was not zipped", program.display()));
    }
    let zip = fs::metadata(&archive).map_err(|error| error.to_string())?.len();
    // SAM packs the folder itself, so the measure must not travel with it.
    let _ = fs::remove_file(&archive);
    Ok((bytes, zip))
}
