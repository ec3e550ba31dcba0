//! Areas: resources in which other ones are used.

use serde::{Deserialize, Serialize};

use crate::ResourceId;

/// The resource in which this one is used: who reserves this one holds that one too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AreaRule {
    /// Which one.
    pub resource_id: ResourceId,
    /// Whether the start alone must lie in the person's reservations of it; else every instant.
    #[serde(default)]
    pub start_only: bool,
}

/// The resources that are used in this one: whoever moves a reservation of this one keeps the own
/// ones of those covered that were. Whoever cancels it may; what is no longer covered is refused
/// when its use begins, by its own `area`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContentsRule {
    /// Which ones.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub resource_ids: Vec<ResourceId>,
    /// Whether their start alone must stay covered; else every instant.
    #[serde(default)]
    pub start_only: bool,
}
