//! The one catalogue the words of messages come from, a file per language.
//!
//! A line is `key: text`, and `{name}` in a text is a place. A value is put in once and never
//! looked at again, so nothing a person typed is taken for a place.

#[cfg(test)]
mod used;

use crate::Language;

const ENGLISH: &str = include_str!("../words/en.txt");
const GERMAN: &str = include_str!("../words/de.txt");
const PORTUGUESE: &str = include_str!("../words/pt.txt");

/// What the catalogue has under a key; empty for a key it has not, which a test rules out.
pub(crate) fn word(language: Language, key: &str) -> &'static str {
    #[cfg(test)]
    used::note(language, key);
    entries(language).find(|(known, _)| *known == key).map_or("", |(_, text)| text)
}

/// The same with its places filled.
pub(crate) fn told(language: Language, key: &str, values: &[(&str, &str)]) -> String {
    fill(word(language, key), values)
}

/// The whole catalogue of a language, in the order of its file.
pub fn entries(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    let catalogue = match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::Portuguese => PORTUGUESE,
    };
    catalogue.lines().filter_map(|line| line.split_once(": "))
}

/// Puts values into places, from left to right, each place once.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut parts = text.split('{');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let place = part.split_once('}').and_then(|(name, rest)| {
            let value = values.iter().find(|(known, _)| *known == name)?.1;
            Some((value, rest))
        });
        if let Some((value, rest)) = place {
            told.push_str(value);
            told.push_str(rest);
        } else {
            told.push('{');
            told.push_str(part);
        }
    }
    told
}
