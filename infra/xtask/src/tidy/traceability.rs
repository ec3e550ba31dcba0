//! What docs/TRACEABILITY.md claims must exist.
//!
//! A name in back-ticks with a slash is a file or folder; after `::` it is a test in that file.

use super::Faults;
use crate::tree::Tree;

const PAGE: &str = "docs/TRACEABILITY.md";

/// Checks the page.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    let Some(text) = tree.read(PAGE) else {
        faults.add(PAGE, "is missing");
        return;
    };
    for (number, line) in text.lines().enumerate() {
        for claim in claims(line) {
            if let Some(fault) = fault(tree, claim) {
                faults.add(&format!("{PAGE}:{}", number.saturating_add(1)), fault);
            }
        }
    }
}

/// Back-ticked names of files in the rows of a table.
fn claims(line: &str) -> Vec<&str> {
    if !line.starts_with('|') {
        return Vec::new();
    }
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.filter(|name| name.contains('/') && !name.starts_with('/')).collect()
}

fn fault(tree: &Tree, claim: &str) -> Option<String> {
    let (path, test) = match claim.split_once("::") {
        Some((path, test)) => (path, Some(test)),
        None => (claim, None),
    };
    if !tree.has(path) {
        return Some(format!("`{path}` does not exist"));
    }
    let test = test?;
    let source = tree.read(path).unwrap_or_default();
    let found = source.contains(&format!("fn {test}("));
    (!found).then(|| format!("`{path}` has no test `{test}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_back_ticked_paths_in_rows_are_claims() {
        let row = "| S0-001 | `shared/policy/src/lib.rs` | `a.rs` | `/api/x` |";
        assert_eq!(claims(row), ["shared/policy/src/lib.rs"]);
        assert!(claims("see `shared/policy`").is_empty());
    }

    #[test]
    fn a_claimed_test_must_be_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/b.rs"), "fn it_holds() {}").unwrap();
        let tree = Tree::at(folder.path());
        assert_eq!(fault(&tree, "a/b.rs::it_holds"), None);
        assert!(fault(&tree, "a/b.rs::it_breaks").is_some());
        assert!(fault(&tree, "a/c.rs").is_some());
    }
}
