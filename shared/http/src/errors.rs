//! Which problem a use case's error is (PRODUCT 8).
//!
//! Every variant is named, so a new one does not compile before it has its answer.

use std::error::Error;
use std::fmt::Write;

use interlock_app::{AppError, InputFault};
use interlock_policy::{ReasonClass, ReasonCode, Verdict};

use crate::{Kind, Problem, problems};

/// Seconds after which a request in flight is worth another look.
const IN_PROGRESS_SECONDS: u32 = 2;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let detail = error.to_string();
        let cause = cause(&error);
        match error {
            AppError::NotEligible(verdict) => refused(*verdict),
            AppError::SlotTaken { .. } => {
                Self::new(&problems::SLOT_TAKEN, "the time was taken by somebody else")
            }
            AppError::NotFound { .. } => Self::not_found(),
            AppError::StateConflict { .. } => Self::new(&problems::STATE_CONFLICT, detail),
            AppError::IdempotencyMismatch => Self::new(&problems::IDEMPOTENCY_MISMATCH, detail),
            AppError::IdempotencyInProgress => {
                Self::new(&problems::IDEMPOTENCY_IN_PROGRESS, detail)
                    .retry_after(IN_PROGRESS_SECONDS)
            }
            AppError::Invalid(faults) => invalid(faults),
            AppError::EventTypeUnknown => Self::new(&problems::EVENT_TYPE_UNKNOWN, detail),
            AppError::DurationNotOffered { offered } => {
                Self::new(&problems::DURATION_NOT_OFFERED, detail).with_offered(offered)
            }
            AppError::MappingRefused(faults) => {
                Self::new(&problems::MAPPING_REFUSED, detail).with_errors(faults)
            }
            AppError::InvalidCredentials => {
                Self::new(&problems::INVALID_CREDENTIALS, "e-mail or password is wrong")
            }
            AppError::InvalidCode => Self::new(&problems::INVALID_CODE, detail),
            AppError::RateLimited { wait_seconds, quota } => {
                Self::new(&problems::RATE_LIMITED, detail)
                    .retry_after(wait_seconds)
                    .with_quota(quota)
            }
            AppError::Unauthenticated => Self::unauthenticated(),
            AppError::RoleRequired => Self::new(&problems::ROLE_REQUIRED, detail),
            AppError::SelfApproval => Self::new(&problems::SELF_APPROVAL, detail),
            AppError::NotNeeded(faults) => {
                Self::new(&problems::CHECKOUT_NOT_NEEDED, detail).with_errors(faults)
            }
            AppError::BatchRefused(faults) => {
                Self::new(&problems::BATCH_REFUSED, detail).with_errors(faults)
            }
            AppError::TrainingIncomplete { gaps, prerequisites } => {
                Self::new(&problems::TRAINING_INCOMPLETE, detail)
                    .with_gaps(gaps)
                    .with_prerequisites(prerequisites)
            }
            AppError::PreconditionRequired => Self::new(
                &problems::PRECONDITION_REQUIRED,
                "send `If-Match` with the entity tag that was read",
            ),
            AppError::PreconditionFailed => Self::new(&problems::PRECONDITION_FAILED, detail),
            AppError::SignatureInvalid => Self::new(&problems::SIGNATURE_INVALID, detail),
            AppError::Unavailable { retry_after_seconds, .. } => {
                Self::new(&problems::UPSTREAM_UNAVAILABLE, detail)
                    .retry_after(retry_after_seconds)
                    .with_cause(cause)
            }
            AppError::Internal { .. } => Self::internal(cause),
        }
    }
}

fn invalid(faults: Vec<InputFault>) -> Problem {
    let in_body =
        faults.iter().all(|fault| fault.pointer.is_empty() || fault.pointer.starts_with('/'));
    let (kind, detail) = if in_body {
        (&problems::INVALID_BODY, "the body cannot be used")
    } else {
        (&problems::INVALID_PARAMETER, "a parameter cannot be used")
    };
    Problem::new(kind, detail).with_errors(faults)
}

/// What the person lacks goes before what the request breaks before what is taken.
fn refused(verdict: Verdict) -> Problem {
    let leading = verdict.leading().map(|reason| (reason.code.class(), reason.code));
    let (kind, detail) = match leading {
        Some((ReasonClass::Request | ReasonClass::Time, code)) => {
            (of_reason(code), "the request lies outside the rules; see the reasons")
        }
        Some((ReasonClass::Person, _)) | None => {
            (&problems::NOT_ELIGIBLE, "something is still missing; see the reasons")
        }
    };
    Problem::new(kind, detail).with_reasons(verdict.reasons, verdict.policy_version)
}

/// The problem a single reason leads to.
fn of_reason(code: ReasonCode) -> &'static Kind {
    match code {
        ReasonCode::AccountBanned
        | ReasonCode::AccountSuspended
        | ReasonCode::MembershipMissing
        | ReasonCode::MembershipExpired
        | ReasonCode::DocumentMissing
        | ReasonCode::TrainingIncomplete
        | ReasonCode::TrainingExpired
        | ReasonCode::CheckoutMissing
        | ReasonCode::CheckoutLevel
        | ReasonCode::CheckoutExpired
        | ReasonCode::FirstTimeOnly => &problems::NOT_ELIGIBLE,
        ReasonCode::MachineInactive => &problems::MACHINE_INACTIVE,
        ReasonCode::MachineMappingBroken => &problems::MACHINE_MAPPING_BROKEN,
        ReasonCode::MachineOutage => &problems::MACHINE_OUTAGE,
        ReasonCode::HoursClosed => &problems::HOURS_CLOSED,
        ReasonCode::HoursClosure => &problems::HOURS_CLOSURE,
        ReasonCode::GridOff => &problems::GRID_OFF,
        ReasonCode::DurationNotOffered => &problems::DURATION_NOT_OFFERED,
        ReasonCode::DurationTooShort => &problems::DURATION_TOO_SHORT,
        ReasonCode::DurationTooLong => &problems::DURATION_TOO_LONG,
        ReasonCode::DurationOffStep => &problems::DURATION_OFF_STEP,
        ReasonCode::StartInPast => &problems::START_IN_PAST,
        ReasonCode::NoticeCreate => &problems::NOTICE_CREATE,
        ReasonCode::NoticeChange => &problems::NOTICE_CHANGE,
        ReasonCode::NoticeCancel => &problems::NOTICE_CANCEL,
        ReasonCode::HorizonExceeded => &problems::HORIZON_EXCEEDED,
        ReasonCode::QuotaOpenReservations => &problems::QUOTA_OPEN_RESERVATIONS,
        ReasonCode::QuotaExceeded => &problems::QUOTA_EXCEEDED,
        ReasonCode::StrikesLimit => &problems::STRIKES_LIMIT,
        ReasonCode::ReservationGapShort => &problems::RESERVATION_GAP_SHORT,
        ReasonCode::ReservationChained => &problems::RESERVATION_CHAINED,
        ReasonCode::ReservationMissing => &problems::RESERVATION_MISSING,
        ReasonCode::ReservationUncovered => &problems::RESERVATION_UNCOVERED,
        ReasonCode::ReservationNeeded => &problems::RESERVATION_NEEDED,
        ReasonCode::PresenceMissing => &problems::PRESENCE_MISSING,
        ReasonCode::ReservationParallel => &problems::RESERVATION_PARALLEL,
        ReasonCode::ApprovalNeeded => &problems::APPROVAL_NEEDED,
    }
}

/// An error with everything behind it, on one line, for the log and never for an answer.
pub fn cause(error: &AppError) -> String {
    if let AppError::Internal { detail, .. } = error {
        format!("{detail}: {}", chain(error))
    } else {
        chain(error)
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text.replace(['\n', '\r'], " ")
}
