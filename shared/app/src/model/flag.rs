//! What somebody should know of a reservation that stands all the same.

use interlock_policy::ReasonCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A mark on a reservation (PRODUCT 6, D15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    /// For what.
    pub code: FlagCode,
    /// Since when.
    pub since: Timestamp,
    /// When the reservation ends if the mark still stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What a mark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FlagCode {
    /// The holder or the resource no longer fits, for this reason of the gate's.
    Reason(ReasonCode),
    /// Something the gate does not speak of.
    Other(OtherFlag),
}

/// Marks the gate does not speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherFlag {
    /// Made inside Cal.com; somebody should look (PRODUCT D15).
    External,
}

impl Flag {
    /// Whether its term has run out.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// The gate's reason, where it is one.
    pub fn reason(&self) -> Option<ReasonCode> {
        match self.code {
            FlagCode::Reason(code) => Some(code),
            FlagCode::Other(_) => None,
        }
    }
}
