//! A booking that stands at another time than reserved (RELIABILITY 3.3).

use interlock_policy::{Interval, ReservationId};
use jiff::Timestamp;

use super::act::{Judged, Progress, Settling, compensate, finish, judged};
use super::decide::End;
use super::holders::make_way;
use crate::change::{Change, Committed, Recording, commit, fit};
use crate::model::{Cause, Origin, Resource, State};
use crate::ports::scheduler::{CalUid, Outcome};
use crate::reserve::with_buffers;
use crate::{App, AppError, Snapshot};

/// Follows the booking to where it stands if that time is free in our ledger, or becomes free once
/// who holds it is settled; otherwise asks Cal.com to move it back to the time we still hold, and
/// ends it only if that is refused or does not help.
pub(super) async fn relocate(
    app: &App,
    settling: Settling,
    (uid, interval): (CalUid, Interval),
    on_the_way: &[ReservationId],
) -> Result<Progress, AppError> {
    let mut settling = settling;
    let held = buffered(app, &settling, interval).await?;
    if !fit(&[settling.reservation.value.held, held]) {
        return stay(app, settling, (uid, interval.start())).await;
    }
    let mut after = settling.reservation.value.clone();
    after.remember(&uid);
    after.interval = interval;
    after.held = held;
    after.state = State::Confirmed { cal_uid: uid.clone() };
    let before = settling.reservation.clone();
    settling.reservation.value.interval = interval;
    let settling = match judged(app, settling).await? {
        Judged::May(settling) => Settling { reservation: before, ..*settling },
        Judged::MayNot(settling) => {
            let settling = Settling { reservation: before, ..*settling };
            return compensate(app, settling, Cause::Eligibility, Some(uid)).await;
        }
    };
    let change = Change {
        before: Some(settling.reservation.clone()),
        after,
        act: settling.act.clone(),
        unchanged: settling.unchanged.clone(),
        decision: None,
        recording: Recording::None,
        snapshot: Snapshot::default(),
    };
    match commit(app, change).await? {
        Committed::Done(reservation) => Ok(Progress::Rested(Box::new(reservation.value))),
        Committed::Lost => Ok(Progress::Again),
        Committed::Taken(_) if way_made(app, &settling, &held, on_the_way).await? => {
            Ok(Progress::Again)
        }
        Committed::Taken(_) => stay(app, settling, (uid, interval.start())).await,
    }
}

/// Does not follow a booking to time that is taken, or that is longer than what can be written.
async fn stay(
    app: &App,
    settling: Settling,
    at: (CalUid, Timestamp),
) -> Result<Progress, AppError> {
    if settling.reservation.value.origin == Origin::External {
        // Not ours to move: it stands at Cal.com and holds nothing here (PRODUCT D15).
        tracing::error!("an external booking was moved to where it is not followed");
        return finish(app, settling, End::Cancelled(Cause::Conflict)).await;
    }
    move_back(app, settling, at).await
}

async fn way_made(
    app: &App,
    settling: &Settling,
    held: &Interval,
    on_the_way: &[ReservationId],
) -> Result<bool, AppError> {
    make_way(app, (&settling.reservation.value, held), &settling.act, on_the_way).await
}

/// Cal.com gives what it moves the length its kind has now; where that is what takes the time of
/// others, a move to our start would lead here again and again, and is not asked for.
async fn move_back(
    app: &App,
    settling: Settling,
    (uid, stands_at): (CalUid, Timestamp),
) -> Result<Progress, AppError> {
    let start = settling.reservation.value.interval.start();
    if stands_at != start {
        let reason = "the new time is taken in Interlock";
        match app.scheduler.reschedule(&settling.cal_account, &uid, start, reason).await {
            Ok(_) => return Ok(Progress::Again),
            Err(error) if error.failure.outcome() == Outcome::Refused => {}
            Err(error) => return Err(error.into()),
        }
    }
    tracing::error!(
        reservation.id = %settling.reservation.value.id,
        "a booking was moved inside cal.com onto time that is taken"
    );
    compensate(app, settling, Cause::Conflict, Some(uid)).await
}

/// The time with the buffers of its kind; a kind that is gone has none.
async fn buffered(
    app: &App,
    settling: &Settling,
    interval: Interval,
) -> Result<Interval, AppError> {
    let reservation = &settling.reservation.value;
    let key = Resource::key_of(&reservation.resource_id);
    let resource = app.find::<Resource>(&key).await?;
    let entry =
        resource.as_ref().and_then(|stored| stored.value.event_type(reservation.event_type_id));
    Ok(entry.map_or(interval, |entry| with_buffers(entry, interval)))
}
