//! Telling people: words are made, and handed to whoever carries them.

use async_trait::async_trait;

use crate::letters::Told;
use crate::model::LetterId;

/// A mail, ready to be carried.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The letter; goes along, so that what a provider tells later is found back.
    pub letter_id: LetterId,
    /// The header `Message-ID`, angle brackets included; the same for every try.
    pub message_id: String,
    /// Whither.
    pub to: String,
    /// Shown name of the reader; empty if not known.
    pub to_name: String,
    /// The subject, in plain Unicode.
    pub subject: String,
    /// Tag of the language.
    pub language: &'static str,
    /// The plain part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The part for calendars.
    pub invite: Option<Invite>,
}

/// Shows no text and no address, so that none reaches a log (promise R25).
impl std::fmt::Debug for Mail {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Mail").field("letter_id", &self.letter_id).finish_non_exhaustive()
    }
}

/// The part of a mail for calendars (RFC 6047).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Content type with its parameters.
    pub content_type: String,
    /// Name of the attachment.
    pub file_name: String,
    /// RFC 5545.
    pub ics: String,
}

/// The words for a letter cannot be made; trying again makes no difference.
#[derive(Debug, thiserror::Error)]
#[error("the words of the letter cannot be made")]
pub struct Wordless(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Makes the words. The same facts give the same mail.
pub trait Composer: Send + Sync {
    /// The mail of a letter.
    fn mail(&self, told: &Told) -> Result<Mail, Wordless>;

    /// The same in one line, for a short message.
    fn line(&self, told: &Told) -> Result<String, Wordless>;
}

/// A message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Not now; the same message may be taken later.
    #[error("the provider is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Never, as it is.
    #[error("the provider refuses the message")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Carries mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over; answers the provider's name for it, if it gives one.
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError>;
}

/// Carries short messages.
#[async_trait]
pub trait Texter: Send + Sync {
    /// Hands a short message over.
    async fn send(&self, letter: &LetterId, phone: &str, text: &str) -> Result<(), PostError>;
}
