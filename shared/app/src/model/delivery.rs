//! A webhook delivery of Cal.com as it came, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Its effect is in the reservation, or it had none to have.
    Applied,
    /// It says nothing we act on.
    Ignored,
    /// It can never be applied.
    Quarantined,
}

/// A delivery; its name is the SHA-256 of its bytes (RELIABILITY W4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// SHA-256 of the raw body, in lower-case hex.
    pub hash: String,
    /// Cal.com's word for what happened.
    pub trigger: String,
    /// Body with secrets masked.
    pub body: String,
    /// When first received.
    pub received_at: Timestamp,
    /// How often received.
    pub times: u32,
    /// What became of it.
    pub state: DeliveryState,
    /// The reservation it spoke of, if one was found.
    pub reservation_id: Option<interlock_policy::ReservationId>,
    /// When it is expendable: 35 days after it came.
    pub expires_at: Timestamp,
}

impl Delivery {
    /// Address of a delivery.
    pub fn key_of(hash: &str) -> Key {
        Key::new(format!("DELIVERY#{hash}"), "DELIVERY")
    }
}

impl Document for Delivery {
    const KIND: &'static str = "delivery";

    fn key(&self) -> Key {
        Self::key_of(&self.hash)
    }

    fn indexes(&self) -> Indexes {
        let state = match self.state {
            DeliveryState::Applied => "DELIVERIES#applied",
            DeliveryState::Ignored => "DELIVERIES#ignored",
            DeliveryState::Quarantined => "DELIVERIES#quarantined",
        };
        let sort = keys::by_time(self.received_at, &self.hash);
        Indexes { one: Some(Key::new(state, sort)), two: None }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
