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

/// How hours are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HourClock {
    /// 1 to 12 with AM and PM.
    #[serde(rename = "12h")]
    Twelve,
    /// 0 to 23.
    #[serde(rename = "24h")]
    TwentyFour,
}

impl HourClock {
    /// The one a language is used to.
    pub fn of(language: Language) -> Self {
        match language {
            Language::English => Self::Twelve,
            Language::German | Language::Portuguese => Self::TwentyFour,
        }
    }
}

/// Who reads a message, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The person, if it is one of ours; the seed of the `Message-ID` follows from it, so that an
    /// address that is changed between two tries makes no second message.
    pub user_id: Option<UserId>,
    /// Whither.
    pub address: Address,
    /// Shown name.
    pub name: Line,
    /// In which language.
    pub language: Language,
    /// In which zone times are told first.
    pub zone: ZoneName,
    /// How hours are told; `None` for what the language is used to.
    pub hour_clock: Option<HourClock>,
}

impl Recipient {
    /// How hours are told to this person.
    pub fn clock(&self) -> HourClock {
        self.hour_clock.unwrap_or_else(|| HourClock::of(self.language))
    }

    /// What names the person in seeds; never shown.
    pub(crate) fn key(&self) -> &str {
        self.user_id.as_ref().map_or(self.address.as_str(), |id| id.as_str())
    }
}
