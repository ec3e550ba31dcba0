//! Hours and days as the clock and calendar on the resource's wall show them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// Ranges of local time per weekday; a day without an entry is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transform = crate::schema::days_of_the_week))]
#[serde(transparent)]
pub struct OpeningHours(pub BTreeMap<Weekday, Vec<ClockRange>>);

/// Day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

/// `[opens, closes)` in local time; `closes` at 00:00 means midnight at the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClockRange {
    /// First minute open.
    pub opens: Time,
    /// First minute closed.
    pub closes: Time,
}

/// Time at which the resource is closed whatever its opening hours say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, rename_all_fields = "camelCase", deny_unknown_fields)]
#[serde(expecting = "either `from` and `to` as dates, or `start` and `end` as instants")]
pub enum Closure {
    /// Whole civil days of the resource.
    Days {
        /// First day closed.
        from: Date,
        /// Last day closed.
        to: Date,
        /// What members are told, such as the name of a holiday.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
        note: Option<String>,
    },
    /// `[start, end)`.
    Time {
        /// First instant closed.
        start: Timestamp,
        /// First instant no longer closed.
        end: Timestamp,
        /// What members are told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
        note: Option<String>,
    },
}

/// Quiet time in which limits are relaxed.
///
/// What lies wholly in it is free of the bounds on length, of quotas, of the cap of open
/// reservations, of the gap and of chaining. Of what lies partly in it only the rest counts
/// against the longest length and against quotas of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OffPeak {
    /// Saturdays and Sundays.
    pub weekend: bool,
    /// A window of every day; one that closes before it opens runs over midnight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<ClockRange>,
}
