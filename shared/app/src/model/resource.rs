//! A machine or a host: what it is, its rules, and where its calendar lives.

use interlock_policy::{
    EventTypeId, ModuleId, Policy, ResourceFacts, ResourceId, ResourceKind, UserId,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Guide, Outage, PolicyShelf, keys};
use crate::ports::scheduler::CalAccount;
use crate::ports::store::{Document, Indexes, Key};

/// A machine or a host (PRODUCT 2). Its version is a condition of every hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Which.
    pub id: ResourceId,
    /// Shown name.
    pub name: String,
    /// For checkouts and lists.
    pub category: String,
    /// What it tells those who come to it; records of before tell nothing.
    #[serde(default, skip_serializing_if = "Guide::is_empty")]
    pub guide: Guide,
    /// Whether it takes reservations.
    pub active: bool,
    /// The person it is, for a host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Whose calendar at Cal.com; absent until it is mapped, and then it takes no reservations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cal_account: Option<CalAccount>,
    /// Set while a kind at Cal.com no longer meets the preconditions; nothing is booked meanwhile,
    /// and what is booked stays (RELIABILITY 3.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// Kinds offered, as last checked at Cal.com.
    pub event_types: Vec<EventTypeEntry>,
    /// Proofs and limits as they were in force when this was written; what is in force at an
    /// instant is [`Resource::in_force`].
    pub policy: Policy,
    /// What of the policy is still to come.
    #[serde(default, skip_serializing_if = "PolicyShelf::is_empty")]
    pub shelf: PolicyShelf,
    /// Whether it is so dangerous that two managers must approve a person on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub four_eyes: bool,
    /// When it is out of order; those that are over stay for a while.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outages: Vec<Outage>,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// Why a resource is closed for booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    /// Since when.
    pub since: Timestamp,
    /// What is wrong, each as `<number of the kind>:<fault>`, in order.
    pub faults: Vec<String>,
}

/// A kind offered on a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventTypeEntry {
    /// Cal.com's number.
    pub id: EventTypeId,
    /// Title.
    pub title: String,
    /// Length.
    pub duration_minutes: u32,
    /// Whether it is meant when nothing else is said.
    pub default: bool,
    /// Kept free before, at Cal.com.
    #[serde(default)]
    pub before_buffer_minutes: u32,
    /// Kept free after, at Cal.com.
    #[serde(default)]
    pub after_buffer_minutes: u32,
}

impl EventTypeEntry {
    /// The length as a duration.
    pub fn length(&self) -> SignedDuration {
        minutes(self.duration_minutes)
    }

    /// Buffers before and after.
    pub fn buffers(&self) -> (SignedDuration, SignedDuration) {
        (minutes(self.before_buffer_minutes), minutes(self.after_buffer_minutes))
    }
}

fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_mins(i64::from(count))
}

fn names(value: &serde_json::Value, word: &str) -> bool {
    match value {
        serde_json::Value::String(text) => text == word,
        serde_json::Value::Array(values) => values.iter().any(|value| names(value, word)),
        serde_json::Value::Object(map) => map.values().any(|value| names(value, word)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            false
        }
    }
}

impl Resource {
    /// Longest name of a category, in characters.
    pub const LONGEST_CATEGORY: usize = 64;

    /// Address of a resource.
    pub fn key_of(id: &ResourceId) -> Key {
        keys::single(keys::resource(id), "RESOURCE")
    }

    /// Index partition of all resources of a kind.
    pub fn partition_of(kind: ResourceKind) -> &'static str {
        match kind {
            ResourceKind::Machine => "RESOURCES#machine",
            ResourceKind::Host => "RESOURCES#host",
        }
    }

    /// The policy in force at an instant: the last one whose turn has come.
    pub fn in_force(&self, at: Timestamp) -> &Policy {
        let turned = self.shelf.planned.iter().rfind(|planned| planned.effective_from <= at);
        turned.map_or(&self.policy, |planned| &planned.policy)
    }

    /// Writes down what is in force at an instant, and forgets what it took the place of. Changes
    /// nothing of what [`Self::in_force`] says for that instant or a later one.
    pub fn settle_policy(&mut self, at: Timestamp) {
        self.policy = self.in_force(at).clone();
        self.shelf.planned.retain(|planned| planned.effective_from > at);
    }

    /// The kind offered under a number.
    pub fn event_type(&self, id: EventTypeId) -> Option<&EventTypeEntry> {
        self.event_types.iter().find(|entry| entry.id == id)
    }

    /// Whether its policy names a module, in whatever form and however deep.
    pub fn asks_for(&self, module_id: &ModuleId) -> bool {
        names(&serde_json::json!(self.policy), module_id.as_str())
    }

    /// As the gate sees it.
    pub fn facts(&self) -> ResourceFacts {
        ResourceFacts {
            id: self.id.clone(),
            kind: self.id.kind(),
            category: self.category.clone(),
            active: self.active && self.cal_account.is_some(),
            mapping_broken: self.closed.is_some(),
            event_types: self
                .event_types
                .iter()
                .map(|entry| (entry.id, entry.duration_minutes))
                .collect(),
            outages: self.outages.iter().map(Outage::fact).collect(),
            people_present: None,
        }
    }
}

impl Document for Resource {
    const KIND: &'static str = "resource";

    fn key(&self) -> Key {
        Self::key_of(&self.id)
    }

    fn indexes(&self) -> Indexes {
        let one = Key::new(Self::partition_of(self.id.kind()), self.id.as_str());
        Indexes { one: Some(one), two: None }
    }
}
