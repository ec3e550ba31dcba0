//! The gate itself: pure types and rules that say who may have which resource when.
//!
//! Nothing here reads a clock, a table or a network; `now` is a fact like any other.
#![warn(missing_docs)]
#![deny(clippy::arithmetic_side_effects, clippy::float_arithmetic)]

mod build_reason;
mod civil;
mod code;
mod evaluate;
mod evidence;
mod facts;
mod id;
mod interval;
pub mod ledger;
mod parameters;
mod policy;
mod reason;
mod request;
mod role;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod validate;
mod verdict;
mod wall;
mod zone;

pub use code::reasons_markdown;
pub use evaluate::{Gate, evaluate};
pub use evidence::Evidence;
pub use facts::{
    CheckoutFact, DocumentFact, ExemptionFact, Facts, MemberFacts, OpenReservation, OutageFact,
    PastUse, ProgressFact, ResourceFacts, StrikeCause, StrikeFact, TrainingFact, UseOutcome,
    UseSummary,
};
pub use id::kind as id_kind;
pub use id::{
    CalAccountId, CheckoutId, CheckoutRequestId, EventTypeId, ExemptionId, FindingId, Id, IdError,
    IdKind, ModuleId, OutageId, OutboxId, RequestId, ReservationId, ResourceId, RunId, UserId,
    WatchId,
};
pub use interval::{Interval, IntervalError};
pub use parameters::{Href, Parameters, Value};
pub use policy::{
    ApprovalRule, AreaRule, ByWho, CheckoutOf, CheckoutRequirement, ClockRange, Closure, Combined,
    ContentsRule, DocumentRequirement, DurationRule, FirstTime, GroupValue, Level, LevelValue,
    LossOutcome, LossRule, MembershipRequirement, Notice, OffPeak, OpeningHours, Overlay, Policy,
    PolicyVersion, Quota, QuotaMeasure, QuotaPeriod, QuotaScope, Requirement, Rules, StrikeLimit,
    StrikeRule, TrainingRequirement, Varied, Weekday, Who,
};
pub use reason::{Few, NextStep, Reason, ReasonClass, ReasonCode, Severity};
pub use request::{Purpose, Request};
pub use role::{AccountStatus, CheckoutScope, ResourceKind, Role};
pub use rules::{
    HolderTerms, ShownDuration, ShownNotice, ShownOverlay, ShownPolicy, ShownQuota, ShownRules,
};
pub use validate::PolicyFault;
pub use verdict::{Decision, Verdict};
pub use zone::{ZoneError, ZoneName};
