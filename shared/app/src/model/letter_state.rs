//! What became of a letter.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of a letter; what is final is never sent again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "word")]
pub enum LetterState {
    /// It is still to be sent.
    #[default]
    Due,
    /// The provider took it.
    Sent {
        /// When.
        at: Timestamp,
        /// The provider's name for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    /// The reader's side took it.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// The reader's side refused it.
    Bounced {
        /// When.
        at: Timestamp,
        /// Whether for good.
        permanent: bool,
    },
    /// The reader called it unwanted.
    Complained {
        /// When.
        at: Timestamp,
    },
    /// It was tried and given up: a dead letter, which staff sees and may send again.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        why: Failure,
    },
    /// It was not sent, and rightly so.
    Dropped {
        /// When.
        at: Timestamp,
        /// Why.
        why: Needless,
    },
}

/// Why a letter was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The reader's address cannot be written to.
    Address,
    /// Mail to the reader's address came back before.
    DeadAddress,
    /// The provider will not have it.
    Refused,
    /// It was tried as often as anything is.
    GivenUp,
}

/// Why a letter was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needless {
    /// What it speaks of is no longer so; a later letter tells what is.
    Superseded,
    /// It came too late to be of use.
    Late,
    /// The reader does not want it.
    Unwanted,
    /// There is no reader: nobody of that name is left, or nobody decides.
    NoReader,
    /// Each of those it was for has a letter of his own.
    Addressed,
}

impl LetterState {
    /// Index partition of those that went out.
    pub const SENT: &'static str = "LETTERS#sent";
    /// Index partition of those that did not arrive.
    pub const FAILED: &'static str = "LETTERS#failed";

    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sent { .. } => "sent",
            Self::Delivered { .. } => "delivered",
            Self::Bounced { .. } => "bounced",
            Self::Complained { .. } => "complained",
            Self::Failed { .. } => "failed",
            Self::Dropped { .. } => "dropped",
        }
    }

    /// When it came to this; absent while it is due.
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Due => None,
            Self::Sent { at, .. }
            | Self::Delivered { at }
            | Self::Bounced { at, .. }
            | Self::Complained { at }
            | Self::Failed { at, .. }
            | Self::Dropped { at, .. } => Some(*at),
        }
    }
}
