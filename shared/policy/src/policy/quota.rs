//! One kind of quota for everything that is counted per person.

use serde::{Deserialize, Serialize};

use super::{ByWho, OpeningHours};

/// At most so many reservations or minutes of a person in a stretch of the resource's calendar.
///
/// A reservation over a border counts where it lies: its minutes each on their own day, and as one
/// reservation on every day it touches. Holds that are in doubt count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quota {
    /// What is counted.
    pub measure: QuotaMeasure,
    /// How much is allowed.
    pub limit: ByWho<u32>,
    /// In which stretch.
    pub per: QuotaPeriod,
    /// On what.
    #[serde(default)]
    pub scope: QuotaScope,
    /// Only time inside these hours counts; absent means all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<OpeningHours>,
    /// Whether what has taken place or was missed counts beside what lies ahead.
    #[serde(default = "yes")]
    pub completed_count: bool,
    /// Whether what was cancelled late counts as if it had been used.
    #[serde(default)]
    pub late_cancels_count: bool,
}

fn yes() -> bool {
    true
}

/// What a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuotaMeasure {
    /// Reservations.
    Count,
    /// Minutes.
    Minutes,
}

/// A stretch of the resource's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuotaPeriod {
    /// A civil day.
    Day,
    /// A civil week, from Monday.
    Week,
    /// A civil month.
    Month,
    /// A civil year.
    Year,
    /// Any so many civil days in a row.
    SlidingDays(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 366)))] u16),
}

/// On what a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// On this resource.
    #[default]
    Resource,
    /// On every resource of its category.
    Category,
    /// On every resource.
    All,
    /// On the event type asked for.
    EventType,
}
