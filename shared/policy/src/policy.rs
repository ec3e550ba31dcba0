//! A resource's policy as data: proofs a person must hold and limits on a reservation.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::{ModuleId, ZoneName};

/// Number of a saved policy; each save counts one up.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PolicyVersion(pub u32);

/// Everything that is asked of a person and a reservation on one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Which save this is; what is about to be saved need not say.
    #[serde(default)]
    pub version: PolicyVersion,
    /// Zone of the resource: opening hours and grid are read in it.
    pub time_zone: ZoneName,
    /// Proofs, all of them wanted.
    pub requirements: Vec<Requirement>,
    /// Limits, all of them applied.
    pub rules: Rules,
}

/// A proof a person must hold at every instant of the interval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Requirement {
    /// A training module completed (S0-044).
    Training(TrainingRequirement),
    /// A manager's approval (S0-045).
    Checkout(CheckoutRequirement),
}

/// A module completed to a degree, and not too long ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingRequirement {
    /// Which module.
    pub module_id: ModuleId,
    /// Coverage wanted, in per cent.
    pub minimum_percent: u8,
    /// Days after completion at which the proof lapses; absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for_days: Option<u32>,
}

/// Which approval is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, tag = "scope")]
pub enum CheckoutRequirement {
    /// For this very resource; one for its category does not count.
    Machine,
    /// For the category of the resource; one for the resource itself counts too.
    Category,
}

/// Limits on a reservation; `None` means no such limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rules {
    /// When the resource may be used; absent means always.
    pub opening_hours: Option<OpeningHours>,
    /// How far ahead a reservation may start, in days of 24 hours.
    pub horizon_days: Option<u32>,
    /// How long before the start one may still act.
    pub notice: Notice,
    /// Shortest, longest and step.
    pub duration: DurationRule,
    /// Starts lie on multiples of this many minutes from local midnight.
    pub grid_minutes: Option<u32>,
    /// Most reservations a person may have open.
    pub open_cap: Option<u32>,
    /// Whether a person may hold two reservations at one time.
    pub allow_parallel: bool,
    /// Whether somebody must say yes to each reservation; absent means nobody need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_approval: Option<ApprovalRule>,
    /// What becomes of reservations ahead whose holder may no longer have them.
    #[serde(skip_serializing_if = "LossRule::is_usual")]
    pub on_lost_eligibility: LossRule,
}

/// A reservation waits for a manager's or host's yes (PRODUCT D17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ApprovalRule {
    /// How long the time is held for the decision, in hours, and never beyond the start.
    pub hold_hours: u32,
}

impl Default for ApprovalRule {
    fn default() -> Self {
        Self { hold_hours: 48 }
    }
}

/// What becomes of reservations ahead whose holder may no longer have them, by what was lost
/// (promise R3). A ban always cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LossRule {
    /// When the person lost something: suspended, checkout or training gone.
    pub person: LossOutcome,
    /// When the resource changed: closed, or asking for more than before.
    pub resource: LossOutcome,
}

impl Default for LossRule {
    fn default() -> Self {
        Self { person: LossOutcome::Cancel, resource: LossOutcome::Flag }
    }
}

impl LossRule {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// What becomes of one reservation (PRODUCT 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossOutcome {
    /// It stands, and nobody is told.
    Keep,
    /// It stands, and the reservation says what is missing.
    Flag,
    /// It stands with a flag for so long, and is cancelled if it is still missing then.
    RenewBy {
        /// Days of 24 hours; never beyond the start.
        days: u32,
    },
    /// It is cancelled.
    Cancel,
}

/// How many minutes before the start one may still act; zero until it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Notice {
    /// To create.
    pub create_minutes: u32,
    /// To move.
    pub change_minutes: u32,
    /// To cancel.
    pub cancel_minutes: u32,
}

/// Bounds of a reservation's length, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DurationRule {
    /// Shortest.
    pub minimum_minutes: Option<u32>,
    /// Longest.
    pub maximum_minutes: Option<u32>,
    /// Lengths are multiples of this.
    pub step_minutes: Option<u32>,
}

/// Ranges of local time per weekday; a day without an entry is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct OpeningHours(pub std::collections::BTreeMap<Weekday, Vec<ClockRange>>);

/// Day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// `[opens, closes)` in local time; `closes` at 00:00 means midnight at the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClockRange {
    /// First minute open.
    pub opens: Time,
    /// First minute closed.
    pub closes: Time,
}
