//! Builds functions for Lambda, packs them, and holds each zip to its budget.
//!
//! One Cargo call builds all of them; the template only takes the zips (docs/adr/0002).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cargo_metadata::Metadata;
use sha2::{Digest, Sha256};

use crate::functions::{self, Function};
use crate::glibc;
use crate::pack::pack;
use crate::steps::{Step, has};
use crate::tidy;
use crate::tree::Tree;

/// Largest zip, in bytes; the number is in a file of its own so that a change of it is seen.
const BUDGET_FILE: &str = "infra/zip-budget-bytes";
/// Where the programs are, each in a folder of its name, and their zips beside the folders.
pub(crate) const FOLDER: &str = "target/lambda";

/// Builds all functions, or those named, then measures.
pub(crate) fn run(arm64: bool, names: &[String]) -> Result<(), String> {
    let tree = Tree::here();
    if !has("lambda") {
        return Err("cargo-lambda is not installed (`pip install cargo-lambda ziglang`)".to_owned());
    }
    let metadata = tidy::metadata()?;
    let functions = chosen(functions::list(&metadata), names)?;
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
    let flags = flags(tree.root(), &metadata);
    Step::cargo("lambda build", &arguments).with("RUSTFLAGS", &flags).run()?;

    let budget = tree
        .read(BUDGET_FILE)
        .and_then(|text| text.trim().parse::<u64>().ok())
        .ok_or_else(|| format!("{BUDGET_FILE} holds no number"))?;
    let (mut over, mut beyond) = (Vec::new(), Vec::new());
    for function in &functions {
        let folder = tree.root().join(FOLDER).join(&function.name);
        let file = folder.join("bootstrap");
        let program = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let zip = pack(&file, &folder.with_extension("zip"))?;
        println!("{:<26} {:>9} bytes  zip {zip:>8} bytes", function.name, program.len());
        if zip > budget {
            over.push(function.name.clone());
        }
        let asked =
            glibc::beyond(&program).map_err(|fault| format!("{}: {fault}", function.name))?;
        beyond.extend(asked.iter().map(|version| format!("{} ({version})", function.name)));
    }
    told(budget, &over, &beyond)
}

/// Errors: programs that are too large, or that would not start where they are to run.
fn told(budget: u64, over: &[String], beyond: &[String]) -> Result<(), String> {
    let mut faults = Vec::new();
    if !over.is_empty() {
        faults.push(format!("over the budget of {budget} bytes: {}", over.join(", ")));
    }
    if !beyond.is_empty() {
        let lead = "ask for more than the C library of Amazon Linux 2023 has";
        faults.push(format!("{lead}: {}", beyond.join(", ")));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Those named, or all where none is. Errors: a name that no function has.
pub(crate) fn chosen(
    all: BTreeSet<Function>,
    names: &[String],
) -> Result<BTreeSet<Function>, String> {
    if names.is_empty() {
        return Ok(all);
    }
    let one = |name: &String| {
        let found = all.iter().find(|function| function.name == *name);
        found.cloned().ok_or_else(|| format!("no function is called `{name}`"))
    };
    names.iter().map(one).collect()
}

/// Flags of the compiler that leave out where our sources and those of other crates lie, so that
/// the same commit gives the same bytes in any folder (RELIABILITY S3).
pub(crate) fn flags(root: &Path, metadata: &Metadata) -> String {
    let remapped = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let foreign = metadata.packages.iter().find(|package| package.source.is_some());
    // The manifest of a crate lies in a folder of its own beside those of all others.
    let crates = foreign.and_then(|package| package.manifest_path.as_std_path().ancestors().nth(2));
    let mut flags = vec![remapped(root, "interlock")];
    flags.extend(crates.map(|crates| remapped(crates, "crates")));
    flags.join(" ")
}

/// SHA-256 in lower-case hex.
pub(crate) fn sum(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
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

    #[test]
    fn every_fault_of_what_was_built_is_told() {
        let one = ["health (GLIBC_2.38)".to_owned()];
        assert_eq!(told(4, &[], &[]), Ok(()));
        assert!(told(4, &["health".to_owned()], &[]).unwrap_err().contains("budget of 4"));
        assert!(told(4, &[], &one).unwrap_err().contains("GLIBC_2.38"));
        assert_eq!(told(4, &one, &one).unwrap_err().lines().count(), 2);
    }

    #[test]
    fn neither_our_folder_nor_that_of_other_crates_is_left_in_a_program() {
        let (tree, metadata) = (Tree::here(), tidy::metadata().unwrap());
        let flags = flags(tree.root(), &metadata);
        let prefixes: Vec<&str> =
            flags.split(' ').filter_map(|flag| flag.split('=').nth(1)).collect();
        assert_eq!(prefixes.len(), 2, "{flags}");
        for package in &metadata.packages {
            let path = package.manifest_path.as_str();
            assert!(prefixes.iter().any(|prefix| path.starts_with(prefix)), "{path}");
        }
    }
}
