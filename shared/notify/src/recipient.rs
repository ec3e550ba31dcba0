//! Who reads a message, and how.

use interlock_policy::{UserId, ZoneName};
use serde::{Deserialize, Serialize};

use crate::{Address, Line};

/// A language messages are written in; a language nobody wrote for is English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
    /// Portuguese, as written in Brazil.
    #[serde(rename = "pt")]
    Portuguese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Portuguese];

    /// The tag of RFC 5646.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Portuguese => "pt",
        }
    }
}

/// Who reads a message, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The person; the seed of the `Message-ID` follows from it, so that an address that is changed
    /// between two tries makes no second message.
    pub user_id: UserId,
    /// Whither.
    pub address: Address,
    /// Shown name.
    pub name: Line,
    /// In which language.
    pub language: Language,
    /// In which zone times are told first.
    pub zone: ZoneName,
}
