//! What functions were seen to do, beside what they may.
//!
//! The local stack refuses what a role does not allow, so whatever a test got done is allowed. What
//! is allowed and was never done is either a way no test takes, which a file names with its reason,
//! or a right too many, and that fails. A right is an action and what it is done to, as the
//! template names it (promise R24).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::functions;
use crate::tidy;
use crate::tree::Tree;

/// Names the folder of the notes to the local stack.
pub(crate) const VARIABLE: &str = "INTERLOCK_RECORD_ACTIONS";

/// What need not be seen, each with its reason.
const UNSEEN_FILE: &str = "infra/rights-unseen.txt";

/// A function, and what it does to what.
type Actions = BTreeSet<(String, String)>;

/// An empty folder for the notes of a run.
pub(crate) fn folder(tree: &Tree) -> PathBuf {
    let folder = tree.root().join("target/recorded-actions");
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Compares and tells. Errors: a function did what its role does not allow, a right that was not
/// seen has no reason, or the notes are missing.
pub(crate) fn compare(tree: &Tree, folder: &Path) -> Result<(), String> {
    let reasons = tree.read(UNSEEN_FILE).ok_or_else(|| format!("{UNSEEN_FILE} is missing"))?;
    let (allowed, seen, excused) = (allowed(tree)?, seen(folder), excused(&reasons)?);
    println!(
        "== rights: {} allowed, {} seen, {} neither seen nor needed to be",
        allowed.len(),
        seen.len(),
        allowed.difference(&seen).filter(|pair| excused.contains(*pair)).count()
    );
    verdict(&allowed, &seen, &excused)
}

fn verdict(allowed: &Actions, seen: &Actions, excused: &Actions) -> Result<(), String> {
    if seen.is_empty() {
        return Err(format!("no function was seen to do anything ({VARIABLE})"));
    }
    let listed = |title: &str, pairs: Vec<&(String, String)>| {
        let told: Vec<String> =
            pairs.iter().map(|(function, action)| format!("{function} {action}")).collect();
        (!told.is_empty()).then(|| format!("{title}: {}", told.join(", ")))
    };
    let unseen = allowed.difference(seen).filter(|pair| !excused.contains(*pair));
    let faults = [
        listed("done and not allowed in the template", seen.difference(allowed).collect()),
        listed("allowed, never seen and without a reason", unseen.collect()),
        listed("excused and not even allowed", excused.difference(allowed).collect()),
    ];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// What the file lists. Errors: a line without a reason.
fn excused(text: &str) -> Result<Actions, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| match line.splitn(4, ' ').collect::<Vec<_>>().as_slice() {
        [function, action, place, reason] if !reason.trim().is_empty() => {
            Ok(((*function).to_owned(), format!("{action} {place}")))
        }
        _ => Err(format!("{UNSEEN_FILE}: `{line}` is no function, action, thing and reason")),
    };
    lines.map(pair).collect()
}

/// Every right of every role, by function.
fn allowed(tree: &Tree) -> Result<Actions, String> {
    let resources = tidy::rights(tree)?;
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
        let excused = actions(&["get a:Write"]);
        assert_eq!(verdict(&allowed, &actions(&["get a:Read"]), &excused), Ok(()));
        assert_eq!(verdict(&allowed, &allowed, &excused), Ok(()));
        let beyond = actions(&["get a:Read", "get a:Drop"]);
        let beyond = verdict(&allowed, &beyond, &excused).unwrap_err();
        assert_eq!(beyond, "done and not allowed in the template: get a:Drop");
        assert!(verdict(&allowed, &Actions::new(), &excused).is_err());
    }

    #[test]
    fn a_right_that_was_not_seen_needs_a_reason_and_a_reason_needs_a_right() {
        let allowed = actions(&["get a:Read", "get a:Write"]);
        let seen = actions(&["get a:Read"]);
        let without = verdict(&allowed, &seen, &Actions::new()).unwrap_err();
        assert_eq!(without, "allowed, never seen and without a reason: get a:Write");
        let stale = actions(&["get a:Write", "get a:Drop"]);
        let stale = verdict(&allowed, &seen, &stale).unwrap_err();
        assert_eq!(stale, "excused and not even allowed: get a:Drop");
    }

    #[test]
    fn a_reason_is_words_after_function_action_and_thing() {
        let text = "# why\n\nget a:Read Table nobody asks for it\n";
        assert_eq!(excused(text), Ok(actions(&["get a:Read Table"])));
        for bare in ["get a:Read", "get a:Read Table", "get a:Read Table ", "get"] {
            assert!(excused(bare).unwrap_err().contains(bare));
        }
    }

    #[test]
    fn notes_of_all_stacks_are_read_together() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("one.txt"), "get a:Read\n").unwrap();
        std::fs::write(folder.path().join("two.txt"), "get a:Read\nput a:Write\n").unwrap();
        assert_eq!(seen(folder.path()), actions(&["get a:Read", "put a:Write"]));
    }
}
