//! How many people are at a machine, as somebody who was there counted.

use interlock_policy::ResourceId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// How long a count is believed; later nobody knows, which refuses nobody (docs/adr/0014).
const BELIEVED: SignedDuration = SignedDuration::from_hours(4);

/// The last count at a resource; who counted is in the audit alone. Not part of the resource, so
/// that counting disturbs no hold and no edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Present {
    /// Where.
    pub resource_id: ResourceId,
    /// How many.
    pub people: u32,
    /// When.
    pub counted_at: Timestamp,
}

impl Present {
    /// Address of the count at a resource.
    pub fn key_of(id: &ResourceId) -> Key {
        keys::single(keys::resource(id), "PRESENT")
    }

    /// First instant at which it is no longer believed.
    pub fn until(&self) -> Timestamp {
        self.counted_at.saturating_add(BELIEVED).unwrap_or(Timestamp::MAX)
    }

    /// How many are there at an instant, if that is known.
    pub fn at(&self, now: Timestamp) -> Option<u32> {
        (now < self.until()).then_some(self.people)
    }
}

impl Document for Present {
    const KIND: &'static str = "present";

    fn key(&self) -> Key {
        Self::key_of(&self.resource_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.until())
    }
}
