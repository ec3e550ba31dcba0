//! Who did what; written in the transaction of the change and never changed (promise R23).
//!
//! No personal value and no free text is in it, so erasing a person leaves the chain whole.

use interlock_audit::{Address, Seal, sortable};
use interlock_policy::{RequestId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Actor {
    /// A person.
    User {
        /// Who.
        user_id: UserId,
    },
    /// A job of ours.
    System {
        /// Which.
        job: String,
    },
    /// Somebody inside Cal.com.
    CalCom,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Request, delivery or run in which it was done; several acts of one request differ by object.
    pub request_id: RequestId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// Stable word, such as `checkout.grant`.
    pub action: String,
    /// Id of what it was done to.
    pub object: String,
    /// Values that matter, without personal data.
    pub detail: serde_json::Value,
}

impl Document for AuditEntry {
    const KIND: &'static str = "audit_entry";
    const APPEND_ONLY: bool = true;

    fn key(&self) -> Key {
        let body = serde_json::to_value(self).unwrap_or_default();
        // Every entry has what an address is made of; without one it could not be committed.
        Address::of(&body).map_or_else(
            || Key::new("AUDIT", ""),
            |address| Key::new(address.partition(), address.sort),
        )
    }
}

/// What the shards held in a stretch of time, linked to the seal before it (docs/adr/0012).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditSeal(pub Seal);

impl AuditSeal {
    /// Partition of all seals, by the first instant of each.
    pub const PARTITION: &'static str = "AUDITSEAL";

    /// Place of the seal that begins at an instant.
    pub fn sort_of(from: Timestamp) -> String {
        sortable(from)
    }
}

impl Document for AuditSeal {
    const KIND: &'static str = "audit_seal";
    const APPEND_ONLY: bool = true;

    fn key(&self) -> Key {
        Key::new(Self::PARTITION, Self::sort_of(self.0.from))
    }
}
