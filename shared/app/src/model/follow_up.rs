//! Work that is due: a reservation whose outcome must still be settled.

use interlock_policy::ReservationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Indexes, Key, StoreError, Transaction};

/// Which job does the work (PRODUCT D19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Talks to Cal.com.
    Calcom,
    /// Talks to people.
    Notify,
}

impl Lane {
    /// Index partition of the lane's work, by due time.
    pub fn partition(self) -> &'static str {
        match self {
            Self::Calcom => "OUTBOX#calcom",
            Self::Notify => "OUTBOX#notify",
        }
    }
}

/// The one follow-up of a reservation on the Cal.com lane: "bring it to rest".
///
/// One record per reservation is enough because `sync` decides by the state what is to be done,
/// and every write into a state that is not at rest puts the record in the same transaction
/// (RELIABILITY 3.6 L6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FollowUp {
    /// Of which.
    pub reservation_id: ReservationId,
    /// When.
    pub due_at: Timestamp,
    /// How often it was tried and put off.
    pub attempts: u32,
}

impl FollowUp {
    /// Address of a reservation's follow-up.
    pub fn key_of(id: &ReservationId) -> Key {
        Key::new(format!("OUTBOX#{id}"), "FOLLOW")
    }

    /// Writes it over whatever was there, at a version nobody has read, so that who puts off what
    /// was read before does not put off this.
    pub fn write(
        &self,
        transaction: Transaction,
        now: Timestamp,
    ) -> Result<Transaction, StoreError> {
        transaction.overwrite(self, u64::try_from(now.as_microsecond()).unwrap_or(u64::MAX))
    }

    /// Bound of a search for what is due up to an instant.
    pub fn sort_until(now: Timestamp) -> String {
        format!("{}$", keys::sortable(now))
    }
}

impl Document for FollowUp {
    const KIND: &'static str = "follow_up";

    fn key(&self) -> Key {
        Self::key_of(&self.reservation_id)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.due_at, self.reservation_id.as_str());
        Indexes { one: Some(Key::new(Lane::Calcom.partition(), sort)), two: None }
    }
}
