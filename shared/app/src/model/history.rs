//! What happened to a reservation, one record per change, in its own partition.

use interlock_policy::{Interval, ReservationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Actor, Cause, FlagCode, Presence, Status, keys};
use crate::ports::store::{Document, Key};

/// One change of a reservation, written in the transaction of the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEvent {
    /// Of which.
    pub reservation_id: ReservationId,
    /// Version the change made; the events of a reservation are numbered by it without a gap.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// State before; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Status>,
    /// State after.
    pub to: Status,
    /// Time before; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_before: Option<Interval>,
    /// Time after.
    pub interval: Interval,
    /// Marks it bears after the change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<FlagCode>,
    /// Whether the holder came, once somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Presence>,
    /// Why it ended, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

impl HistoryEvent {
    /// Partition of a reservation's history.
    pub fn partition_of(id: &ReservationId) -> String {
        keys::reservation(id)
    }

    /// First sort key of the events.
    pub const FIRST: &'static str = "EVENT#";
    /// First sort key after the events.
    pub const END: &'static str = "EVENT$";
}

impl Document for HistoryEvent {
    const KIND: &'static str = "history_event";

    fn key(&self) -> Key {
        Key::new(
            keys::reservation(&self.reservation_id),
            format!("{}{:010}", Self::FIRST, self.version),
        )
    }
}
