//! What the pages of evidence claim must exist, and no promise may be left out.
//!
//! A name in back-ticks with a slash is a file or folder; after `::` it is a test in that file.

use super::Faults;
use crate::tree::Tree;

/// The page of promises.
const PROMISES: &str = "docs/RELIABILITY.md";
/// Pages whose tables name files and tests.
const PAGES: [&str; 4] =
    ["docs/TRACEABILITY.md", PROMISES, "docs/THREAT_MODEL.md", "docs/SECURITY-CHECKLIST.md"];
/// The last promise; they are numbered from 1 without a gap.
const LAST_PROMISE: u32 = 28;

/// Checks the pages.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    for page in PAGES {
        let Some(text) = tree.read(page) else {
            faults.add(page, "is missing");
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for claim in claims(line) {
                if let Some(fault) = fault(tree, claim) {
                    faults.add(&format!("{page}:{}", number.saturating_add(1)), fault);
                }
            }
        }
    }
    for promise in unlisted(&tree.read(PROMISES).unwrap_or_default()) {
        faults.add(PROMISES, format!("R{promise} has no row"));
    }
}

/// Promises without a row of their own.
fn unlisted(text: &str) -> Vec<u32> {
    let has_row = |number: &u32| {
        let start = format!("| R{number} ");
        text.lines().any(|line| line.starts_with(&start))
    };
    (1..=LAST_PROMISE).filter(|number| !has_row(number)).collect()
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
    // Templates are tested in Python.
    let python = std::path::Path::new(path).extension().is_some_and(|name| name == "py");
    let word = if python { "def" } else { "fn" };
    let found = source.contains(&format!("{word} {test}("));
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
    fn a_promise_without_a_row_is_found() {
        let rows: Vec<String> = (1..=28).map(|number| format!("| R{number} | held |")).collect();
        assert!(unlisted(&rows.join("\n")).is_empty());
        assert_eq!(unlisted(&rows[..27].join("\n")), [28]);
    }

    #[test]
    fn a_claimed_test_must_be_in_its_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/b.rs"), "fn it_holds() {}").unwrap();
        let tree = Tree::at(folder.path());
        assert_eq!(fault(&tree, "a/b.rs::it_holds"), None);
        assert!(fault(&tree, "a/b.rs::it_breaks").is_some());
        std::fs::write(folder.path().join("a/b.py"), "def test_it(self): pass").unwrap();
        assert_eq!(fault(&tree, "a/b.py::test_it"), None);
        assert!(fault(&tree, "a/b.py::test_other").is_some());
        assert!(fault(&tree, "a/c.rs").is_some());
    }
}
