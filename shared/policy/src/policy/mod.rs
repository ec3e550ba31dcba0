//! A resource's policy as data: proofs a person must hold and limits on a reservation.

mod area;
mod by_who;
mod hours;
mod look_back;
mod quota;
mod requirement;
mod rules;
mod strikes;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{EventTypeId, Interval, ZoneName};

pub use area::{AreaRule, ContentsRule};
pub use by_who::{ByWho, GroupValue, Level, LevelValue, Varied, Who};
pub use hours::{ClockRange, Closure, OffPeak, OpeningHours, Weekday};
pub use quota::{Quota, QuotaMeasure, QuotaPeriod, QuotaScope};
pub use requirement::{
    CheckoutOf, CheckoutRequirement, Combined, DocumentRequirement, MembershipRequirement,
    Requirement, TrainingRequirement,
};
pub use rules::{ApprovalRule, DurationRule, FirstTime, LossOutcome, LossRule, Notice, Rules};
pub use strikes::{StrikeLimit, StrikeRule};

/// Number of a saved policy; each save counts one up.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
#[serde(transparent)]
pub struct PolicyVersion(pub u32);

/// Everything that is asked of a person and a reservation on one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Which save this is; what is about to be saved need not say.
    #[serde(default)]
    pub version: PolicyVersion,
    /// Zone of the resource: its civil days, opening hours and grid are read in it.
    pub time_zone: ZoneName,
    /// Proofs, all of them wanted.
    #[cfg_attr(feature = "schema", schemars(length(max = 32)))]
    pub requirements: Vec<Requirement>,
    /// Limits, all of them applied.
    pub rules: Rules,
    /// What some event types ask beside; each event type at most once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 32)))]
    pub overlays: Vec<Overlay>,
}

/// What one event type asks beside the policy: both apply, so that the stricter wins and no
/// overlay lets in whom the policy refuses (PRODUCT 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Overlay {
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// Proofs wanted beside those of the policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 32)))]
    pub requirements: Vec<Requirement>,
    /// Limits applied beside those of the policy.
    #[serde(default)]
    pub rules: Rules,
}

impl Policy {
    /// Every single proof that is named anywhere in it, overlays and combinations included.
    pub fn single_requirements(&self) -> impl Iterator<Item = &Requirement> {
        let overlays = self.overlays.iter().flat_map(|overlay| &overlay.requirements);
        self.requirements.iter().chain(overlays).flat_map(Requirement::singles)
    }

    /// Whether giving an interval back now counts as late; what has begun is not given back.
    pub fn cancels_late(&self, kind: EventTypeId, interval: &Interval, now: Timestamp) -> bool {
        let overlay = self.overlay(kind).map(|overlay| overlay.rules.late_cancel_minutes);
        let minutes = self.rules.late_cancel_minutes.max(overlay.unwrap_or(0));
        let term = SignedDuration::from_mins(i64::from(minutes));
        interval.start().duration_since(now) < term
    }

    /// The overlay of an event type.
    pub fn overlay(&self, id: EventTypeId) -> Option<&Overlay> {
        self.overlays.iter().find(|overlay| overlay.event_type_id == id)
    }
}
