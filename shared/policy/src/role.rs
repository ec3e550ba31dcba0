//! Who a person is to us and what kinds of resources there are.

use serde::{Deserialize, Serialize};

/// What a person may do; a role includes nothing of another one, routes list what suffices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Trains and reserves.
    Member,
    /// Is a resource: others reserve time with this person.
    Host,
    /// Approves checkouts and keeps the rules.
    Manager,
    /// Manages everything.
    Admin,
}

impl Role {
    /// Rank for "at least": host counts as a member, manager above both, admin above all.
    pub fn rank(self) -> u8 {
        match self {
            Self::Member | Self::Host => 1,
            Self::Manager => 2,
            Self::Admin => 3,
        }
    }
}

/// Whether an account may act (S0-046).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// May act.
    Active,
    /// May log in and look, not reserve.
    Suspended,
    /// May do nothing.
    Banned,
}

/// Machine or person (PRODUCT 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A resource without a person.
    Machine,
    /// A resource that is a person.
    Host,
}

/// What a checkout counts for (S0-045).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CheckoutScope {
    /// One resource.
    #[serde(rename = "machineId")]
    Machine(crate::ResourceId),
    /// Every resource of a category.
    Category(String),
}
