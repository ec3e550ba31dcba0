//! A message made ready for whoever sends it.

use sha2::{Digest, Sha256};

use crate::{Address, Kind, Line, Message, Recipient};

/// Where the application is and in whose name it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Origin of the application, without a slash at its end; links begin with it.
    pub origin: String,
    /// Shown name of the application, as the sender's name.
    pub name: Line,
    /// The sender; the `ORGANIZER` of invites, so that answers come back to it.
    pub sender: Address,
}

/// The host of an origin, without its port; the right part of stable names.
pub(crate) fn host_of(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split([':', '/']).next().unwrap_or(host)
}

/// A message made ready. The same message for the same reader is the same mail, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Which message it is.
    pub kind: Kind,
    /// Whither.
    pub to: Address,
    /// Shown name of the reader.
    pub to_name: Line,
    /// The subject, in plain Unicode; encoding it is the sender's work.
    pub subject: Line,
    /// Tag of the language, for `Content-Language`.
    pub language: &'static str,
    /// The plain part.
    pub text: String,
    /// The HTML part: a whole document that loads nothing.
    pub html: String,
    /// The part for calendars, for messages that have one.
    pub invite: Option<Invite>,
    /// What the `Message-ID` is made of.
    pub seed: Seed,
}

/// What is to be done with an invite (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Put it in, or move what is there.
    Request,
    /// Take it out.
    Cancel,
}

impl Method {
    /// The word of RFC 5546; also the parameter `method` of the part's content type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// The part for calendars: goes into the mail as `text/calendar; charset=utf-8; method=…` beside
/// the other two, and once more as an attachment of this name (RFC 6047).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// What is to be done with it.
    pub method: Method,
    /// RFC 5545, with CRLF.
    pub ics: String,
    /// Name of the attachment.
    pub file_name: &'static str,
}

impl Invite {
    /// The content type, with its parameters.
    pub fn content_type(&self) -> String {
        format!("text/calendar; charset=utf-8; method={}", self.method.word())
    }
}

/// Names a message for one reader: the same for every try, another for another version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seed(String);

impl Seed {
    /// 32 hex digits that follow from kind, what it speaks of, its version, the reader and his
    /// side: who holds what he decides on is told twice.
    pub(crate) fn of(message: &Message, recipient: &Recipient) -> Self {
        let (id, version) = message.occasion();
        let (version, side) = (version.to_string(), message.side().word());
        let parts = [message.kind().word(), id, &version, recipient.user_id.as_str(), side];
        let digest = hex::encode(Sha256::digest(parts.join("\n").as_bytes()));
        Self(digest.chars().take(32).collect())
    }

    /// The 32 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The header `Message-ID`, angle brackets included, under the sender's domain.
    pub fn message_id(&self, sender: &Address) -> String {
        format!("<{}@{}>", self.0, sender.domain())
    }
}
