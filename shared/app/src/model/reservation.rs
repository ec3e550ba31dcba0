//! A reservation: who holds which time on what, and where that stands.

use interlock_policy::{
    CalAccountId, EventTypeId, Interval, PolicyVersion, ReservationId, ResourceId, UserId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::idempotency::IdempotencyKey;
use super::{Attendance, Flag, Presence, State, Status, keys};
use crate::ports::scheduler::CalUid;
use crate::ports::store::{Document, Indexes, Key};

/// A reservation (S0-043). Its record's version counts up with every write, and every write
/// names the version it read (RELIABILITY 3.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reservation {
    /// Which.
    pub id: ReservationId,
    /// Who has it.
    pub holder: Holder,
    /// Where it was made.
    pub origin: Origin,
    /// Of what.
    pub resource_id: ResourceId,
    /// Name of the resource when it was made.
    pub resource_name: String,
    /// Category of the resource when it was made.
    #[serde(default)]
    pub category: String,
    /// Whose calendar; the ledger is kept by it (PRODUCT D16).
    pub cal_account_id: CalAccountId,
    /// Which kind.
    pub event_type_id: EventTypeId,
    /// The time reserved.
    pub interval: Interval,
    /// The time held in the ledger, buffers included.
    pub held: Interval,
    /// Where it stands.
    pub state: State,
    /// Every uid this reservation ever had at Cal.com, oldest first (PRODUCT D4).
    pub cal_uids: Vec<CalUid>,
    /// The request that made it, so that its result can be written where a replay looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// SHA-256 of that request's body, in lower-case hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<String>,
    /// Until when that request is remembered.
    pub remembered_until: Timestamp,
    /// What somebody should know of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Whether the holder gave it back so late that it counts against him.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled_late: bool,
    /// Whether the holder came, once somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// Policy by which it was let in.
    pub policy_version: PolicyVersion,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// Who has a reservation (PRODUCT D15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Holder {
    /// A person we know.
    User {
        /// Who.
        user_id: UserId,
    },
    /// Somebody Cal.com knows and we do not.
    Unmatched {
        /// Lower-case e-mail, if any.
        email: Option<String>,
    },
}

/// Where a reservation was made (PRODUCT D15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Here.
    Interlock,
    /// Inside Cal.com.
    External,
}

/// A call to Cal.com whose outcome may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When the call was about to be made.
    pub at: Timestamp,
    /// Until when the function that made it may still be at work.
    pub lease_until: Timestamp,
}

/// The time a reservation is being moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The time.
    pub interval: Interval,
    /// The time held in the ledger, buffers included.
    pub held: Interval,
}

impl Reservation {
    /// Address of a reservation.
    pub fn key_of(id: &ReservationId) -> Key {
        keys::single(keys::reservation(id), "RESERVATION")
    }

    /// Index partition of a person's reservations, by start.
    pub fn partition_of_user(id: &UserId) -> String {
        keys::reservations_of_user(id)
    }

    /// Index partition of reservations whose holder is only known by e-mail, by start.
    pub fn partition_of_email(email: &str) -> String {
        keys::reservations_of_email(email)
    }

    /// Index partition of a resource's reservations, by start.
    pub fn partition_of_resource(id: &ResourceId) -> String {
        keys::reservations_of_resource(id)
    }

    /// Bound of a search by start in either index.
    pub fn sort_from(at: Timestamp) -> String {
        keys::sortable(at)
    }

    /// The state's word.
    pub fn status(&self) -> Status {
        self.state.status()
    }

    /// The person who has it, if known.
    pub fn user_id(&self) -> Option<&UserId> {
        match &self.holder {
            Holder::User { user_id } => Some(user_id),
            Holder::Unmatched { .. } => None,
        }
    }

    /// Whether the holder came, as far as anybody said.
    pub fn presence(&self) -> Option<Presence> {
        self.attendance.as_ref().map(|attendance| attendance.presence)
    }

    /// Remembers a uid once.
    pub fn remember(&mut self, uid: &CalUid) {
        if !self.cal_uids.contains(uid) {
            self.cal_uids.push(uid.clone());
        }
    }
}

impl Document for Reservation {
    const KIND: &'static str = "reservation";

    fn key(&self) -> Key {
        Self::key_of(&self.id)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.interval.start(), self.id.as_str());
        let owner = match &self.holder {
            Holder::User { user_id } => Some(keys::reservations_of_user(user_id)),
            Holder::Unmatched { email } => email.as_deref().map(keys::reservations_of_email),
        };
        Indexes {
            one: owner.map(|partition| Key::new(partition, sort.clone())),
            two: Some(Key::new(keys::reservations_of_resource(&self.resource_id), sort)),
        }
    }
}
