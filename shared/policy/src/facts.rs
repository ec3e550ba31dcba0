//! What is known when a decision is made; the engine reads nothing else.

use jiff::Timestamp;

use crate::{
    AccountStatus, CheckoutScope, EventTypeId, Interval, ModuleId, ReservationId, ResourceId,
    ResourceKind,
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

/// A person's standing, proofs and open reservations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberFacts {
    /// Whether the account may act.
    pub status: AccountStatus,
    /// Training modules completed.
    pub trainings: Vec<TrainingFact>,
    /// Checkouts held, lapsed ones included.
    pub checkouts: Vec<CheckoutFact>,
    /// Reservations not yet ended, those in doubt included.
    pub open_reservations: Vec<OpenReservation>,
}

/// A completed training module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingFact {
    /// Which module.
    pub module_id: ModuleId,
    /// When completed.
    pub completed_at: Timestamp,
    /// Coverage reached, in per cent.
    pub percent: u8,
}

/// A manager's approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutFact {
    /// What it counts for.
    pub scope: CheckoutScope,
    /// When granted.
    pub granted_at: Timestamp,
    /// First instant at which it is no longer valid.
    pub expires_at: Option<Timestamp>,
}

/// A reservation that holds time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReservation {
    /// Which one; a change is judged without the old one.
    pub reservation_id: ReservationId,
    /// Of what.
    pub resource_id: ResourceId,
    /// The time held.
    pub interval: Interval,
}

/// What is known of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}
