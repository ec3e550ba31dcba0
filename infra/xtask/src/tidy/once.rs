//! That nothing is compiled twice for one change.
//!
//! Cargo leaves features that only tests ask for out of what it builds to run.
//! A dependency that has other features with tests than without is built once for each, and all
//! that stands on it as well, the AWS SDK among them.

use std::collections::BTreeSet;
use std::process::Command;

use super::Faults;
use crate::tree::Tree;

/// Adds a fault for each dependency whose features depend on whether tests are built.
pub(super) fn check(faults: &mut Faults) -> Result<(), String> {
    let (run, tested) = (packages(&["--edges", "no-dev"])?, packages(&[])?);
    for package in run.difference(&tested) {
        let fault = format!("tests want other features than `{package}`: name them there too");
        faults.add("infra/local/Cargo.toml", fault);
    }
    Ok(())
}

/// Each package of the workspace's tree, with its version and features.
fn packages(edges: &[&str]) -> Result<BTreeSet<String>, String> {
    let tree = ["tree", "--workspace", "--locked", "--prefix", "none", "--format", "{p} {f}"];
    let output = Command::new(env!("CARGO"))
        .args(tree)
        .args(edges)
        .current_dir(Tree::here().root())
        .output()
        .map_err(|error| format!("cargo tree does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(lines(&String::from_utf8_lossy(&output.stdout)))
}

/// A package that stands in the tree again is marked with a star.
fn lines(tree: &str) -> BTreeSet<String> {
    let line = |line: &str| line.trim_end_matches(" (*)").trim_end().to_owned();
    tree.lines().map(line).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_package_that_stands_in_the_tree_again_is_one_package() {
        let tree = "a v1.0.0 std\n\nb v2.0.0\na v1.0.0 std (*)\nb v2.0.0 (*)\na v1.0.0\n";
        assert_eq!(lines(tree).len(), 3);
    }
}
