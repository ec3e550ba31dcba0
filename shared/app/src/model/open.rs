//! A person's open reservations; the version of this record is what every hold conditions on.

use interlock_policy::{EventTypeId, Interval, OpenReservation, ReservationId, ResourceId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Past, keys};
use crate::ports::store::{Document, Key};

/// How long a hold stays listed after its end.
const LINGERS: SignedDuration = SignedDuration::from_hours(24);

/// Reservations of a person that hold time. Two holds of one person that race read the same
/// version, and only one commits: no limit per person is exceeded (PRODUCT D18, promise R28).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenReservations {
    /// Whose.
    pub user_id: UserId,
    /// One per interval held.
    pub holds: Vec<Hold>,
    /// What became of those that no longer hold time.
    #[serde(default, skip_serializing_if = "Past::is_empty")]
    pub past: Past,
}

/// An interval held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// By which reservation.
    pub reservation_id: ReservationId,
    /// On what.
    pub resource_id: ResourceId,
    /// Category of the resource.
    #[serde(default)]
    pub category: String,
    /// Which kind, where it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type_id: Option<EventTypeId>,
    /// When it was made, where it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<Timestamp>,
    /// When.
    pub interval: Interval,
}

impl OpenReservations {
    /// Of a person who holds nothing.
    pub fn empty(user_id: UserId) -> Self {
        Self { user_id, holds: Vec::new(), past: Past::default() }
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
            category: hold.category.clone(),
            event_type_id: hold.event_type_id,
            interval: hold.interval,
            made_at: hold.made_at,
        };
        self.holds.iter().map(fact).collect()
    }

    /// Without what ended a day ago and without ends no rule looks at, so that the record stays
    /// small. A hold that has just ended still counts until its reservation is completed.
    pub fn forget_ended(&mut self, now: Timestamp) {
        let since = now.saturating_sub(LINGERS).unwrap_or(Timestamp::MIN);
        self.holds.retain(|hold| hold.interval.end() > since);
        self.past.forget_old(now);
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
