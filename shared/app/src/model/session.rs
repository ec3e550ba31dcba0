//! A login that lasts; only the hash of its token is known here.

use std::fmt;

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// SHA-256 of a session token, in lower-case hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionHash(pub String);

impl fmt::Debug for SessionHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SessionHash(…)")
    }
}

/// A login that lasts until it expires or is ended (RELIABILITY A1, A2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whose.
    pub user_id: UserId,
    /// Its name in the table.
    pub hash: SessionHash,
    /// Must equal the account's to count.
    pub epoch: u32,
    /// When made.
    pub created_at: Timestamp,
    /// First instant at which it no longer counts, whatever happens.
    pub expires_at: Timestamp,
}

impl Session {
    /// Address of a session.
    pub fn key_of(user_id: &UserId, hash: &SessionHash) -> Key {
        keys::single(keys::user(user_id), &format!("SESSION#{}", hash.0))
    }
}

impl Document for Session {
    const KIND: &'static str = "session";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
