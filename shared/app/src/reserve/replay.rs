//! What a request with a known idempotency key is told (PRODUCT 8).

use jiff::Timestamp;

use super::Placed;
use crate::model::{
    Cause, IdempotencyKey, IdempotencyRecord, Recorded, Reservation, State, reservation_body,
};
use crate::ports::store::Stored;
use crate::{App, AppError, Snapshot};

/// The caller's idempotency key with the digest of the body it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyUse {
    /// Digest of user, operation, path and key.
    pub key: IdempotencyKey,
    /// SHA-256 of the body, in lower-case hex.
    pub body_hash: String,
}

/// The record of a request, if it is still remembered.
pub(crate) fn remembered(
    snapshot: &Snapshot,
    wanted: &IdempotencyUse,
    now: Timestamp,
) -> Result<(Option<IdempotencyRecord>, Option<u64>), AppError> {
    let key = IdempotencyRecord::key_of(&wanted.key);
    Ok(match snapshot.get::<IdempotencyRecord>(&key)? {
        Some(Stored { value, version }) if value.expires_at > now => (Some(value), Some(version)),
        Some(Stored { version, .. }) => (None, Some(version)),
        None => (None, None),
    })
}

/// The answer to a repeated request: the recorded one, or how the reservation stands by now.
///
/// Errors: `IdempotencyMismatch` for another body, `IdempotencyInProgress` while the first call
/// may still be at work, or the problem the first call ended with.
pub(crate) async fn replayed(
    app: &App,
    wanted: &IdempotencyUse,
    record: IdempotencyRecord,
) -> Result<Placed, AppError> {
    if record.body_hash != wanted.body_hash {
        return Err(AppError::IdempotencyMismatch);
    }
    let key = Reservation::key_of(&record.reservation_id);
    let reservation = app
        .find::<Reservation>(&key)
        .await?
        .ok_or_else(|| AppError::internal("a recorded request names no reservation"))?
        .value;
    if let Some(Recorded { status, body }) = record.recorded {
        return Ok(Placed { status, body, reservation, replayed: true });
    }
    let own = reservation.idempotency_key.as_ref() == Some(&record.key);
    present(app, reservation, own)
}

/// How the reservation of an unrecorded request stands; for the request that made it, an end is
/// the problem it ended with.
fn present(app: &App, reservation: Reservation, own: bool) -> Result<Placed, AppError> {
    let busy = reservation.state.attempt().is_some_and(|attempt| app.now() < attempt.lease_until);
    let status = match &reservation.state {
        State::Pending { .. } | State::Moving { .. } if busy => {
            return Err(AppError::IdempotencyInProgress);
        }
        State::Failed { cause } => return Err(failed(cause, &reservation)),
        State::Cancelled { cause } if own => return Err(failed(cause, &reservation)),
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Moving { .. }
        | State::Cancelling { .. } => 202,
        State::Confirmed { .. } | State::Cancelled { .. } | State::Completed => 200,
    };
    let body = reservation_body(&reservation);
    Ok(Placed { status, body, reservation, replayed: true })
}

/// The problem a reservation that never came to be ended with.
pub(crate) fn failed(cause: &Cause, reservation: &Reservation) -> AppError {
    match cause {
        Cause::SlotTaken | Cause::Conflict | Cause::External | Cause::NeverMade => {
            AppError::SlotTaken { interval: reservation.interval }
        }
        Cause::Refused | Cause::Unreachable => {
            AppError::Unavailable { system: "the scheduler", retry_after_seconds: 10, source: None }
        }
        Cause::Holder { .. } | Cause::Staff { .. } | Cause::NotAccepted => {
            ended("it was cancelled before it was confirmed")
        }
        Cause::Expired => ended("nobody said yes in time"),
        Cause::Declined { .. } => ended("a manager or the host said no"),
        Cause::Eligibility => ended("the holder may no longer have it"),
    }
}

fn ended(detail: &str) -> AppError {
    AppError::StateConflict { detail: detail.to_owned() }
}
