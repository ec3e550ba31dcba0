//! What is known when a decision is made; the engine reads nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AccountStatus, CheckoutScope, EventTypeId, ExemptionId, Interval, Level, ModuleId, OutageId,
    ReasonCode, ReservationId, ResourceId, ResourceKind,
};

/// Everything a decision may look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The instant of the decision.
    pub now: Timestamp,
    /// The person for whom the resource is wanted.
    pub member: &'a MemberFacts,
    /// The resource.
    pub resource: &'a ResourceFacts,
}

/// A person's standing, proofs, open reservations and past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberFacts {
    /// Whether the account may act.
    pub status: AccountStatus,
    /// First instant at which a suspension no longer counts; absent for one without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_until: Option<Timestamp>,
    /// Groups the person is in.
    pub groups: Vec<String>,
    /// First instant at which the membership no longer runs; absent without a membership.
    pub membership_until: Option<Timestamp>,
    /// Documents accepted.
    pub documents: Vec<DocumentFact>,
    /// Training modules completed.
    pub trainings: Vec<TrainingFact>,
    /// How far modules not yet completed were watched; only for estimates.
    pub progress: Vec<ProgressFact>,
    /// Checkouts held, lapsed ones included.
    pub checkouts: Vec<CheckoutFact>,
    /// Reservations not yet ended, those in doubt included.
    pub open_reservations: Vec<OpenReservation>,
    /// Reservations that ended or were cancelled late, none of which is among the open ones.
    pub past_uses: Vec<PastUse>,
    /// How often the person ever used what.
    pub completed: Vec<UseSummary>,
    /// Misses and late cancellations that were not taken back.
    pub strikes: Vec<StrikeFact>,
    /// Exemptions that concern this resource.
    pub exemptions: Vec<ExemptionFact>,
}

impl MemberFacts {
    /// Of a person of whom nothing else is known.
    pub fn of(status: AccountStatus) -> Self {
        Self {
            status,
            suspended_until: None,
            groups: Vec::new(),
            membership_until: None,
            documents: Vec::new(),
            trainings: Vec::new(),
            progress: Vec::new(),
            checkouts: Vec::new(),
            open_reservations: Vec::new(),
            past_uses: Vec::new(),
            completed: Vec::new(),
            strikes: Vec::new(),
            exemptions: Vec::new(),
        }
    }
}

/// A document accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentFact {
    /// Its stable name.
    pub document: String,
    /// Which version.
    pub version: u32,
    /// When.
    pub accepted_at: Timestamp,
}

/// A completed training module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrainingFact {
    /// Which module.
    pub module_id: ModuleId,
    /// When completed.
    pub completed_at: Timestamp,
    /// Coverage reached, in per cent.
    pub percent: u8,
    /// Seconds watched, counting what was watched twice.
    pub watched_seconds: u32,
    /// First instant at which it no longer counts whatever the policy says, as when a new version
    /// has taken the place of the one watched.
    pub lapses_at: Option<Timestamp>,
}

/// How far a module was watched that is not completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgressFact {
    /// Which module.
    pub module_id: ModuleId,
    /// Seconds covered.
    pub covered_seconds: u32,
    /// Its length in seconds.
    pub duration_seconds: u32,
    /// Seconds watched, counting what was watched twice.
    pub watched_seconds: u32,
}

/// A manager's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutFact {
    /// What it counts for.
    pub scope: CheckoutScope,
    /// How far it goes.
    pub level: Level,
    /// When granted.
    pub granted_at: Timestamp,
    /// First instant at which it is no longer valid.
    pub expires_at: Option<Timestamp>,
    /// When a use for which it counts last ended.
    pub last_used_at: Option<Timestamp>,
}

/// A reservation that holds time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenReservation {
    /// Which one; a change is judged without the old one.
    pub reservation_id: ReservationId,
    /// Of what.
    pub resource_id: ResourceId,
    /// Category of the resource; empty where it is not on record.
    pub category: String,
    /// Which kind, where it is on record.
    pub event_type_id: Option<EventTypeId>,
    /// The time held.
    pub interval: Interval,
    /// When it was made, where it is on record.
    pub made_at: Option<Timestamp>,
}

/// A reservation that no longer holds time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PastUse {
    /// Of what.
    pub resource_id: ResourceId,
    /// Category of the resource; empty where it is not on record.
    pub category: String,
    /// Which kind, where it is on record.
    pub event_type_id: Option<EventTypeId>,
    /// The time it held.
    pub interval: Interval,
    /// What became of it.
    pub outcome: UseOutcome,
}

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseOutcome {
    /// It took place, as far as the clock knows.
    Completed,
    /// It was cancelled inside the notice.
    CancelledLate,
    /// The person did not come.
    NoShow,
}

/// How often a person used a kind on a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseSummary {
    /// Of what.
    pub resource_id: ResourceId,
    /// Which kind, where it is on record.
    pub event_type_id: Option<EventTypeId>,
    /// Times completed.
    pub count: u32,
    /// When the last one ended.
    pub last_ended_at: Timestamp,
}

/// A miss or a late cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StrikeFact {
    /// When.
    pub at: Timestamp,
    /// Which of both.
    pub cause: StrikeCause,
}

/// For what a strike is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StrikeCause {
    /// The person did not come.
    NoShow,
    /// The person cancelled inside the notice.
    LateCancel,
}

/// A named, timed exemption from some rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExemptionFact {
    /// Which.
    pub id: ExemptionId,
    /// From which reasons, and from what is milder than they are, as a checkout that lapses is than
    /// none; those nobody may override stay.
    pub codes: Vec<ReasonCode>,
    /// The time it is for: the whole interval asked for must lie in it, or now where none is.
    pub valid: Interval,
}

/// What is known of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceFacts {
    /// Which one.
    pub id: ResourceId,
    /// Machine or host.
    pub kind: ResourceKind,
    /// Category, for checkouts that count for all of its kind.
    pub category: String,
    /// Whether it takes reservations at all.
    pub active: bool,
    /// Whether a kind at Cal.com no longer is what it was when it was mapped.
    pub mapping_broken: bool,
    /// Offered kinds and their lengths in minutes.
    pub event_types: Vec<(EventTypeId, u32)>,
    /// When it is out of order.
    pub outages: Vec<OutageFact>,
    /// People present now, the person included; absent where nobody counts.
    pub people_present: Option<u32>,
}

/// A stretch in which a resource is out of order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutageFact {
    /// Which.
    pub id: OutageId,
    /// First instant.
    pub starts_at: Timestamp,
    /// First instant after it, where it is known.
    pub ends_at: Option<Timestamp>,
}
