//! Exemptions: granted to one person on one resource, from some reasons, for a time.
//!
//! What the gate looks at is in the person's standing, which every question reads anyway; beside
//! it a record per grant on the resource lists them, and one per use counts them.

use interlock_policy::{
    ExemptionFact, ExemptionId, Interval, ReasonCode, ReservationId, ResourceId, UserId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Actor, keys};
use crate::ports::store::{Document, Indexes, Key};

/// An exemption as a person has it (FEATURES 5.3 rule 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exemption {
    /// Which.
    pub id: ExemptionId,
    /// On what.
    pub resource_id: ResourceId,
    /// From which reasons.
    pub codes: Vec<ReasonCode>,
    /// The time it is for.
    pub valid: Interval,
}

/// A grant with who gave it and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExemptionGrant {
    /// What was granted.
    pub exemption: Exemption,
    /// To whom.
    pub user_id: UserId,
    /// Why, in words for the person.
    pub reason: String,
    /// By whom.
    pub granted_by: Actor,
    /// When.
    pub granted_at: Timestamp,
    /// Who took it back and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
}

/// Who took something back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Revoked {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// One reservation that an exemption let through, however often it was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExemptionUse {
    /// Which.
    pub exemption_id: ExemptionId,
    /// What it let through.
    pub reservation_id: ReservationId,
    /// When last.
    pub at: Timestamp,
}

impl Exemption {
    /// As the gate sees it.
    pub fn fact(&self) -> ExemptionFact {
        ExemptionFact { id: self.id.clone(), codes: self.codes.clone(), valid: self.valid }
    }
}

impl ExemptionGrant {
    /// First sort key of a resource's grants.
    pub const FIRST: &'static str = "EXEMPTION#";
    /// First sort key after them.
    pub const END: &'static str = "EXEMPTION$";

    /// Partition of a resource's grants.
    pub fn partition_of(id: &ResourceId) -> String {
        keys::resource(id)
    }

    /// Index partition of what a person was granted, for giving it out and erasing it.
    pub fn partition_of_user(id: &UserId) -> String {
        format!("{}#EXEMPTION", keys::user(id))
    }

    /// Address of a grant.
    pub fn key_of(resource: &ResourceId, id: &ExemptionId) -> Key {
        Key::new(keys::resource(resource), format!("{}{id}", Self::FIRST))
    }
}

impl Document for ExemptionGrant {
    const KIND: &'static str = "exemption_grant";

    fn key(&self) -> Key {
        Self::key_of(&self.exemption.resource_id, &self.exemption.id)
    }

    fn indexes(&self) -> Indexes {
        let partition = Self::partition_of_user(&self.user_id);
        Indexes { one: Some(Key::new(partition, self.exemption.id.as_str())), two: None }
    }
}

impl ExemptionUse {
    /// Partition of an exemption's uses.
    pub fn partition_of(id: &ExemptionId) -> String {
        format!("EXEMPTION#{id}")
    }
}

impl Document for ExemptionUse {
    const KIND: &'static str = "exemption_use";

    fn key(&self) -> Key {
        let sort = format!("USE#{}", self.reservation_id);
        Key::new(Self::partition_of(&self.exemption_id), sort)
    }
}
