//! How much somebody has taken of what is limited.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ports::store::{Document, Key};

/// How long a tab is kept after its last entry; longer than any rate needs to be whole again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// One rate of one person, account, address or browser. Its version is the condition of every
/// taking, so nothing is given out twice (RELIABILITY L1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tab {
    /// What is counted.
    pub scope: String,
    /// Of whom, as a hash: neither addresses nor e-mails are kept.
    pub of: String,
    /// When everything given out so far would be over at the steady rate, in microseconds of Unix
    /// time.
    pub arrival: i64,
    /// How many in a row without a success between.
    pub strikes: u32,
}

impl Tab {
    /// Of somebody who has taken nothing yet.
    pub fn unused(scope: &str, of: &str) -> Self {
        Self { scope: scope.to_owned(), of: hashed(of), arrival: 0, strikes: 0 }
    }

    /// Address of a tab.
    pub fn key_of(scope: &str, of: &str) -> Key {
        Self::at(scope, &hashed(of))
    }

    fn at(scope: &str, hash: &str) -> Key {
        Key::new(format!("LIMIT#{scope}#{hash}"), "TAB")
    }
}

fn hashed(of: &str) -> String {
    hex::encode(Sha256::digest(of.as_bytes()))
}

impl Document for Tab {
    const KIND: &'static str = "tab";

    fn key(&self) -> Key {
        Self::at(&self.scope, &self.of)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.arrival).ok()?.saturating_add(KEPT).ok()
    }
}
