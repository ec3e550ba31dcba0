//! How often the gate refused on a resource on one day, and why.

use std::collections::BTreeMap;

use interlock_policy::{ReasonCode, ResourceId};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ports::store::{Document, Key};

/// How long a day is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Refusals of a resource on one of its civil days, by reason. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalDay {
    /// On what.
    pub resource_id: ResourceId,
    /// The day by the clock of the resource.
    pub day: Date,
    /// Requests refused under [`Self::REFUSED`], and under each code how many had that reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, u64>,
}

impl RefusalDay {
    /// The count of requests, whatever the reasons.
    pub const REFUSED: &'static str = "refused";

    /// A day on which nothing was refused.
    pub fn empty(resource_id: ResourceId, day: Date) -> Self {
        Self { resource_id, day, counts: BTreeMap::new() }
    }

    /// Address of a resource's day.
    pub fn key_of(id: &ResourceId, day: Date) -> Key {
        Key::new(Self::partition(day), id.as_str())
    }

    /// Where all resources' records of a day are.
    pub fn partition(day: Date) -> String {
        format!("REFUSALS#{day}")
    }

    /// How many requests were refused.
    pub fn refused(&self) -> u64 {
        self.counts.get(Self::REFUSED).copied().unwrap_or(0)
    }

    /// How many had each reason, in the order of the codes.
    pub fn by_reason(&self) -> impl Iterator<Item = (ReasonCode, u64)> {
        let codes = ReasonCode::ALL.iter().copied();
        codes.filter_map(|code| Some((code, self.counts.get(code.as_str()).copied()?)))
    }
}

impl Document for RefusalDay {
    const KIND: &'static str = "refusal_day";

    fn key(&self) -> Key {
        Self::key_of(&self.resource_id, self.day)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        let midnight = self.day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC).ok()?;
        midnight.timestamp().saturating_add(KEPT).ok()
    }
}
