//! Whether the holder of a reservation came.

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What somebody saw of a holder (S4-045).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// He came.
    Attended,
    /// He came late; it is a use like any other.
    Late,
    /// He did not come; it counts as a miss and not as a use.
    NoShow,
}

/// A presence with whose word it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    /// What was seen.
    pub presence: Presence,
    /// By whom.
    pub recorded_by: UserId,
    /// When it was said.
    pub recorded_at: Timestamp,
}
