//! Booking what is held: one call to Cal.com, and what follows from its answer
//! (RELIABILITY 3.5 steps 2 to 5).

use super::attendee::booking_for;
use super::hold::{Held, Unmade};
use super::outcome::Placed;
use super::replay::failed;
use crate::change::Recording;
use crate::model::{Cause, Reservation, State};
use crate::ports::scheduler::{Failure, Outcome, SchedulerError};
use crate::sync::{Settling, settle_seen};
use crate::{Act, App, AppError};

/// The one call to Cal.com and what follows from its answer.
pub(super) async fn book(app: &App, held: Held, act: &Act) -> Result<Placed, AppError> {
    let booking = booking_for(app, &held.account, &held.reservation.value, act);
    let made = app.scheduler.create(&held.cal_account, &booking).await;
    let (unmade, settled) = (held.unmade, held.settled);
    let settling = Settling {
        reservation: held.reservation,
        cal_account: held.cal_account,
        unchanged: held.unchanged,
        act: act.clone(),
    };
    let reservation = match made {
        Ok(booking) => Box::pin(settle_seen(app, settling, booking)).await?,
        Err(error) => {
            let left = Box::pin(doubtful(app, settling, unmade, &error)).await?;
            return answer(Placed::now(left, settled), Some(&error));
        }
    };
    answer(Placed::now(reservation, settled), None)
}

async fn doubtful(
    app: &App,
    settling: Settling,
    unmade: Unmade,
    error: &SchedulerError,
) -> Result<Reservation, AppError> {
    tracing::warn!(
        reservation.id = %settling.reservation.value.id,
        failure = ?error.failure,
        status = ?error.status,
        "the booking call did not succeed"
    );
    match (error.failure.outcome(), unmade) {
        (Outcome::NothingMade, Unmade::Fails) => {
            settling.end(app, Cause::Unreachable, Recording::Forget).await
        }
        (Outcome::NothingMade, Unmade::Waits(state, key)) => {
            let recording = key.map_or(Recording::None, Recording::Drop);
            settling.wait_on(app, state, recording).await
        }
        (Outcome::Unknown, _) => settling.leave_in_doubt(app).await,
        (Outcome::Refused, _) => Box::pin(settling.look_or_end(app, refusal(error.failure))).await,
    }
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

/// A reservation that ended is a problem for the one who wanted it, never a 201 (promise R5); one
/// that waits again was not booked.
fn answer(placed: Placed, error: Option<&SchedulerError>) -> Result<Placed, AppError> {
    match &placed.reservation.state {
        State::Failed { cause: Cause::Unreachable | Cause::Refused } => match error {
            Some(error) => Err(error.clone().into()),
            None => Err(failed(&Cause::Refused, &placed.reservation)),
        },
        State::Failed { cause } | State::Cancelled { cause } => {
            Err(failed(cause, &placed.reservation))
        }
        State::Awaiting { .. } => match error {
            Some(error) => Err(error.clone().into()),
            None => Ok(placed),
        },
        State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Completed => Ok(placed),
    }
}
