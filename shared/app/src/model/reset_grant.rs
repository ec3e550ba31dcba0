//! A right to choose a password once; only the hash of its token is known here.

use std::fmt;

use interlock_policy::UserId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

/// A right to choose a password once (RELIABILITY P5).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResetGrant {
    /// SHA-256 of the token, in lower-case hex.
    pub hash: String,
    /// Whose password; nobody's where the address asked about has no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Must equal the account's to count: what ends all sessions ends every grant.
    pub epoch: u32,
    /// First instant at which it no longer counts.
    pub expires_at: Timestamp,
}

impl fmt::Debug for ResetGrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ResetGrant").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl ResetGrant {
    /// How long one that was asked for lasts.
    pub const ASKED: SignedDuration = SignedDuration::from_mins(30);
    /// How long the first one of a new person lasts.
    pub const INVITED: SignedDuration = SignedDuration::from_hours(7 * 24);

    /// The hash of a token.
    pub fn hash_of(token: &str) -> String {
        hex::encode(Sha256::digest(token.as_bytes()))
    }

    /// Index partition of a person's grants; nothing else finds them by person.
    pub fn partition_of(user_id: &UserId) -> String {
        format!("{}#RESET", keys::user(user_id))
    }

    /// Address of a grant.
    pub fn key_of(hash: &str) -> Key {
        Key::new(format!("RESET#{hash}"), "GRANT")
    }
}

impl Document for ResetGrant {
    const KIND: &'static str = "reset_grant";

    fn indexes(&self) -> Indexes {
        let owner = self.user_id.as_ref().map(Self::partition_of);
        let sort = || keys::by_time(self.expires_at, &self.hash);
        Indexes { one: owner.map(|partition| Key::new(partition, sort())), two: None }
    }

    fn key(&self) -> Key {
        Self::key_of(&self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
