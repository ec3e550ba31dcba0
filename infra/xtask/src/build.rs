//! Builds functions for Lambda and holds each zip to its budget.
//!
//! One Cargo call builds all of them; the template only takes the results (docs/adr/0002).

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::functions::{self, Function};
use crate::steps::Step;
use crate::tidy;
use crate::tree::Tree;

/// Largest zip, in bytes; the number is in a file of its own so that a change of it is seen.
const BUDGET_FILE: &str = "infra/zip-budget-bytes";

/// Builds all functions, or those named, then measures.
pub(crate) fn run(arm64: bool, names: &[String]) -> Result<(), String> {
    let tree = Tree::here();
    let probe = Command::new(env!("CARGO")).args(["lambda", "--version"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        return Err("cargo-lambda is not installed (`pip install cargo-lambda ziglang`)".to_owned());
    }
    let functions = chosen(functions::list(&tidy::metadata()?), names)?;
    let mut arguments = vec!["lambda", "build", "--release", "--locked"];
    if arm64 {
        arguments.push("--arm64");
    }
    // Their packages even where only some are built: what else is built decides the features.
    let packages: BTreeSet<_> = functions.iter().map(|function| &function.package).collect();
    for package in packages {
        arguments.extend(["--package", package]);
    }
    for name in names {
        arguments.extend(["--bin", name]);
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

/// Those named, or all where none is. Errors: a name that no function has.
fn chosen(all: BTreeSet<Function>, names: &[String]) -> Result<BTreeSet<Function>, String> {
    if names.is_empty() {
        return Ok(all);
    }
    let named = |name: &String| {
        let found = all.iter().find(|function| function.name == *name);
        found.cloned().ok_or_else(|| format!("no function is called `{name}`"))
    };
    names.iter().map(named).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_built_where_none_is_named_and_an_unknown_name_is_told() {
        let all = BTreeSet::from([Function::new("health", "system"), Function::new("me", "auth")]);
        assert_eq!(chosen(all.clone(), &[]), Ok(all.clone()));
        let one = chosen(all.clone(), &["health".to_owned()]).map(|some| some.len());
        assert_eq!(one, Ok(1));
        let unknown = chosen(all, &["heath".to_owned()]);
        assert_eq!(unknown, Err("no function is called `heath`".to_owned()));
    }
}
