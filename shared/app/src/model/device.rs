//! A browser from which a person has logged in before.

use interlock_policy::UserId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::SessionHash;
use crate::ports::store::{Document, Key};

/// A browser that shows it was logged in from before; it opens nothing, and only has a limit of
/// its own, so that a stranger's guesses cannot lock its owner out (RELIABILITY P4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Whose.
    pub user_id: UserId,
    /// Hash of the token that the browser keeps.
    pub hash: SessionHash,
    /// First instant at which it is unknown again.
    pub until: Timestamp,
}

/// What a browser shows of itself, not believed before it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose it claims to be.
    pub user_id: UserId,
    /// Hash of its token.
    pub hash: SessionHash,
}

impl Device {
    /// How long a browser is known after the last login from it.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);

    /// A browser from which somebody logs in now.
    pub fn known(user_id: UserId, hash: SessionHash, now: Timestamp) -> Self {
        Self { user_id, hash, until: now.saturating_add(Self::LIFE).unwrap_or(now) }
    }

    /// Partition of a person's browsers.
    pub fn partition_of(user_id: &UserId) -> String {
        format!("DEVICE#{user_id}")
    }

    /// Address of a browser.
    pub fn key_of(user_id: &UserId, hash: &SessionHash) -> Key {
        Key::new(Self::partition_of(user_id), hash.0.clone())
    }
}

impl Document for Device {
    const KIND: &'static str = "device";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}
