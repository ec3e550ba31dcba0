//! What a person shows beside the password (RELIABILITY P6).
//!
//! No secret is in it: the one of a code is made from the name of the factor and a key that is kept
//! elsewhere, and of a recovery code only the hash is known.

use std::fmt;

use interlock_policy::{Id, IdKind, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{SessionHash, keys};
use crate::ports::store::{Document, Key};

/// Kind of the names of factors.
#[derive(Debug)]
pub enum FactorIdKind {}

impl IdKind for FactorIdKind {
    const PREFIX: &'static str = "fct";
}

/// Name of a factor.
pub type FactorId = Id<FactorIdKind>;

/// A second factor that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "kind")]
pub enum Factor {
    /// Codes of an app, another one every thirty seconds (RFC 6238).
    Totp {
        /// Its name, from which its secret is made.
        id: FactorId,
        /// When the first code was shown.
        confirmed_at: Timestamp,
        /// The latest step whose code was shown; neither it nor one before counts again.
        last_step: u64,
    },
}

/// A factor that was handed out and of which no code was shown yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BegunFactor {
    /// Its name.
    pub id: FactorId,
    /// First instant at which it can no longer be confirmed.
    pub until: Timestamp,
}

/// The second factor of a person. Its version is the condition of every showing, so no code counts
/// twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// Whose.
    pub user_id: UserId,
    /// What is asked for at the login; absent until one is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Factor>,
    /// What is to take its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<BegunFactor>,
    /// Hashes of the recovery codes that are left.
    #[serde(default)]
    pub recovery: Vec<String>,
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.recovery.len();
        out.debug_struct("SecondFactor").field("left", &left).finish_non_exhaustive()
    }
}

impl SecondFactor {
    /// Of somebody who has none.
    pub fn none(user_id: UserId) -> Self {
        Self { user_id, factor: None, begun: None, recovery: Vec::new() }
    }

    /// Address of a person's second factor.
    pub fn key_of(user_id: &UserId) -> Key {
        keys::single(keys::user(user_id), "FACTOR")
    }
}

impl Document for SecondFactor {
    const KIND: &'static str = "second_factor";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}

/// A login whose password was right and which waits for the second factor; it opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingLogin {
    /// Whose.
    pub user_id: UserId,
    /// Its name in the table: the hash of the token the browser has.
    pub hash: SessionHash,
    /// Must equal the account's to count.
    pub epoch: u32,
    /// First instant at which it no longer counts.
    pub expires_at: Timestamp,
}

impl PendingLogin {
    /// How long one waits.
    pub const LIFE: SignedDuration = SignedDuration::from_mins(5);

    /// Address of a pending login.
    pub fn key_of(user_id: &UserId, hash: &SessionHash) -> Key {
        keys::single(keys::user(user_id), &format!("PENDING#{}", hash.0))
    }
}

impl Document for PendingLogin {
    const KIND: &'static str = "pending_login";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
