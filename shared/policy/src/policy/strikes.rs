//! Strikes: points that decay and lead to graded limits, never to a ban (FEATURES 4.16).

use serde::{Deserialize, Serialize};

/// What a missed or late-cancelled reservation costs, and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StrikeRule {
    /// Points of a reservation that was missed.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub no_show_points: u32,
    /// Points of one that was cancelled too late.
    #[cfg_attr(feature = "schema", schemars(range(max = 1000)))]
    pub late_cancel_points: u32,
    /// Days of 24 hours after which points are forgotten.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 400)))]
    pub decay_days: u32,
    /// What so many points lead to; every one that is reached applies.
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub limits: Vec<StrikeLimit>,
}

/// A limit from a number of points on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StrikeLimit {
    /// Points from which it applies.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub from_points: u32,
    /// How far ahead a reservation may start, in days of 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub horizon_days: Option<u32>,
    /// Most reservations the person may have open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub open_cap: Option<u32>,
    /// Longest reservation, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub maximum_minutes: Option<u32>,
    /// Whether somebody must say yes to each reservation.
    #[serde(default)]
    pub needs_approval: bool,
}
