//! Proofs a person must hold at every instant of the interval.

use serde::{Deserialize, Serialize};

use super::Level;
use crate::{ModuleId, ResourceId};

/// A proof a person must hold at every instant of the interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Requirement {
    /// A training module completed (S0-044).
    Training(TrainingRequirement),
    /// A manager's approval (S0-045).
    Checkout(CheckoutRequirement),
    /// A membership that runs.
    Membership(MembershipRequirement),
    /// A document accepted.
    Document(DocumentRequirement),
    /// Every one of several.
    All(Combined),
    /// At least one of several.
    Any(Combined),
}

impl Requirement {
    /// Every single proof in it, itself where it is one.
    pub fn singles(&self) -> Vec<&Self> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.of.iter().flat_map(Self::singles).collect()
            }
            Self::Training(_) | Self::Checkout(_) | Self::Membership(_) | Self::Document(_) => {
                vec![self]
            }
        }
    }
}

/// Several requirements taken together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Combined {
    /// Which.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 32)))]
    pub of: Vec<Requirement>,
}

/// A module completed to a degree, and not too long ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingRequirement {
    /// Which module.
    pub module_id: ModuleId,
    /// Coverage wanted, in per cent.
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1, max = 100), extend("x-reasons" = ["training_incomplete"]))
    )]
    pub minimum_percent: u8,
    /// Seconds that must have been watched, counting what was watched twice; absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["training_incomplete"])))]
    pub watched_seconds: Option<u32>,
    /// Days of 24 hours after completion at which the proof lapses; absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1), extend("x-reasons" = ["training_expired"]))
    )]
    pub valid_for_days: Option<u32>,
}

/// Which approval is wanted, how far it goes and how it lapses. It lapses at the earliest of its
/// own expiry, its age and its disuse; days are of 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckoutRequirement {
    /// For what it must be.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["checkout_missing"])))]
    pub scope: CheckoutOf,
    /// The lowest level that suffices; absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("minimum" = 1, "x-reasons" = ["checkout_level"]))
    )]
    pub minimum_level: Option<Level>,
    /// Days after it was granted at which it lapses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1), extend("x-reasons" = ["checkout_expired"]))
    )]
    pub valid_for_days: Option<u32>,
    /// Days after the last use, or after it was granted if that is later, at which it lapses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1), extend("x-reasons" = ["checkout_expired"]))
    )]
    pub lapses_after_days_unused: Option<u32>,
    /// Days after it was granted at which it lapses if it was never used; a use never brings the
    /// lapse nearer. Absent means as after a use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1), extend("x-reasons" = ["checkout_expired"]))
    )]
    pub lapses_if_unused_for_days: Option<u32>,
}

impl CheckoutRequirement {
    /// Any level of this very resource, for ever.
    pub const MACHINE: Self = Self::of(CheckoutOf::Machine);
    /// Any level of the resource's category, for ever.
    pub const CATEGORY: Self = Self::of(CheckoutOf::Category);

    /// Any level of something, for ever.
    pub const fn of(scope: CheckoutOf) -> Self {
        Self {
            scope,
            minimum_level: None,
            valid_for_days: None,
            lapses_after_days_unused: None,
            lapses_if_unused_for_days: None,
        }
    }

    /// Whether neither age nor disuse makes it lapse.
    pub(crate) fn holds_for_ever(&self) -> bool {
        let unused = self.lapses_after_days_unused.or(self.lapses_if_unused_for_days);
        self.valid_for_days.or(unused).is_none()
    }
}

/// For what an approval must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CheckoutOf {
    /// For this very resource; one for its category does not count.
    Machine,
    /// For the category of the resource; one for the resource itself counts too.
    Category,
    /// For another resource, as one builds on the other.
    OtherMachine(ResourceId),
}

/// A membership that runs to the end of the interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["membership_missing"])))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MembershipRequirement {
    /// Days of 24 hours for which a membership that has run out still counts.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["membership_expired"])))]
    pub grace_days: u32,
}

/// A document accepted in a version or a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentRequirement {
    /// Its stable name, such as `house_rules`.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1, max = 64), extend("x-reasons" = ["document_missing"]))
    )]
    pub document: String,
    /// The earliest version that suffices.
    pub version: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(days: &u32) -> bool {
    *days == 0
}
