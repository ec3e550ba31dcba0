//! Who the first admin was, so that there is one only.

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// The first admin of a deployment; written once and never again (RELIABILITY P7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstAdmin {
    /// Who.
    pub user_id: UserId,
    /// When made.
    pub made_at: Timestamp,
}

impl FirstAdmin {
    /// Its only address.
    pub fn the_key() -> Key {
        keys::single("FIRSTADMIN".to_owned(), "FIRSTADMIN")
    }
}

impl Document for FirstAdmin {
    const KIND: &'static str = "first_admin";

    fn key(&self) -> Key {
        Self::the_key()
    }
}
