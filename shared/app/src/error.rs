//! Why a use case did not happen; knows nothing of HTTP, queues or tables.

use interlock_policy::{Interval, ModuleId, Verdict};

use crate::limits::Quota;
use crate::ports::QueueError;
use crate::ports::scheduler::{Failure, SchedulerError};
use crate::ports::store::{CommitError, StoreError};

/// A fault in one value of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFault {
    /// JSON pointer into the body, or the parameter's name.
    pub pointer: String,
    /// Stable word for the fault.
    pub code: &'static str,
    /// What is wrong, for the person.
    pub detail: String,
}

impl InputFault {
    /// A fault at a pointer.
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// A stretch of a video not watched yet, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// First millisecond missing.
    pub from: u64,
    /// First millisecond watched again.
    pub to: u64,
}

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The gate refuses; the verdict says everything that is missing.
    #[error("the gate refuses")]
    NotEligible(Box<Verdict>),
    /// The time was lost to another reservation.
    #[error("the time from {} is taken", interval.start())]
    SlotTaken {
        /// The time wanted.
        interval: Interval,
    },
    /// Absent, or not the caller's to know.
    #[error("no such {what}")]
    NotFound {
        /// Kind of object.
        what: &'static str,
    },
    /// The object is in a state in which this cannot be done.
    #[error("{detail}")]
    StateConflict {
        /// Which state and what it forbids.
        detail: String,
    },
    /// The same key came with another body.
    #[error("the idempotency key was used with another body")]
    IdempotencyMismatch,
    /// The first call with this key still runs.
    #[error("the first call with this idempotency key still runs")]
    IdempotencyInProgress,
    /// The input cannot be used; every fault is listed.
    #[error("the input is not valid")]
    Invalid(Vec<InputFault>),
    /// No kind with this id is offered.
    #[error("the event type is not offered")]
    EventTypeUnknown,
    /// None, or not exactly one, of the offered kinds has the length asked for.
    #[error("the duration is not offered")]
    DurationNotOffered {
        /// Offered lengths in minutes.
        offered: Vec<u32>,
    },
    /// The mapping to Cal.com does not meet the preconditions.
    #[error("the event type mapping is not usable")]
    MappingRefused(Vec<InputFault>),
    /// Wrong e-mail or password, or an account that may not log in.
    #[error("the credentials are not valid")]
    InvalidCredentials,
    /// The code of a second factor does not count, or no login waits for one.
    #[error("the code is wrong or was used, or no login waits for one")]
    InvalidCode,
    /// It was done too often.
    #[error("too often")]
    RateLimited {
        /// Seconds after which to try again.
        wait_seconds: u32,
        /// The limit that is used up.
        quota: Option<Quota>,
    },
    /// Nobody is logged in.
    #[error("not logged in")]
    Unauthenticated,
    /// The caller's role does not suffice.
    #[error("the role does not suffice")]
    RoleRequired,
    /// Somebody tried to decide on what is his own.
    #[error("nobody approves himself")]
    SelfApproval,
    /// There is nothing to ask for; every reason at once.
    #[error("there is nothing to ask for")]
    NotNeeded(Vec<InputFault>),
    /// Of several people some cannot be answered, so nobody was.
    #[error("nobody was answered, because not all can be")]
    BatchRefused(Vec<InputFault>),
    /// The module is not watched enough.
    #[error("the training is not complete")]
    TrainingIncomplete {
        /// What is missing.
        gaps: Vec<Gap>,
        /// Modules to be completed before it.
        prerequisites: Vec<ModuleId>,
    },
    /// `If-Match` is wanted.
    #[error("a precondition is required")]
    PreconditionRequired,
    /// `If-Match` names another version.
    #[error("the object has changed")]
    PreconditionFailed,
    /// Signature of a delivery is missing or wrong.
    #[error("the signature is not valid")]
    SignatureInvalid,
    /// Another system does not serve at present.
    #[error("{system} is unavailable")]
    Unavailable {
        /// Which.
        system: &'static str,
        /// Seconds after which to try again.
        retry_after_seconds: u32,
        /// What it said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A record or an answer that contradicts what must hold; never retried.
    #[error("an inner fault")]
    Internal {
        /// For the log.
        detail: String,
        /// What lies behind.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

impl AppError {
    /// An inner fault without a cause.
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::Internal { detail: detail.into(), source: None }
    }

    /// A single fault of the input.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![InputFault::at(pointer, code, detail)])
    }

    /// The present state forbids it.
    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::StateConflict { detail: detail.into() }
    }

    /// Writes kept colliding.
    pub fn contended() -> Self {
        Self::Unavailable { system: "the table", retry_after_seconds: 1, source: None }
    }

    /// A stable word for what went wrong, without anything another system said.
    pub fn word(&self) -> String {
        if let Self::Unavailable { system, .. } = self {
            let system = system.trim_start_matches("the ").replace(' ', "_");
            return format!("{system}_unavailable");
        }
        self.fault_code().to_owned()
    }

    /// The same where it is told of one of several, without the name of another system.
    pub fn fault_code(&self) -> &'static str {
        match self {
            Self::NotEligible(_) => "not_eligible",
            Self::SlotTaken { .. } => "slot_taken",
            Self::NotFound { .. } => "not_found",
            Self::StateConflict { .. } => "state_conflict",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::IdempotencyInProgress => "idempotency_in_progress",
            Self::Invalid(faults) => faults.first().map_or("invalid", |fault| fault.code),
            Self::EventTypeUnknown => "event_type_unknown",
            Self::DurationNotOffered { .. } => "duration_not_offered",
            Self::MappingRefused(_) => "mapping_refused",
            Self::InvalidCredentials => "invalid_credentials",
            Self::InvalidCode => "invalid_code",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unauthenticated => "unauthenticated",
            Self::RoleRequired => "role_required",
            Self::SelfApproval => "self_approval",
            Self::NotNeeded(_) => "checkout_not_needed",
            Self::BatchRefused(_) => "batch_refused",
            Self::TrainingIncomplete { .. } => "training_incomplete",
            Self::PreconditionRequired => "precondition_required",
            Self::PreconditionFailed => "precondition_failed",
            Self::SignatureInvalid => "signature_invalid",
            Self::Unavailable { .. } => "upstream_unavailable",
            Self::Internal { .. } => "internal",
        }
    }

    /// How a call of the scheduler failed, where that is the cause.
    pub(crate) fn scheduler_failure(&self) -> Option<Failure> {
        let Self::Unavailable { source: Some(source), .. } = self else { return None };
        source.downcast_ref::<SchedulerError>().map(|error| error.failure)
    }

    /// Whether the same call may succeed later; a queue worker asks before it gives up.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::IdempotencyInProgress | Self::RateLimited { .. } => {
                true
            }
            Self::NotEligible(_)
            | Self::SlotTaken { .. }
            | Self::NotFound { .. }
            | Self::StateConflict { .. }
            | Self::IdempotencyMismatch
            | Self::Invalid(_)
            | Self::EventTypeUnknown
            | Self::DurationNotOffered { .. }
            | Self::MappingRefused(_)
            | Self::InvalidCredentials
            | Self::InvalidCode
            | Self::Unauthenticated
            | Self::RoleRequired
            | Self::SelfApproval
            | Self::NotNeeded(_)
            | Self::BatchRefused(_)
            | Self::TrainingIncomplete { .. }
            | Self::PreconditionRequired
            | Self::PreconditionFailed
            | Self::SignatureInvalid
            | Self::Internal { .. } => false,
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(source) => Self::Unavailable {
                system: "the table",
                retry_after_seconds: 2,
                source: Some(source),
            },
            StoreError::Corrupt { .. } => {
                Self::Internal { detail: error.to_string(), source: Some(Box::new(error)) }
            }
        }
    }
}

impl From<CommitError> for AppError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(_) => Self::contended(),
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<QueueError> for AppError {
    fn from(error: QueueError) -> Self {
        Self::Unavailable { system: "the queue", retry_after_seconds: 2, source: Some(error.0) }
    }
}

impl From<SchedulerError> for AppError {
    fn from(error: SchedulerError) -> Self {
        let retry_after_seconds = error
            .retry_after
            .and_then(|after| u32::try_from(after.as_secs()).ok())
            .unwrap_or(if error.failure == Failure::RateLimited { 60 } else { 10 });
        Self::Unavailable {
            system: "the scheduler",
            retry_after_seconds,
            source: Some(Box::new(error)),
        }
    }
}
