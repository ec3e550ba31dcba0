//! What a request with an `Idempotency-Key` did, so that a retry does it only once.

use interlock_policy::{ReservationId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key};

/// SHA-256 over user, operation, path and key, in lower-case hex (PRODUCT 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(pub String);

/// A request that committed a change; refusals before that are not recorded (PRODUCT 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdempotencyRecord {
    /// Which request.
    pub key: IdempotencyKey,
    /// SHA-256 of the body, in lower-case hex.
    pub body_hash: String,
    /// What it made or changed.
    pub reservation_id: ReservationId,
    /// The answer, once it is final.
    pub recorded: Option<Recorded>,
    /// When it is forgotten: 7 days after it began. Checked in code, never by the table's dropping.
    pub expires_at: Timestamp,
}

/// An answer, to be repeated byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// HTTP status.
    pub status: u16,
    /// The body as it was sent.
    pub body: String,
}

impl IdempotencyRecord {
    /// Address of a request's record.
    pub fn key_of(key: &IdempotencyKey) -> Key {
        Key::new(format!("IDEM#{}", key.0), "RECORD")
    }
}

/// A request that made a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonRecord {
    /// Which request.
    pub key: IdempotencyKey,
    /// SHA-256 of the body, in lower-case hex.
    pub body_hash: String,
    /// Whom it made.
    pub user_id: UserId,
    /// When it is forgotten, as of every request.
    pub expires_at: Timestamp,
}

impl Document for PersonRecord {
    const KIND: &'static str = "idempotency_person";

    fn key(&self) -> Key {
        IdempotencyRecord::key_of(&self.key)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Document for IdempotencyRecord {
    const KIND: &'static str = "idempotency";

    fn key(&self) -> Key {
        Self::key_of(&self.key)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
