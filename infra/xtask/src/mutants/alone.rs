//! Mutants that no switch can hold, each built by itself: values of functions that run while
//! compiling, iterators whose type is not named, and what the compiler did not take.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::compile::{self, SOON};
use super::copy::Copy;
use super::ledger::Outcome;
use super::list::Mutant;
use super::trial::Suites;
use super::{PACKAGES, folder};
use crate::tree::Tree;

/// A copy of the sources in which places are changed as cargo-mutants would.
pub(super) struct Workshop<'a> {
    tree: &'a Tree,
    copy: Copy,
}

impl<'a> Workshop<'a> {
    /// Copies the sources as they are.
    pub(super) fn new(tree: &'a Tree) -> Result<Self, String> {
        let copy = Copy::make(tree, folder(tree, "alone"), &|_, text| text)?;
        Ok(Self { tree, copy })
    }

    /// Builds it and runs the tests; what does not compile is no mutant.
    pub(super) fn try_one(&self, mutant: &Mutant) -> Result<Outcome, String> {
        let text = self.tree.read(&mutant.file).unwrap_or_default();
        let changed = Changed::of(&text, &[(0, mutant)])
            .ok_or_else(|| format!("no such place: {}", mutant.name))?;
        self.copy.write(&mutant.file, &changed.text)?;
        let outcome = self.tried(mutant);
        self.copy.write(&mutant.file, &text)?;
        outcome
    }

    fn tried(&self, mutant: &Mutant) -> Result<Outcome, String> {
        match compile::tests(&self.copy, &SOON, &[mutant.package.as_str()]) {
            Ok(programs) => Suites::unmeasured(programs).try_one(mutant, None),
            Err(_) => Ok(Outcome::Unviable),
        }
    }

    /// Those of the mutants that do not compile, found many at a time: what one function does is
    /// nothing to whether another compiles, so each round changes every function at one place.
    pub(super) fn unviable(&self, mutants: &[(usize, &Mutant)]) -> Result<BTreeSet<usize>, String> {
        let (mut undecided, mut unviable) = (mutants.to_vec(), BTreeSet::new());
        while !undecided.is_empty() {
            let chosen = one_a_function(&undecided);
            let Some(refused) = self.refused(&chosen)? else { break };
            println!("mutants: {} at once, {} do not compile", chosen.len(), refused.len());
            // Only once nothing is refused has the compiler looked at everything.
            if refused.is_empty() {
                undecided.retain(|(number, _)| !chosen.iter().any(|(one, _)| one == number));
            }
            undecided.retain(|(number, _)| !refused.contains(number));
            unviable.extend(refused);
        }
        Ok(unviable)
    }

    /// Those in whose functions there are errors; nothing if there is one elsewhere.
    fn refused(&self, chosen: &[(usize, &Mutant)]) -> Result<Option<BTreeSet<usize>>, String> {
        let mut texts = BTreeMap::new();
        let files: BTreeSet<&str> = chosen.iter().map(|(_, mutant)| mutant.file.as_str()).collect();
        for file in files {
            let here: Vec<_> =
                chosen.iter().filter(|(_, mutant)| mutant.file == file).copied().collect();
            let text = self.tree.read(file).unwrap_or_default();
            let changed =
                Changed::of(&text, &here).ok_or_else(|| format!("{file}: no such place"))?;
            self.copy.write(file, &changed.text)?;
            texts.insert(file.to_owned(), (text, changed));
        }
        let faults = compile::check(&self.copy, &SOON, &PACKAGES.map(|(package, _)| package));
        for (file, (text, _)) in &texts {
            self.copy.write(file, text)?;
        }
        let mut refused = BTreeSet::new();
        for fault in faults? {
            let found = fault.places.iter().find_map(|(file, place)| {
                texts.get(file).and_then(|(_, changed)| changed.function_at(place))
            });
            match found {
                Some(number) => refused.insert(number),
                None => return Ok(None),
            };
        }
        Ok(Some(refused))
    }
}

/// As many as possible, none in a function in which another is.
fn one_a_function<'a>(mutants: &[(usize, &'a Mutant)]) -> Vec<(usize, &'a Mutant)> {
    let mut chosen: Vec<(usize, &Mutant)> = Vec::new();
    for (number, mutant) in mutants {
        if !chosen.iter().any(|(_, other)| mutant.shares_a_function(other)) {
            chosen.push((*number, mutant));
        }
    }
    chosen
}

/// A file with some places changed.
struct Changed {
    text: String,
    /// Where the functions are now in which something was changed.
    functions: Vec<(usize, Range<usize>)>,
}

impl Changed {
    /// Nothing if there is no such place. There is at most one in a function.
    fn of(text: &str, mutants: &[(usize, &Mutant)]) -> Option<Self> {
        let mut changed = Self { text: String::new(), functions: Vec::new() };
        let places = mutants.iter().map(|(number, mutant)| {
            Some((mutant.place(text)?, mutant.function(text)?, *number, *mutant))
        });
        let mut places: Vec<_> = places.collect::<Option<_>>()?;
        places.sort_by_key(|(place, ..)| place.start);
        let mut copied = 0;
        for (place, function, number, mutant) in places {
            changed.text.push_str(text.get(copied..place.start)?);
            let start = changed.text.len().checked_sub(place.start.checked_sub(function.start)?)?;
            changed.text.push_str(&mutant.replacement);
            let end = changed.text.len() + function.end.checked_sub(place.end)?;
            changed.functions.push((number, start..end));
            copied = place.end;
        }
        changed.text.push_str(text.get(copied..)?);
        Some(changed)
    }

    fn function_at(&self, place: &Range<usize>) -> Option<usize> {
        let holds = |(_, function): &&(usize, Range<usize>)| {
            function.start <= place.start && place.end <= function.end
        };
        self.functions.iter().find(holds).map(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::list::Genre;
    use super::*;

    #[test]
    fn functions_are_found_again_where_they_have_moved_to() {
        let text = "fn a() { 1 }\nfn b() { 2 }\n";
        let mutant = |line, value| {
            Mutant::of(Genre::Value, [(line, 10), (line, 11)], value)
                .within([(line, 1), (line, 13)])
        };
        let (first, second) = (mutant(1, "\"long\""), mutant(2, ""));
        assert!(first.shares_a_function(&first) && !first.shares_a_function(&second));
        let changed = Changed::of(text, &[(7, &second), (3, &first)]).unwrap();
        assert_eq!(changed.text, "fn a() { \"long\" }\nfn b() {  }\n");
        assert_eq!(changed.functions, [(3, 0..17), (7, 18..29)]);
        assert_eq!(changed.function_at(&(9..15)), Some(3));
        assert_eq!(changed.function_at(&(20..21)), Some(7));
        assert_eq!(changed.function_at(&(16..20)), None);
    }
}
