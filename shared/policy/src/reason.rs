//! Reasons: stable codes with parameters and the next step that would remove them.
//!
//! A code is a public contract: it never changes meaning and is never reused (docs/REASONS.md).

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::{Evidence, ExemptionId, Href, Parameters, Role};

/// Mostly one; it reads like a vector, and one alone allocates nothing.
pub type Few<T> = SmallVec<[T; 1]>;

/// How a refusal is answered; the order is the precedence of PRODUCT 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonClass {
    /// The person lacks something: 403.
    Person,
    /// The request lies outside the rules: 422.
    Request,
    /// The time is taken: 409.
    Time,
}

/// Why not, gravest first; the order is that of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// The account is banned.
    AccountBanned,
    /// The account is suspended.
    AccountSuspended,
    /// There is no membership.
    MembershipMissing,
    /// The membership runs out before the interval ends.
    MembershipExpired,
    /// A document is not accepted in the version wanted.
    DocumentMissing,
    /// A required module is not completed.
    TrainingIncomplete,
    /// A required module was completed too long ago for the interval.
    TrainingExpired,
    /// No manager has approved.
    CheckoutMissing,
    /// The approval does not go far enough.
    CheckoutLevel,
    /// The approval lapses before the interval ends.
    CheckoutExpired,
    /// Only somebody new may have it.
    FirstTimeOnly,
    /// The resource takes no reservations.
    MachineInactive,
    /// A kind at Cal.com is not what it was when it was mapped.
    MachineMappingBroken,
    /// The resource is out of order.
    MachineOutage,
    /// The start lies in the past.
    StartInPast,
    /// The interval leaves the opening hours.
    HoursClosed,
    /// The resource is closed on that day or at that time.
    HoursClosure,
    /// The start is not on the grid.
    GridOff,
    /// No offered kind has this length.
    DurationNotOffered,
    /// Shorter than the shortest length.
    DurationTooShort,
    /// Longer than the longest length.
    DurationTooLong,
    /// Not a multiple of the step.
    DurationOffStep,
    /// Too close to the start to create.
    NoticeCreate,
    /// Too close to the start to move.
    NoticeChange,
    /// Too close to the start to cancel.
    NoticeCancel,
    /// Too far ahead.
    HorizonExceeded,
    /// As many open reservations as allowed.
    QuotaOpenReservations,
    /// More than is allowed in a stretch of time.
    QuotaExceeded,
    /// More than is left after what was missed or cancelled late.
    StrikesLimit,
    /// Too close to another reservation of the person on the resource.
    ReservationGapShort,
    /// It touches another reservation of the person on the resource.
    ReservationChained,
    /// The person has no reservation for now.
    ReservationMissing,
    /// The person has not reserved what it is used in.
    ReservationUncovered,
    /// Another reservation of the person needs this one.
    ReservationNeeded,
    /// The person holds another reservation at that time.
    ReservationParallel,
    /// Too few people are present.
    PresenceMissing,
    /// Somebody in charge must say yes first.
    ApprovalNeeded,
}

/// Whether a reason blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Refuses.
    Block,
    /// Asks for somebody's yes.
    Approval,
    /// Permits on a condition.
    Condition,
}

/// What can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextStep {
    /// Stable word for the action, such as `watch_training` or `ask_for_checkout`.
    pub action: Cow<'static, str>,
    /// Who takes it; absent means the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Role>,
    /// Where in the application, a path on our origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<Href>,
    /// When it starts to make sense, if waiting is the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// How long it takes at least, in seconds, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_seconds: Option<u32>,
}

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// The stable code.
    pub code: ReasonCode,
    /// Whether it blocks.
    pub severity: Severity,
    /// Values a sentence needs, by name.
    pub parameters: Parameters,
    /// What was looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Roles that may grant an exemption; empty where none may.
    pub overridable_by: Cow<'static, [Role]>,
    /// What removes it, first the shortest way.
    pub next_steps: Few<NextStep>,
    /// First instant from which it would no longer hold, where computable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_from: Option<Timestamp>,
    /// Where in the policy the alternative stands of which it is a part; fixing every reason of
    /// one alternative suffices for all that share the pointer but for its last number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_of: Option<String>,
    /// The reason in the reader's language; absent until it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// The exemption that makes a condition of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<ExemptionId>,
}
