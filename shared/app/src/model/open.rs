//! A person's open reservations; the version of this record is what every hold conditions on.

use interlock_policy::{Interval, OpenReservation, ReservationId, ResourceId, UserId};
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// Reservations of a person that hold time. Two holds of one person that race read the same
/// version, and only one commits: no limit per person is exceeded (PRODUCT D18, promise R28).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenReservations {
    /// Whose.
    pub user_id: UserId,
    /// One per interval held.
    pub holds: Vec<Hold>,
}

/// An interval held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// By which reservation.
    pub reservation_id: ReservationId,
    /// On what.
    pub resource_id: ResourceId,
    /// When.
    pub interval: Interval,
}

impl OpenReservations {
    /// Of a person who holds nothing.
    pub fn empty(user_id: UserId) -> Self {
        Self { user_id, holds: Vec::new() }
    }

    /// Address of a person's open reservations.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "OPEN")
    }

    /// As the gate sees them.
    pub fn facts(&self) -> Vec<OpenReservation> {
        let fact = |hold: &Hold| OpenReservation {
            reservation_id: hold.reservation_id.clone(),
            resource_id: hold.resource_id.clone(),
            category: String::new(),
            event_type_id: None,
            interval: hold.interval,
            made_at: None,
        };
        self.holds.iter().map(fact).collect()
    }

    /// Without what ended before `now`, so that the record stays small.
    pub fn forget_ended(&mut self, now: jiff::Timestamp) {
        self.holds.retain(|hold| hold.interval.end() > now);
    }

    /// Without one reservation, or only one of its intervals.
    pub fn release(&mut self, id: &ReservationId, interval: Option<Interval>) {
        self.holds.retain(|hold| {
            hold.reservation_id != *id || interval.is_some_and(|wanted| hold.interval != wanted)
        });
    }
}

impl Document for OpenReservations {
    const KIND: &'static str = "open_reservations";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}
