//! That what is held of a person must be kept for legal reasons.

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// While it stands nobody erases the person (RELIABILITY D2). Its absence is a condition of
/// beginning to erase, so of a hold and an erasure at once one stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LegalHold {
    /// Whose data.
    pub user_id: UserId,
    /// Which admin said so.
    pub placed_by: UserId,
    /// When.
    pub placed_at: Timestamp,
}

impl LegalHold {
    /// Address of a person's hold.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "LEGALHOLD")
    }
}

impl Document for LegalHold {
    const KIND: &'static str = "legal_hold";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}
