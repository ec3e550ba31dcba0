//! What was found out, kept in a file so that a run that was cut short goes on where it was.
//!
//! A line counts only for the very sources and tests that it was written for.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::list::Mutant;
use super::{FOLDER, PACKAGES};
use crate::tree::Tree;

/// The file, in the folder of ours.
const FILE: &str = "outcomes.txt";

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A test failed.
    Caught,
    /// The tests did not end.
    Late,
    /// It is no program.
    Unviable,
    /// All tests passed.
    Survived,
}

impl Outcome {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Caught, "caught"),
        (Self::Late, "late"),
        (Self::Unviable, "unviable"),
        (Self::Survived, "survived"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(one, _)| *one)
    }
}

/// Everything known.
pub(super) struct Ledger {
    /// A digest of the sources and tests of each package.
    digests: BTreeMap<&'static str, String>,
    known: Mutex<(BTreeMap<String, Outcome>, File)>,
}

impl Ledger {
    /// Reads what is known of these sources; nothing where all is to be tried again.
    pub(super) fn open(tree: &Tree, again: bool) -> Result<Self, String> {
        let digests: BTreeMap<_, _> =
            PACKAGES.iter().map(|(package, folder)| (*package, digest(tree, folder))).collect();
        let folder = tree.root().join(FOLDER);
        let path = folder.join(FILE);
        let text =
            if again { String::new() } else { fs::read_to_string(&path).unwrap_or_default() };
        let current = |line: &&str| digests.values().any(|digest| line.starts_with(digest));
        let known = text.lines().filter(current).filter_map(read).collect();
        let opened = fs::create_dir_all(&folder)
            .and_then(|()| OpenOptions::new().create(true).append(true).open(&path));
        let file = opened.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { digests, known: Mutex::new((known, file)) })
    }

    /// What became of it, if it was tried.
    pub(super) fn outcome(&self, mutant: &Mutant) -> Option<Outcome> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.0.get(&mutant.name).copied()
    }

    /// Writes down what became of it.
    pub(super) fn note(&self, mutant: &Mutant, outcome: Outcome) -> Result<(), String> {
        let digest = self.digests.get(mutant.package.as_str()).map_or("", String::as_str);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(known.1, "{digest} {} {}", outcome.word(), mutant.name)
            .map_err(|error| format!("{FILE}: {error}"))?;
        known.0.insert(mutant.name.clone(), outcome);
        Ok(())
    }
}

fn read(line: &str) -> Option<(String, Outcome)> {
    let mut words = line.splitn(3, ' ').skip(1);
    let outcome = Outcome::of(words.next()?)?;
    Some((words.next()?.to_owned(), outcome))
}

fn digest(tree: &Tree, folder: &str) -> String {
    let mut all = Sha256::new();
    for file in tree.files(folder) {
        all.update(&file);
        all.update([0]);
        all.update(tree.read(&file).unwrap_or_default());
        all.update([0]);
    }
    hex::encode(all.finalize()).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_back_what_was_noted() {
        let line = "0123456789abcdef late shared/watch/src/beat.rs:1:2: replace < with ==";
        let (name, outcome) = read(line).unwrap();
        assert_eq!(name, "shared/watch/src/beat.rs:1:2: replace < with ==");
        assert_eq!(outcome, Outcome::Late);
        assert_eq!(read("0123456789abcdef unknown name"), None);
        assert_eq!(read("cut shor"), None);
    }
}
