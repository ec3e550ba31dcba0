//! Words that have no place in the repository.
//!
//! An unfinished thought belongs in an issue, and a path of one machine says nothing elsewhere.

use super::Faults;
use crate::tree::Tree;

/// Split so that this file does not name them itself.
const FORBIDDEN: [(&str, &str); 5] = [
    (concat!("TO", "DO"), "belongs in an issue"),
    (concat!("FIX", "ME"), "belongs in an issue"),
    (concat!("/ho", "me/"), "is a path of one machine"),
    (concat!("/ro", "ot/"), "is a path of one machine"),
    (concat!("/Us", "ers/"), "is a path of one machine"),
];

/// Checks every text file.
pub(super) fn check(tree: &Tree, faults: &mut Faults) {
    for path in tree.files("") {
        if path == "Cargo.lock" || path == "LICENSE" {
            continue;
        }
        let Some(text) = tree.read(&path) else { continue };
        file(&path, &text, faults);
    }
}

fn file(path: &str, text: &str, faults: &mut Faults) {
    for (number, line) in text.lines().enumerate() {
        for (word, why) in FORBIDDEN {
            if line.contains(word) {
                faults.add(
                    &format!("{path}:{}", number.saturating_add(1)),
                    format!("`{word}` {why}"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_thought_is_found_with_its_line() {
        let mut faults = Faults::default();
        file("a.rs", concat!("fine\n// TO", "DO later\n"), &mut faults);
        assert_eq!(faults.lines().len(), 1);
        assert!(faults.lines()[0].starts_with("a.rs:2: "));
    }

    #[test]
    fn ordinary_words_pass() {
        let mut faults = Faults::default();
        file("a.rs", "root@demo.test is at /api/home\n", &mut faults);
        assert!(faults.lines().is_empty());
    }
}
