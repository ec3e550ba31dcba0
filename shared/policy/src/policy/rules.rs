//! Limits on a reservation.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{AreaRule, ByWho, Closure, ContentsRule, OffPeak, OpeningHours, Quota, StrikeRule};

/// Limits on a reservation; `None` and zero mean no such limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rules {
    /// When the resource may be used; absent means always.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["hours_closed"])))]
    pub opening_hours: ByWho<Option<OpeningHours>>,
    /// When it is closed whatever the opening hours say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(length(max = 400), extend("x-reasons" = ["hours_closure"]))
    )]
    pub closures: Vec<Closure>,
    /// How far ahead a reservation may start, in days of 24 hours.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["horizon_exceeded"])))]
    pub horizon_days: ByWho<Option<u32>>,
    /// How long before the start one may still act.
    pub notice: Notice,
    /// Minutes by which a start may already lie in the past; of the policy itself only.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(max = 1440), extend("x-reasons" = ["start_in_past"]))
    )]
    pub start_grace_minutes: u32,
    /// Minutes after a reservation was made in which no notice is asked for moving or cancelling
    /// it, as long as it has not begun.
    #[serde(skip_serializing_if = "is_zero")]
    #[cfg_attr(
        feature = "schema",
        schemars(range(max = 1440), extend("x-reasons" = ["notice_change", "notice_cancel"]))
    )]
    pub free_edit_minutes: u32,
    /// Minutes before the start from which a cancellation by the holder counts as late.
    #[serde(skip_serializing_if = "is_zero")]
    pub late_cancel_minutes: u32,
    /// Shortest, longest and step.
    pub duration: DurationRule,
    /// Starts lie on multiples of this many minutes from local midnight.
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1, max = 1440), extend("x-reasons" = ["grid_off"]))
    )]
    pub grid_minutes: Option<u32>,
    /// Most reservations a person may have open.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["quota_open_reservations"])))]
    pub open_cap: ByWho<Option<u32>>,
    /// How much a person may have in a stretch of time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(length(max = 32), extend("x-reasons" = ["quota_exceeded"]))
    )]
    pub quotas: Vec<Quota>,
    /// Minutes between two reservations of a person on this resource.
    #[serde(skip_serializing_if = "is_none_needed")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["reservation_gap_short"])))]
    pub minimum_gap_minutes: ByWho<u32>,
    /// Whether two reservations of a person on this resource may not touch.
    #[serde(skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["reservation_chained"])))]
    pub no_chaining: bool,
    /// Whether a person may hold two reservations at one time; absent means not, and in an overlay
    /// as the policy says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["reservation_parallel"])))]
    pub allow_parallel: Option<bool>,
    /// Quiet time in which limits are relaxed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_peak: Option<OffPeak>,
    /// People who must be present when use begins, the person included.
    #[serde(skip_serializing_if = "is_none_needed")]
    #[cfg_attr(
        feature = "schema",
        schemars(extend("maximum" = 100, "x-reasons" = ["presence_missing"]))
    )]
    pub minimum_present: ByWho<u32>,
    /// Whether the resource may be used without a reservation; of the policy itself only.
    #[serde(skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["reservation_missing"])))]
    pub walk_in: bool,
    /// In what it is used; absent means in nothing that is reserved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["reservation_uncovered"])))]
    pub area: Option<AreaRule>,
    /// What is used in it; absent means nothing that is reserved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["reservation_needed"])))]
    pub contents: Option<ContentsRule>,
    /// Whether only somebody new may reserve, as for a trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["first_time_only"])))]
    pub first_time_only: Option<FirstTime>,
    /// Whether somebody must say yes to each reservation; absent means nobody need.
    #[serde(skip_serializing_if = "is_never")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["approval_needed"])))]
    pub needs_approval: ByWho<Option<ApprovalRule>>,
    /// What missed and late-cancelled reservations lead to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["strikes_limit"])))]
    pub strikes: Option<StrikeRule>,
    /// What becomes of reservations ahead whose holder may no longer have them; of the policy
    /// itself only.
    #[serde(skip_serializing_if = "LossRule::is_usual")]
    pub on_lost_eligibility: LossRule,
}

/// To what somebody must be new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FirstTime {
    /// To the resource.
    Resource,
    /// To the event type asked for.
    EventType,
}

/// A reservation waits for a manager's or host's yes (PRODUCT D17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ApprovalRule {
    /// How long the time is held for the decision, in hours, and never beyond the start.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 720)))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LossOutcome {
    /// It stands, and nobody is told.
    Keep,
    /// It stands, and the reservation says what is missing.
    Flag,
    /// It stands with a flag for so long, and is cancelled if it is still missing then.
    RenewBy {
        /// Days of 24 hours; never beyond the start.
        #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
        days: u32,
    },
    /// It is cancelled.
    Cancel,
}

impl LossOutcome {
    /// The one of two that leaves less: a shorter term before a longer one, none before a mark.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        [self, other].into_iter().max_by_key(|outcome| outcome.rank()).unwrap_or(self)
    }

    fn rank(self) -> (u8, Reverse<u32>) {
        match self {
            Self::Keep => (0, Reverse(0)),
            Self::Flag => (1, Reverse(0)),
            Self::RenewBy { days } => (2, Reverse(days)),
            Self::Cancel => (3, Reverse(0)),
        }
    }
}

/// How many minutes before the start one may still act; zero until it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Notice {
    /// To create.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["notice_create"])))]
    pub create_minutes: ByWho<u32>,
    /// To move.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["notice_change"])))]
    pub change_minutes: ByWho<u32>,
    /// To cancel.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["notice_cancel"])))]
    pub cancel_minutes: ByWho<u32>,
}

impl Notice {
    /// The same for everybody.
    pub fn of(create: u32, change: u32, cancel: u32) -> Self {
        Self {
            create_minutes: create.into(),
            change_minutes: change.into(),
            cancel_minutes: cancel.into(),
        }
    }
}

/// Bounds of a reservation's length, in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DurationRule {
    /// Shortest.
    #[cfg_attr(feature = "schema", schemars(extend("x-reasons" = ["duration_too_short"])))]
    pub minimum_minutes: Option<u32>,
    /// Longest.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("minimum" = 1, "x-reasons" = ["duration_too_long"]))
    )]
    pub maximum_minutes: ByWho<Option<u32>>,
    /// Lengths are multiples of this.
    #[cfg_attr(
        feature = "schema",
        schemars(range(min = 1), extend("x-reasons" = ["duration_off_step"]))
    )]
    pub step_minutes: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

fn is_none_needed(count: &ByWho<u32>) -> bool {
    *count == ByWho::Plain(0)
}

fn is_never(rule: &ByWho<Option<ApprovalRule>>) -> bool {
    *rule == ByWho::Plain(None)
}
