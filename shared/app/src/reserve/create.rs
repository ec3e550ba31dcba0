//! Reserve: hold, book once, confirm; doubt is left to the resolver (RELIABILITY 3.5).

use interlock_policy::{EventTypeId, Interval, ResourceId, UserId};
use jiff::{SignedDuration, Timestamp};

use super::MOST_RACES;
use super::attendee::booking_for;
use super::hold::{Held, Try, try_hold};
use super::outcome::Placed;
use super::replay::{IdempotencyUse, failed, replayed};
use crate::change::{Books, Recording};
use crate::eligibility::Member;
use crate::model::{Cause, IdempotencyRecord, Resource, State};
use crate::ports::scheduler::{Failure, Outcome, SchedulerError};
use crate::ports::store::Key;
use crate::sync::{Settling, settle_seen};
use crate::{Act, App, AppError, Snapshot};

/// A wish for time.
#[derive(Debug, Clone)]
pub struct ReserveRequest {
    /// On what.
    pub resource_id: ResourceId,
    /// From when, UTC.
    pub start: Timestamp,
    /// Which kind; absent means by length or the default.
    pub event_type_id: Option<EventTypeId>,
    /// How long; absent means the kind's length.
    pub duration_minutes: Option<u32>,
    /// The caller's key.
    pub idempotency: IdempotencyUse,
    /// Who asks, in which request.
    pub act: Act,
}

/// The longest reservation the first read allows for when the length is not said.
const LONGEST_GUESS: SignedDuration = SignedDuration::from_hours(12);

/// Keys that `reserve` reads, for the request's one read; the ledger days by what the warm
/// instance remembers of the resource.
pub fn reserve_keys(
    app: &App,
    user_id: &UserId,
    resource_id: &ResourceId,
    time: Option<(Timestamp, Option<u32>)>,
    idempotency: Option<&IdempotencyUse>,
) -> Vec<Key> {
    let mut keys = Member::keys(user_id).to_vec();
    keys.push(Resource::key_of(resource_id));
    keys.extend(idempotency.map(|used| IdempotencyRecord::key_of(&used.key)));
    if let (Some((start, minutes)), Some(account)) = (time, app.hints.get(resource_id)) {
        let length =
            minutes.map_or(LONGEST_GUESS, |count| SignedDuration::from_mins(i64::from(count)));
        let around = SignedDuration::from_hours(1);
        if let Ok(interval) = Interval::lasting(start, length.min(LONGEST_GUESS)) {
            keys.extend(Books::keys(&account, None, &[interval.widened(around, around)]));
        }
    }
    keys
}

/// Reserves time for a member (S0-087 to S0-090).
///
/// Answers 201 only after the confirmation committed (promise R5) and 202 while the outcome at
/// Cal.com is unknown. Errors: the gate's refusal with all reasons, `SlotTaken`, the idempotency
/// errors, `Unavailable` when surely nothing was made.
pub async fn reserve(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    request: &ReserveRequest,
) -> Result<Placed, AppError> {
    let mut snapshot = snapshot;
    for _ in 0..MOST_RACES {
        let time = Some((request.start, request.duration_minutes));
        let keys =
            reserve_keys(app, user_id, &request.resource_id, time, Some(&request.idempotency));
        snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
        match try_hold(app, snapshot, user_id, request).await? {
            Try::Held(held) => return Box::pin(book(app, *held, &request.act)).await,
            Try::Known(record) => return replayed(app, &request.idempotency, record).await,
            Try::Lost => snapshot = Snapshot::default(),
        }
    }
    Err(AppError::contended())
}

/// The one call to Cal.com and what follows from its answer.
async fn book(app: &App, held: Held, act: &Act) -> Result<Placed, AppError> {
    let booking = booking_for(app, &held.account, &held.reservation.value);
    let made = app.scheduler.create(&held.cal_account, &booking).await;
    let settling = Settling {
        reservation: held.reservation,
        cal_account: held.cal_account,
        unchanged: held.unchanged,
        act: act.clone(),
    };
    let reservation = match made {
        Ok(booking) => settle_seen(app, settling, booking).await?,
        Err(error) => return Box::pin(doubtful(app, settling, &error)).await,
    };
    answer(Placed::now(reservation, 201), None)
}

async fn doubtful(
    app: &App,
    settling: Settling,
    error: &SchedulerError,
) -> Result<Placed, AppError> {
    tracing::warn!(
        reservation.id = %settling.reservation.value.id,
        failure = ?error.failure,
        status = ?error.status,
        "the booking call did not succeed"
    );
    let reservation = match error.failure.outcome() {
        Outcome::NothingMade => settling.end(app, Cause::Unreachable, Recording::Forget).await?,
        Outcome::Unknown => settling.leave_in_doubt(app).await?,
        Outcome::Refused => Box::pin(settling.look_or_end(app, refusal(error.failure))).await?,
    };
    answer(Placed::now(reservation, 201), Some(error))
}

/// How a definite no of Cal.com's is remembered.
fn refusal(failure: Failure) -> Cause {
    match failure {
        Failure::SlotTaken
        | Failure::OutOfBounds
        | Failure::BookerLimit
        | Failure::EventLimit
        | Failure::Duplicate => Cause::SlotTaken,
        Failure::NotConnected
        | Failure::RateLimited
        | Failure::AttendeeRefused
        | Failure::VerificationNeeded
        | Failure::BadRequest
        | Failure::Credential
        | Failure::MappingBroken
        | Failure::Decoy
        | Failure::NotFound
        | Failure::AlreadyCancelled
        | Failure::CancelRefused
        | Failure::AlreadyRescheduled
        | Failure::UnknownOutcome
        | Failure::Unreadable => Cause::Refused,
    }
}

/// A reservation that ended is a problem for the one who wanted it, never a 201 (promise R5).
fn answer(placed: Placed, error: Option<&SchedulerError>) -> Result<Placed, AppError> {
    match &placed.reservation.state {
        State::Failed { cause: Cause::Unreachable | Cause::Refused } => match error {
            Some(error) => Err(error.clone().into()),
            None => Err(failed(&Cause::Refused, &placed.reservation)),
        },
        State::Failed { cause } | State::Cancelled { cause } => {
            Err(failed(cause, &placed.reservation))
        }
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Completed => Ok(placed),
    }
}
