//! What a machine or host tells whoever comes to it.

use serde::{Deserialize, Serialize};

/// Words for whoever reserves it; each empty for nothing. Everybody who may see the resource sees
/// them, and they go into mails and calendars as they are at that moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Guide {
    /// What is good to know, in lines.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What to bring along, in lines.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bring: String,
    /// Where it is, in one line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
}

impl Guide {
    /// Longest description, in characters.
    pub const LONGEST_DESCRIPTION: usize = 2_000;
    /// Longest list of what to bring, in characters.
    pub const LONGEST_BRING: usize = 1_000;
    /// Longest place, in characters; what a mail keeps of one line.
    pub const LONGEST_PLACE: usize = 200;

    /// Whether it tells nothing.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}
