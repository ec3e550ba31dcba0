//! The language of sentences, and the one catalogue they come from.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use interlock_policy::Reason;

const ENGLISH: &str = include_str!("../sentences/en.txt");
const GERMAN: &str = include_str!("../sentences/de.txt");
const PORTUGUESE: &str = include_str!("../sentences/pt.txt");

/// Longest header that is looked at; what is longer was made by nobody's browser.
const LONGEST_HEADER: usize = 500;

/// A language sentences are told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English, and whatever else is asked for.
    #[default]
    English,
    /// German.
    German,
    /// Portuguese.
    Portuguese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Portuguese];

    /// The one `Accept-Language` likes best; of equals the first (RFC 9110, 12.5.4).
    pub fn of(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let ranges = header.filter(|text| text.len() <= LONGEST_HEADER).unwrap_or_default();
        let liked = ranges.split(',').filter_map(range);
        let best = liked.reduce(|best, other| if other.1 > best.1 { other } else { best });
        best.filter(|(_, weight)| *weight > 0).map_or(Self::English, |(language, _)| language)
    }

    /// What the catalogue has under a key.
    pub fn text(self, key: &str) -> Option<&'static str> {
        self.entries().find(|(known, _)| *known == key).map(|(_, text)| text)
    }

    /// The whole catalogue.
    pub fn entries(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let catalogue = match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
            Self::Portuguese => PORTUGUESE,
        };
        catalogue.lines().filter_map(|line| line.split_once(": "))
    }

    /// Tells each reason in a sentence.
    pub fn tell(self, reasons: &mut [Reason]) {
        for reason in reasons {
            reason.sentence = self.text(reason.code.as_str()).map(|text| self.fill(text, reason));
        }
    }

    /// Puts the values in; words of ours are told in the language too.
    fn fill(self, text: &str, reason: &Reason) -> String {
        reason.parameters.iter().fold(text.to_owned(), |told, (name, value)| {
            let place = format!("{{{name}}}");
            if !told.contains(&place) {
                return told;
            }
            let word = self.text(&format!("{name}.{value}"));
            told.replace(&place, &word.map_or_else(|| value.to_string(), str::to_owned))
        })
    }
}

/// One range with its weight in thousandths; `None` for a language we do not speak.
fn range(text: &str) -> Option<(Language, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let language = match name.split('-').next()? {
        "en" => Language::English,
        "de" => Language::German,
        "pt" => Language::Portuguese,
        _ => return None,
    };
    let weight = parts.find_map(|part| part.strip_prefix("q="));
    Some((language, weight.map_or(1_000, thousandths)))
}

fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    if whole == "1" {
        return 1_000;
    }
    let digits: String = rest.chars().chain("000".chars()).take(3).collect();
    digits.parse().unwrap_or(0)
}
