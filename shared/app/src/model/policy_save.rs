//! What a resource's policy was, is and will be: one record per save, and a shelf on the resource
//! that says which of them are still to come.
//!
//! A number is given once; what was saved under it never changes.

use interlock_policy::{Policy, PolicyVersion, ResourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Actor, keys};
use crate::ports::store::{Document, Key};

/// A policy as somebody saved it (FEATURES 4 item 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicySave {
    /// Of what.
    pub resource_id: ResourceId,
    /// The rules; its version is the number of the save.
    pub policy: Policy,
    /// Why, in the author's words.
    pub reason: String,
    /// By whom.
    pub author: Actor,
    /// When.
    pub saved_at: Timestamp,
    /// First instant at which it is in force; of a proposal, the instant wished for.
    pub effective_from: Timestamp,
    /// Where it stands.
    pub state: SaveState,
    /// The older save it brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<PolicyVersion>,
    /// Who confirmed or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<SaveDecision>,
}

/// Where a save stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaveState {
    /// Waits for a second person.
    Proposed,
    /// Is, was or will be in force.
    Accepted,
    /// Was taken back before it was in force.
    Withdrawn,
}

/// Who decided on a save that was not in force yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SaveDecision {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, in their words.
    pub reason: String,
}

impl PolicySave {
    /// First sort key of the saves.
    pub const FIRST: &'static str = "POLICY#";
    /// First sort key after the saves.
    pub const END: &'static str = "POLICY$";

    /// Partition of a resource's saves.
    pub fn partition_of(id: &ResourceId) -> String {
        keys::resource(id)
    }

    /// Address of a save.
    pub fn key_of(id: &ResourceId, version: PolicyVersion) -> Key {
        Key::new(keys::resource(id), format!("{}{:010}", Self::FIRST, version.0))
    }

    /// Its number.
    pub fn version(&self) -> PolicyVersion {
        self.policy.version
    }
}

impl Document for PolicySave {
    const KIND: &'static str = "policy_save";

    fn key(&self) -> Key {
        Self::key_of(&self.resource_id, self.policy.version)
    }
}

/// What is kept on the resource of the policies that are not in force yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyShelf {
    /// Counts up with whatever is saved, confirmed or withdrawn; the entity tag of the policy.
    pub tag: u64,
    /// Highest number given.
    pub last: u32,
    /// Whether a save waits for a second person.
    #[serde(default)]
    pub needs_second: bool,
    /// What takes effect later, in that order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planned: Vec<Planned>,
    /// The save that waits for a second person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<PolicyVersion>,
}

/// A policy that takes effect later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Planned {
    /// First instant at which it is in force.
    pub effective_from: Timestamp,
    /// The rules.
    pub policy: Policy,
}

impl PolicyShelf {
    /// Whether nothing was ever put on it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Puts a policy where its turn is; of two for one instant the later save wins.
    pub fn plan(&mut self, effective_from: Timestamp, policy: Policy) {
        self.planned.push(Planned { effective_from, policy });
        self.planned.sort_by_key(|planned| (planned.effective_from, planned.policy.version));
    }
}
