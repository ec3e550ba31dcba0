//! A webhook delivery of Cal.com as it came, and what became of it.

use std::fmt;
use std::str::FromStr;

use interlock_policy::{RequestId, ReservationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Status, keys};
use crate::ports::store::{Document, Indexes, Key};

/// Name of a delivery: the SHA-256 of its bytes, in lower-case hex (RELIABILITY W4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeliveryId(String);

/// The text is no name of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a delivery")]
pub struct NoDeliveryId;

impl DeliveryId {
    /// Of these bytes.
    pub fn of(body: &[u8]) -> Self {
        use sha2::Digest;
        Self(hex::encode(sha2::Sha256::digest(body)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for DeliveryId {
    type Err = NoDeliveryId;

    fn from_str(text: &str) -> Result<Self, NoDeliveryId> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let whole = text.len() == 64 && text.bytes().all(digit);
        if whole { Ok(Self(text.to_owned())) } else { Err(NoDeliveryId) }
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It announced what is not so yet, and is looked at again in seconds.
    Waiting,
    /// A try failed, and the queue brings it again.
    Retrying,
    /// Somebody asked for another try, and it is on its way.
    Replaying,
    /// Its effect is in the reservation, or it had none to have.
    Applied,
    /// It says nothing we act on.
    Ignored,
    /// It can never be applied as things are.
    Quarantined,
    /// Its last try failed; its message is among the dead letters.
    Dead,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Retrying,
        Self::Replaying,
        Self::Applied,
        Self::Ignored,
        Self::Quarantined,
        Self::Dead,
    ];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Retrying => "retrying",
            Self::Replaying => "replaying",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Quarantined => "quarantined",
            Self::Dead => "dead",
        }
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether another copy of the same bytes leaves it as it is (promise R12).
    pub fn is_settled(self) -> bool {
        match self {
            Self::Applied | Self::Ignored => true,
            Self::Waiting | Self::Retrying | Self::Replaying | Self::Quarantined | Self::Dead => {
                false
            }
        }
    }
}

/// What a delivery led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Effect {
    /// Status when it was looked at; none if the reservation was made by it.
    pub before: Option<Status>,
    /// Status after it.
    pub after: Status,
    /// Version of the reservation when the effect was noted.
    pub version: u64,
    /// Whether anything of the reservation changed.
    pub changed: bool,
}

/// One try to apply a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Try {
    /// When it ended.
    pub at: Timestamp,
    /// What it came to.
    pub state: DeliveryState,
    /// Why it failed, in a stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Its name.
    pub hash: DeliveryId,
    /// Cal.com's word for what happened.
    pub trigger: String,
    /// Body with secrets masked; none if it could not be read, and so not masked.
    pub body: Option<String>,
    /// Length of the raw body, in bytes.
    pub bytes: u64,
    /// When first received.
    pub received_at: Timestamp,
    /// When last received.
    pub last_received_at: Timestamp,
    /// How often the same bytes came.
    pub times: u32,
    /// How often it was tried to apply it.
    pub attempts: u32,
    /// How often somebody asked for another try.
    pub replays: u32,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why the last try that failed did so, or why it is in quarantine, in a stable word.
    pub last_error: Option<String>,
    /// Whether it was sent long before it came, or ahead of our clock (RELIABILITY W4).
    pub stale: bool,
    /// The reservation it spoke of, if one was found.
    pub reservation_id: Option<ReservationId>,
    /// The request that made its booking, by the booking's own mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<RequestId>,
    /// What it led to.
    pub effect: Option<Effect>,
    /// The tries that were noted, the last of them; copies of what is settled are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// When it was first applied, or found to say nothing we act on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
    /// When it is expendable: 35 days after it came.
    pub expires_at: Timestamp,
}

impl Delivery {
    /// Most tries that are kept.
    pub const MOST_TRIES: usize = 20;

    /// With what a try came to.
    pub fn tried(&mut self, at: Timestamp, state: DeliveryState, error: Option<&str>) {
        self.state = state;
        if let Some(error) = error {
            self.last_error = Some(error.to_owned());
        }
        if state.is_settled() {
            self.settled_at = self.settled_at.or(Some(at));
        }
        self.tries.push(Try { at, state, error: error.map(str::to_owned) });
        let over = self.tries.len().saturating_sub(Self::MOST_TRIES);
        self.tries.drain(..over);
    }

    /// Address of a delivery.
    pub fn key_of(hash: &DeliveryId) -> Key {
        Key::new(format!("DELIVERY#{hash}"), "DELIVERY")
    }

    /// First-index partition of a state.
    pub fn partition_of_state(state: DeliveryState) -> String {
        format!("DELIVERIES#{}", state.word())
    }

    /// Second-index partition of a reservation.
    pub fn partition_of_reservation(id: &ReservationId) -> String {
        format!("{}#DELIVERIES", keys::reservation(id))
    }

    /// Place among deliveries of a partition, by first receipt.
    pub fn sort(&self) -> String {
        keys::by_time(self.received_at, self.hash.as_str())
    }
}

impl Document for Delivery {
    const KIND: &'static str = "delivery";
    const SCHEMA: u32 = 2;

    fn key(&self) -> Key {
        Self::key_of(&self.hash)
    }

    fn indexes(&self) -> Indexes {
        let by_reservation = self.reservation_id.as_ref().map(Self::partition_of_reservation);
        Indexes {
            one: Some(Key::new(Self::partition_of_state(self.state), self.sort())),
            two: by_reservation.map(|partition| Key::new(partition, self.sort())),
        }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }

    /// The first shape counted receipts alone and knew no effect.
    fn upgrade(_schema: u32, mut body: Value) -> Value {
        let at = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
        let length = at("body").as_str().map_or(0, str::len);
        let added = json!({
            "bytes": length,
            "lastReceivedAt": at("receivedAt"),
            "attempts": at("times"),
            "replays": 0,
            "stale": false,
        });
        if let (Value::Object(fields), Value::Object(added)) = (&mut body, added) {
            fields.extend(added);
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_64_lower_case_hex_digits() {
        let name = DeliveryId::of(b"{}");
        assert_eq!(name.as_str().parse(), Ok(name.clone()));
        for other in ["", "ab", &name.as_str().to_uppercase(), &format!("{name}0")] {
            assert_eq!(other.parse::<DeliveryId>(), Err(NoDeliveryId), "{other}");
        }
    }

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::of(state.word()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.word());
        }
        assert_eq!(DeliveryState::of("lost"), None);
    }

    #[test]
    fn only_the_last_tries_are_kept_and_the_first_end_is_remembered() {
        let hash = DeliveryId::of(b"{}");
        let first = json!({
            "hash": hash, "trigger": "PING", "body": "{}", "times": 1, "state": "retrying",
            "receivedAt": "2026-06-01T08:00:00Z", "reservationId": null,
            "expiresAt": "2026-07-06T08:00:00Z"});
        let mut kept: Delivery = serde_json::from_value(Delivery::upgrade(1, first)).unwrap();
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        kept.tried(at(0), DeliveryState::Retrying, Some("down"));
        for second in 1..=25 {
            kept.tried(at(second), DeliveryState::Applied, None);
        }
        assert_eq!((kept.tries.len(), kept.tries[0].at), (Delivery::MOST_TRIES, at(6)));
        assert_eq!((kept.settled_at, kept.last_error.as_deref()), (Some(at(1)), Some("down")));
    }

    #[test]
    fn a_delivery_of_the_first_shape_is_still_read() {
        let hash = DeliveryId::of(b"{}");
        let first = json!({
            "hash": hash, "trigger": "PING", "body": "{}", "times": 3, "state": "applied",
            "receivedAt": "2026-06-01T08:00:00Z", "reservationId": null,
            "expiresAt": "2026-07-06T08:00:00Z"});
        let read: Delivery = serde_json::from_value(Delivery::upgrade(1, first)).unwrap();
        assert_eq!((read.times, read.attempts, read.bytes, read.stale), (3, 3, 2, false));
        assert_eq!((read.last_received_at, read.effect), (read.received_at, None));
    }
}
