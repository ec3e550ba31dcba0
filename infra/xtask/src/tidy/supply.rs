//! Licences, sources and banned crates of everything in the lockfile.
//!
//! The lists are those of deny.toml, so that cargo-deny, where it is installed, says the same.

use cargo_metadata::{Metadata, Package};

use super::Faults;
use crate::tree::Tree;

const LISTS: &str = "deny.toml";
/// The public registry; git and other registries are other people's promises.
const REGISTRY: &str = "registry+https://github.com/rust-lang/";

/// Checks every package.
pub(super) fn check(tree: &Tree, metadata: &Metadata, faults: &mut Faults) {
    let text = tree.read(LISTS).unwrap_or_default();
    let allowed = list(&text, "allow = [");
    let banned = list(&text, "deny = [");
    for package in &metadata.packages {
        one(package, &allowed, &banned, faults);
    }
}

fn one(package: &Package, allowed: &[String], banned: &[String], faults: &mut Faults) {
    let name = format!("{} {}", package.name, package.version);
    if let Some(source) = &package.source
        && !source.repr.starts_with(REGISTRY)
    {
        faults.add(&name, format!("comes from `{}`", source.repr));
    }
    let licence = package.license.as_deref().unwrap_or_default();
    if !permitted(licence, allowed) {
        faults.add(&name, format!("its licence `{licence}` is not in the list of {LISTS}"));
    }
    let version = package.version.to_string();
    let hit = banned.iter().any(|entry| {
        let (crate_name, of) = entry.split_once('@').unwrap_or((entry, ""));
        package.name.as_str() == crate_name && version.starts_with(of)
    });
    if hit {
        faults.add(&name, format!("is banned by {LISTS}"));
    }
}

/// The texts in a list of the file, comments left out.
fn list(text: &str, opening: &str) -> Vec<String> {
    let lines = text.lines().skip_while(|line| !line.starts_with(opening)).skip(1);
    let lines = lines.take_while(|line| !line.starts_with(']'));
    let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
    lines.filter_map(|line| line.split('"').nth(1)).map(ToOwned::to_owned).collect()
}

/// Whether an expression leaves a choice that is allowed; `/` is an old form of `OR`.
fn permitted(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let spaced = spaced.replace(" WITH ", "-WITH-");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed, broken: false };
    let holds = reader.either();
    holds && reader.words.is_empty() && !reader.broken
}

/// Reads an expression from left to right; `AND` binds closer than `OR`.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
    broken: bool,
}

impl Reader<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            Some(_) | None => false,
        }
    }

    fn either(&mut self) -> bool {
        let mut holds = self.both();
        while self.next_is("OR") {
            holds |= self.both();
        }
        holds
    }

    fn both(&mut self) -> bool {
        let mut holds = self.term();
        while self.next_is("AND") {
            holds &= self.term();
        }
        holds
    }

    fn term(&mut self) -> bool {
        if self.next_is("(") {
            let holds = self.either();
            self.broken |= !self.next_is(")");
            return holds;
        }
        let Some((first, rest)) = self.words.split_first() else {
            self.broken = true;
            return false;
        };
        self.words = rest;
        let licence = first.replace("-WITH-", " WITH ");
        self.allowed.contains(&licence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(expression: &str) -> bool {
        let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"].map(ToOwned::to_owned);
        permitted(expression, &allowed)
    }

    #[test]
    fn one_choice_suffices_and_every_part_counts() {
        assert!(permits("MIT"));
        assert!(permits("GPL-3.0 OR MIT"));
        assert!(permits("Apache-2.0/MIT"));
        assert!(permits("(GPL-3.0 OR MIT) AND ISC"));
        assert!(permits("Apache-2.0 WITH LLVM-exception OR GPL-3.0"));
        assert!(!permits("GPL-3.0"));
        assert!(!permits("MIT AND GPL-3.0"));
        assert!(!permits("(MIT OR ISC) AND GPL-3.0"));
        assert!(!permits(""));
        assert!(!permits("MIT OR"));
    }

    #[test]
    fn the_lists_are_read_without_comments() {
        let text = "deny = [\n    # \"not me\"\n    { crate = \"rustls@0.21\" },\n]\n\"nor me\"\n";
        assert_eq!(list(text, "deny = ["), ["rustls@0.21"]);
    }
}
