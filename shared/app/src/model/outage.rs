//! A stretch in which a resource is out of order, kept on the resource so that one read has it.

use interlock_policy::{Interval, OutageFact, OutageId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Actor;

/// A stretch in which a resource is out of order (FEATURES 4 item 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outage {
    /// Which.
    pub id: OutageId,
    /// First instant.
    pub starts_at: Timestamp,
    /// First instant after it, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Why, in words for members.
    pub reason: String,
    /// By whom.
    pub made_by: Actor,
    /// When.
    pub made_at: Timestamp,
}

impl Outage {
    /// Whether it is over at an instant.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| end <= at)
    }

    /// Whether it shares an instant with an interval.
    pub fn touches(&self, interval: &Interval) -> bool {
        self.starts_at < interval.end() && self.ends_at.is_none_or(|end| interval.start() < end)
    }

    /// As the gate sees it.
    pub fn fact(&self) -> OutageFact {
        OutageFact { id: self.id.clone(), starts_at: self.starts_at, ends_at: self.ends_at }
    }
}
