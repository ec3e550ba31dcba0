//! What functions were seen to do, beside what they may.
//!
//! The local stack refuses what a role does not allow, so whatever a test got done is allowed. What
//! is allowed and was never done is told after a run of all tests: it is either a way no test
//! takes, or a right too many.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::functions;
use crate::tidy;
use crate::tree::Tree;

/// Names the folder of the notes to the local stack.
pub(crate) const VARIABLE: &str = "INTERLOCK_RECORD_ACTIONS";

type Actions = BTreeSet<(String, String)>;

/// An empty folder for the notes of a run.
pub(crate) fn folder(tree: &Tree) -> PathBuf {
    let folder = tree.root().join("target/recorded-actions");
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Compares and tells. Errors: a function did what its role does not allow, or the notes are
/// missing.
pub(crate) fn compare(tree: &Tree, folder: &Path) -> Result<(), String> {
    let (allowed, seen) = (allowed(tree)?, seen(folder));
    println!("== rights: {} allowed, {} seen", allowed.len(), seen.len());
    for (function, action) in allowed.difference(&seen) {
        println!("   not seen: {function} {action}");
    }
    verdict(&allowed, &seen)
}

fn verdict(allowed: &Actions, seen: &Actions) -> Result<(), String> {
    if seen.is_empty() {
        return Err(format!("no function was seen to do anything ({VARIABLE})"));
    }
    let told = |(function, action): &(String, String)| format!("{function} {action}");
    let beyond: Vec<String> = seen.difference(allowed).map(told).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    Err(format!("done and not allowed in the template: {}", beyond.join(", ")))
}

/// Every action of every role, by function.
fn allowed(tree: &Tree) -> Result<Actions, String> {
    let resources = tidy::actions(tree)?;
    let functions = functions::list(&tidy::metadata()?);
    let actions = functions.iter().flat_map(|function| {
        let own = resources.get(&function.resource()).cloned().unwrap_or_default();
        own.into_iter().map(|action| (function.name.clone(), action))
    });
    Ok(actions.collect())
}

fn seen(folder: &Path) -> Actions {
    let Ok(files) = std::fs::read_dir(folder) else { return Actions::new() };
    let texts = files.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let pair = |line: &str| {
        let (function, action) = line.split_once(' ')?;
        Some((function.to_owned(), action.to_owned()))
    };
    texts.flat_map(|text| text.lines().filter_map(pair).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(pairs: &[&str]) -> Actions {
        let pair = |text: &&str| {
            let (function, action) = text.split_once(' ').unwrap();
            (function.to_owned(), action.to_owned())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn what_was_done_must_be_allowed_and_something_must_have_been_done() {
        let allowed = actions(&["get a:Read", "get a:Write"]);
        assert_eq!(verdict(&allowed, &actions(&["get a:Read"])), Ok(()));
        let beyond = verdict(&allowed, &actions(&["get a:Read", "get a:Drop"])).unwrap_err();
        assert!(beyond.contains("get a:Drop"), "{beyond}");
        assert!(verdict(&allowed, &Actions::new()).is_err());
    }

    #[test]
    fn notes_of_all_stacks_are_read_together() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("one.txt"), "get a:Read\n").unwrap();
        std::fs::write(folder.path().join("two.txt"), "get a:Read\nput a:Write\n").unwrap();
        assert_eq!(seen(folder.path()), actions(&["get a:Read", "put a:Write"]));
    }
}
