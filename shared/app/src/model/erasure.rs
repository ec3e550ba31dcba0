//! That a person is being erased, or was; it names nobody once it is done.

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Lane, keys};
use crate::ports::store::{Document, Indexes, Key};

/// How an erasure stands (RELIABILITY D2). While work is left it is in the lane of Cal.com, so a
/// process that dies at any step is followed by the next sweep (promise R7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    /// Whom.
    pub user_id: UserId,
    /// By whom it was asked.
    pub asked_by: UserId,
    /// When.
    pub started_at: Timestamp,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Passes that are left: an index lags seconds, so everything is gone through twice.
    pub passes: u8,
    /// When somebody must look at it again; none when it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// How often it was put off in a row.
    pub attempts: u32,
    /// The address, for finding what is known by it only; gone when it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What was done.
    pub report: ErasureReport,
}

/// What an erasure did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureReport {
    /// Reservations that were open and are ended.
    pub cancelled: u32,
    /// Reservations whose texts and addresses were removed.
    pub reservations: u32,
    /// Kept deliveries whose bodies were removed.
    pub deliveries: u32,
    /// Records of the person that were removed: sessions, proofs, watching and others.
    pub records: u32,
    /// Bookings that Cal.com keeps with the attendee's name and address; its interface removes
    /// neither, so an operator does (docs/runbooks/erase.md).
    pub left_at_calcom: u32,
}

impl Erasure {
    /// Address of a person's erasure; outside the partition that it empties.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(format!("ERASURE#{id}"), "ERASURE")
    }
}

impl Document for Erasure {
    const KIND: &'static str = "erasure";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }

    fn indexes(&self) -> Indexes {
        let sort = self.due_at.map(|due| keys::by_time(due, self.user_id.as_str()));
        Indexes { one: sort.map(|sort| Key::new(Lane::Calcom.partition(), sort)), two: None }
    }
}
