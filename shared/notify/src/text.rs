//! Text that may stand in a mail, by where it may stand.
//!
//! A header is made of [`Line`]s and [`Address`]es only, and neither can hold a line break, so no
//! value a person typed can begin a header of its own (RELIABILITY D5).

use std::fmt;
use std::str::FromStr;

use email_address::{EmailAddress, Options};

/// Most characters of a line; what is longer is cut.
const LONGEST_LINE: usize = 200;
/// Most characters of a text; what is longer is cut.
const LONGEST_TEXT: usize = 4_000;

/// One line: no control character, no line break of any kind, nothing that turns the direction of
/// writing, at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Line(String);

impl Line {
    /// From anything: what may not stand in a line becomes a space, and spaces are put together.
    pub fn of(text: &str) -> Self {
        let spaced: String = text
            .chars()
            .map(|character| if harmless(character) { character } else { ' ' })
            .collect();
        let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(cut(&joined, LONGEST_LINE))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Several lines, for a body and never for a header; line breaks are `\n`, at most 4,000
/// characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(String);

impl Text {
    /// From anything: each line is cleaned as [`Line`] cleans, empty ones at the ends go.
    pub fn of(text: &str) -> Self {
        let lines = text.lines().map(|line| {
            let spaced = line.chars().map(|one| if harmless(one) { one } else { ' ' });
            spaced.collect::<String>().trim().to_owned()
        });
        let joined = lines.collect::<Vec<_>>().join("\n");
        Self(cut(joined.trim(), LONGEST_TEXT))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Whether a character may stand in a line. Line and paragraph separators break lines in some
/// readers, and the marks of direction could make one name look like another.
fn harmless(character: char) -> bool {
    let turns = matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(character, '\u{2066}'..='\u{2069}' | '\u{061C}');
    let breaks = matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    !(character.is_control() || turns || breaks)
}

/// An address of e-mail that may be sent to (S3-090), and the one rule for what is taken as one:
/// `local@domain` with a dot in the domain, plain enough to stand in a header as it is (RELIABILITY
/// D5). No quotes, no display name, no comments, and of the marks a local part may have only those
/// that addresses of people do have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address(String);

/// The text is no address that is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address that mail is sent to")]
pub struct AddressError;

impl Address {
    /// Most bytes of one (RFC 5321, 4.5.3.1).
    pub const LONGEST: usize = 254;

    /// Whether a text is one.
    pub fn fits(text: &str) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+'=@".contains(&byte);
        let options =
            Options::default().without_display_text().without_domain_literal().with_required_tld();
        text.len() <= Self::LONGEST
            && text.bytes().all(plain)
            && EmailAddress::parse_with_options(text, options).is_ok()
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if Self::fits(text) { Ok(Self(text.to_owned())) } else { Err(AddressError) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A secret that stands in one link. Its `Debug` prints nothing, and only the message it is for
/// has a place for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// From lower-case hex or base64url text; anything else would have to be escaped in a link.
    /// Errors: another character, or none at all.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.is_empty() || !text.bytes().all(plain) {
            return Err(TokenError);
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

/// The text is no token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token of a link")]
pub struct TokenError;
