//! The gate itself: pure types and rules that say who may have which resource when.
//!
//! Nothing here reads a clock, a table or a network; `now` is a fact like any other.
#![warn(missing_docs)]
#![deny(clippy::arithmetic_side_effects, clippy::float_arithmetic)]

mod build_reason;
mod code;
mod evaluate;
mod facts;
mod id;
mod interval;
pub mod ledger;
mod policy;
mod reason;
mod request;
mod role;
mod rules;
mod validate;
mod verdict;
mod zone;

pub use code::reasons_markdown;
pub use evaluate::evaluate;
pub use facts::{CheckoutFact, Facts, MemberFacts, OpenReservation, ResourceFacts, TrainingFact};
pub use id::kind as id_kind;
pub use id::{
    CalAccountId, CheckoutId, EventTypeId, FindingId, Id, IdError, IdKind, ModuleId, OutboxId,
    RequestId, ReservationId, ResourceId, RunId, UserId, WatchId,
};
pub use interval::{Interval, IntervalError};
pub use policy::{
    ApprovalRule, CheckoutRequirement, ClockRange, DurationRule, LossOutcome, LossRule, Notice,
    OpeningHours, Policy, PolicyVersion, Requirement, Rules, TrainingRequirement, Weekday,
};
pub use reason::{NextStep, Reason, ReasonClass, ReasonCode, Severity};
pub use request::{Purpose, Request};
pub use role::{AccountStatus, CheckoutScope, ResourceKind, Role};
pub use validate::PolicyFault;
pub use verdict::{Decision, Verdict};
pub use zone::{ZoneError, ZoneName};
