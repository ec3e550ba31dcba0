//! What happened to a reservation, one record per change, in its own partition.

use interlock_policy::{Interval, ReservationId, UserId};
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
    /// Who has it after the change, if it is one of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
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

    /// Address of the event that made a version.
    pub fn key_of(id: &ReservationId, version: u64) -> Key {
        Key::new(keys::reservation(id), format!("{}{version:010}", Self::FIRST))
    }

    /// First sort key of the events.
    pub const FIRST: &'static str = "EVENT#";
    /// First sort key after the events.
    pub const END: &'static str = "EVENT$";
}

impl Document for HistoryEvent {
    const KIND: &'static str = "history_event";

    fn key(&self) -> Key {
        Self::key_of(&self.reservation_id, self.version)
    }
}
