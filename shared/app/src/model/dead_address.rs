//! An address of e-mail that mail comes back from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{LetterId, keys};
use crate::ports::store::{Document, Key};

/// Why nothing is sent to an address any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// Mail to it was refused for good.
    Bounced,
    /// Whoever reads it called our mail unwanted.
    Complained,
}

/// Stops all mail to an address until somebody sends a letter to it again by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadAddress {
    /// Lower case.
    pub email: String,
    /// Why.
    pub why: Death,
    /// Since when.
    pub since: Timestamp,
    /// The letter that told.
    pub letter_id: LetterId,
}

impl DeadAddress {
    /// Address of the record, by the e-mail.
    pub fn key_of(email: &str) -> Key {
        keys::single(keys::email(email), "DEAD")
    }
}

impl Document for DeadAddress {
    const KIND: &'static str = "dead_address";

    fn key(&self) -> Key {
        Self::key_of(&self.email)
    }
}
