//! All mutants that a switch can hold, compiled into one copy of the sources.
//!
//! At most one is on, so that the changed piece holds no switches itself and the copy grows little.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::compile::{self, FAST, Fault};
use super::copy::Copy;
use super::list::{Genre, Mutant};
use super::places::Places;
use super::trial::{SWITCH, Suites};
use super::{PACKAGES, folder};
use crate::tree::Tree;

/// How often the compiler may refuse switches.
const ROUNDS: usize = 12;

/// The copy, and the mutants that are not in it.
pub(super) struct Switched {
    copy: Copy,
    pub(super) aside: BTreeSet<usize>,
}

impl Switched {
    /// Writes the copy; switches that the compiler refuses are put aside.
    pub(super) fn written(tree: &Tree, mutants: &[Mutant]) -> Result<Self, String> {
        let mut aside = BTreeSet::new();
        for round in 1..=ROUNDS {
            let (copy, texts) = written(tree, mutants, &mut aside)?;
            let faults = compile::check(&copy, &FAST, &PACKAGES.map(|(package, _)| package))?;
            println!("mutants: round {round}, {} faults, {} aside", faults.len(), aside.len());
            if faults.is_empty() {
                return Ok(Self { copy, aside });
            }
            for fault in faults {
                let refused = refused(&fault, &texts);
                if refused.is_empty() {
                    return Err(format!("the copy does not compile: {}", fault.said));
                }
                aside.extend(refused);
            }
        }
        Err("the copy does not compile after many rounds".to_owned())
    }

    /// Builds its tests, and runs them with nothing on.
    pub(super) fn suites(&self) -> Result<Suites, String> {
        println!("mutants: building the tests");
        let built = compile::tests(&self.copy, &FAST, &PACKAGES.map(|(package, _)| package));
        let said =
            |faults: Vec<Fault>| faults.into_iter().map(|fault| fault.said).collect::<String>();
        Suites::measured(built.map_err(said)?)
    }
}

/// The mutants that an error speaks of: those in whose text it lies, or else all at the place.
fn refused(fault: &Fault, texts: &BTreeMap<String, Text>) -> Vec<usize> {
    let mut all = Vec::new();
    for (file, place) in &fault.places {
        let Some(text) = texts.get(file) else { continue };
        let meets = |range: &Range<usize>| range.start < place.end && place.start < range.end;
        let mut found: Vec<usize> = text
            .pieces
            .iter()
            .filter(|(_, piece)| meets(piece))
            .map(|(number, _)| *number)
            .collect();
        if found.is_empty() {
            let around =
                |range: &Range<usize>| range.start <= place.start && place.end <= range.end;
            let groups = text.groups.iter().filter(|(_, range)| around(range));
            let least = groups.min_by_key(|(_, range)| range.len());
            found = least.map(|(numbers, _)| numbers.clone()).unwrap_or_default();
        }
        all.extend(found);
    }
    all
}

fn written(
    tree: &Tree,
    mutants: &[Mutant],
    aside: &mut BTreeSet<usize>,
) -> Result<(Copy, BTreeMap<String, Text>), String> {
    let mut texts = BTreeMap::new();
    for file in mutants.iter().map(|mutant| &mutant.file) {
        if texts.contains_key(file) {
            continue;
        }
        let text = tree.read(file).ok_or_else(|| format!("{file} cannot be read"))?;
        let here = mutants.iter().enumerate().filter(|(_, mutant)| mutant.file == *file);
        let kept: Vec<_> = here.filter(|(number, _)| !aside.contains(number)).collect();
        let switched = Text::of(&text, &kept).map_err(|error| format!("{file}: {error}"))?;
        aside.extend(switched.left.iter().copied());
        texts.insert(file.clone(), switched);
    }
    let change = |file: &str, text: String| {
        let text = texts.get(file).map_or(text, |switched| switched.whole.clone());
        if file.ends_with("/src/lib.rs") { format!("{text}\nmod mutant;\n") } else { text }
    };
    let copy = Copy::make(tree, folder(tree, "switched"), &change)?;
    for (_, folder) in PACKAGES {
        copy.write(&format!("{folder}/src/mutant.rs"), &module())?;
    }
    Ok((copy, texts))
}

/// The switch: read once, and then a comparison.
fn module() -> String {
    format!(
        "static ON: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
fn read() -> usize {{
    std::env::var(\"{SWITCH}\").ok().and_then(|on| on.parse().ok()).unwrap_or(usize::MAX)
}}
#[inline]
pub(crate) fn on(number: usize) -> bool {{ *ON.get_or_init(read) == number }}
"
    )
}

/// A file with its switches.
#[derive(Default)]
struct Text {
    whole: String,
    /// The changed pieces in it, by mutant.
    pieces: Vec<(usize, Range<usize>)>,
    /// Everything that was wrapped, with the mutants there.
    groups: Vec<(Vec<usize>, Range<usize>)>,
    /// Mutants for which there is no switch.
    left: Vec<usize>,
}

/// Something to be put in at a byte of the original.
struct Insertion {
    at: usize,
    /// Ends come before beginnings; outer ones begin first and end last.
    order: (bool, isize),
    /// Texts, some of them the changed piece of a mutant.
    parts: Vec<(String, Option<usize>)>,
    group: usize,
}

impl Text {
    fn of(text: &str, mutants: &[(usize, &Mutant)]) -> Result<Self, String> {
        let places = Places::of(text)?;
        let mut made = Self::default();
        let mut wrapped: HashMap<Range<usize>, Vec<(usize, &Mutant)>> = HashMap::new();
        let mut values: HashMap<Range<usize>, Vec<(usize, &Mutant)>> = HashMap::new();
        for (number, mutant) in mutants {
            let place = mutant.place(text).ok_or_else(|| format!("no place: {}", mutant.name))?;
            let found = match mutant.genre {
                Genre::Value if mutant.returns.contains("impl ") => None,
                Genre::Value => Some(place).filter(|place| places.runs(place.start)),
                Genre::Operator | Genre::Guard | Genre::Field | Genre::Other => {
                    places.around(mutant.genre, place.start)
                }
            };
            match found {
                None => made.left.push(*number),
                Some(range) if mutant.genre == Genre::Value => {
                    values.entry(range).or_default().push((*number, mutant));
                }
                Some(range) => wrapped.entry(range).or_default().push((*number, mutant)),
            }
        }
        let mut insertions = Vec::new();
        for (range, here) in values {
            insertions.push(made.value(&range, &here));
        }
        for (range, here) in wrapped {
            insertions.extend(made.wrap(text, &range, &here));
        }
        insertions.sort_by_key(|insertion| (insertion.at, insertion.order));
        made.put(text, &insertions);
        Ok(made)
    }

    /// A value given back before anything is done.
    fn value(&mut self, range: &Range<usize>, mutants: &[(usize, &Mutant)]) -> Insertion {
        let mut parts = Vec::new();
        for (number, mutant) in mutants {
            parts.push((format!("if crate::mutant::on({number}) {{ return "), None));
            parts.push((mutant.replacement.clone(), Some(*number)));
            parts.push(("; } ".to_owned(), None));
        }
        let order = (true, -width(range));
        Insertion { at: range.start, order, parts, group: self.group(mutants) }
    }

    /// One of the changed pieces, or else the piece as it is.
    fn wrap(
        &mut self,
        text: &str,
        range: &Range<usize>,
        mutants: &[(usize, &Mutant)],
    ) -> [Insertion; 2] {
        let mut parts = vec![("(".to_owned(), None)];
        for (number, mutant) in mutants {
            let place = mutant.place(text).unwrap_or_default();
            let before = text.get(range.start..place.start).unwrap_or_default();
            let after = text.get(place.end..range.end).unwrap_or_default();
            parts.push((format!("if crate::mutant::on({number}) {{ "), None));
            parts.push((format!("{before}{}{after}", mutant.replacement), Some(*number)));
            parts.push((" } else ".to_owned(), None));
        }
        parts.push(("{ ".to_owned(), None));
        let group = self.group(mutants);
        let begin = Insertion { at: range.start, order: (true, -width(range)), parts, group };
        let parts = vec![(" })".to_owned(), None)];
        let end = Insertion { at: range.end, order: (false, width(range)), parts, group };
        [begin, end]
    }

    fn group(&mut self, mutants: &[(usize, &Mutant)]) -> usize {
        let numbers = mutants.iter().map(|(number, _)| *number).collect();
        self.groups.push((numbers, 0..0));
        self.groups.len() - 1
    }

    fn put(&mut self, text: &str, insertions: &[Insertion]) {
        let mut copied = 0;
        for insertion in insertions {
            self.whole.push_str(text.get(copied..insertion.at).unwrap_or_default());
            copied = insertion.at;
            let begin = self.whole.len();
            for (part, number) in &insertion.parts {
                let start = self.whole.len();
                self.whole.push_str(part);
                self.pieces.extend(number.map(|number| (number, start..self.whole.len())));
            }
            let end = self.whole.len();
            let Some((_, range)) = self.groups.get_mut(insertion.group) else { continue };
            *range = if insertion.order.0 { begin..end } else { range.start..end };
        }
        self.whole.push_str(text.get(copied..).unwrap_or_default());
    }
}

fn width(range: &Range<usize>) -> isize {
    isize::try_from(range.len()).unwrap_or(isize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switched(text: &str, mutants: &[Mutant]) -> Text {
        let numbered: Vec<_> = mutants.iter().enumerate().collect();
        Text::of(text, &numbered).unwrap()
    }

    #[test]
    fn a_value_is_given_back_before_anything_is_done() {
        let text = "fn f() -> u8 { 1 }";
        let made = switched(text, &[Mutant::of(Genre::Value, [(1, 16), (1, 17)], "0")]);
        let expected = "fn f() -> u8 { if crate::mutant::on(0) { return 0; } 1 }";
        assert_eq!(made.whole, expected);
        assert_eq!(made.pieces, [(0, 48..49)]);
    }

    #[test]
    fn what_is_changed_holds_no_switch_and_what_is_not_holds_those_within() {
        let text = "fn f() -> bool { a && !b }";
        let and = Mutant::of(Genre::Operator, [(1, 20), (1, 22)], "||");
        let not = Mutant::of(Genre::Operator, [(1, 23), (1, 24)], "");
        let made = switched(text, &[and, not]);
        let expected = "fn f() -> bool { (if crate::mutant::on(0) { a || !b } else { a && \
                        (if crate::mutant::on(1) { b } else { !b }) }) }";
        assert_eq!(made.whole, expected);
        let of =
            |place: Range<usize>| Fault { said: String::new(), places: vec![("f".into(), place)] };
        let texts = BTreeMap::from([("f".to_owned(), made)]);
        let at = |piece: &str| expected.find(piece).map(|at| at..at + 2).unwrap();
        assert_eq!(refused(&of(at("||")), &texts), [0]);
        assert_eq!(refused(&of(at("&& (")), &texts), [0]);
        assert_eq!(refused(&of(at("!b }) })")), &texts), [1]);
    }

    #[test]
    fn guards_and_fields_are_changed_where_they_stand() {
        let text = "fn f() { match a { b if c => S { d: 1, e, ..g }, _ => h } }";
        let guard = Mutant::of(Genre::Guard, [(1, 25), (1, 26)], "true");
        let field = Mutant::of(Genre::Field, [(1, 34), (1, 39)], "");
        let made = switched(text, &[guard, field]);
        let expected = "fn f() { match a { b if (if crate::mutant::on(0) { true } else { c }) => \
                        (if crate::mutant::on(1) { S {  e, ..g } } else { S { d: 1, e, ..g } }), \
                        _ => h } }";
        assert_eq!(made.whole, expected);
    }

    #[test]
    fn what_runs_while_compiling_has_no_switch() {
        let text =
            "const fn f() -> u8 { 1 }\nconst G: u8 = 1 + 1;\nfn h() { if let a = b && c {} }";
        let mutants = [
            Mutant::of(Genre::Value, [(1, 22), (1, 23)], "0"),
            Mutant::of(Genre::Operator, [(2, 17), (2, 18)], "-"),
            Mutant::of(Genre::Operator, [(3, 23), (3, 25)], "||"),
        ];
        let made = switched(text, &mutants);
        assert_eq!((made.whole.as_str(), made.left.len()), (text, 3));
    }
}
