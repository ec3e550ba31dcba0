//! Carrying out a step: the write that follows, or the call to Cal.com that must come first.

use interlock_policy::{Decision, Purpose, Request};
use jiff::{SignedDuration, Timestamp};

use super::decide::{End, Step, decide};
use super::look::{Seen, look};
use super::relocate::relocate;
use super::settle::sync;
use crate::cascade::{Trigger, judge_again};
use crate::change::{Change, Committed, Recording, commit};
use crate::eligibility::Member;
use crate::model::{Attempt, Cause, FollowUp, Origin, Reservation, Resource, State};
use crate::ports::scheduler::{Booking, CalAccount, CalUid, Failure, Outcome, SchedulerError};
use crate::ports::store::{CommitError, Key, Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// A reservation on its way to rest.
pub(crate) struct Settling {
    /// As it was read.
    pub(crate) reservation: Stored<Reservation>,
    /// Whose calendar.
    pub(crate) cal_account: CalAccount,
    /// What must still be as it was judged for a confirmation; empty means not judged yet.
    pub(crate) unchanged: Vec<(Key, Option<u64>)>,
    /// Who settles, in which request.
    pub(crate) act: Act,
}

/// What a step led to.
pub(crate) enum Progress {
    /// At rest for now.
    Rested(Box<Reservation>),
    /// Written or called; look again.
    Again,
}

/// Settles on what Cal.com's own answer to our call said, without another look.
pub(crate) async fn settle_seen(
    app: &App,
    settling: Settling,
    booking: Booking,
) -> Result<Reservation, AppError> {
    let timing = app.settings.timing;
    let seen = Seen::told(booking);
    let step = decide(&settling.reservation.value, &seen, app.now(), &timing);
    let (id, act) = (settling.reservation.value.id.clone(), settling.act.clone());
    match carry_out(app, settling, step).await? {
        Progress::Rested(reservation) => Ok(*reservation),
        Progress::Again => Ok(sync(app, &id, &[], &act).await?.reservation),
    }
}

/// Does what a step says.
pub(crate) async fn carry_out(
    app: &App,
    settling: Settling,
    step: Step,
) -> Result<Progress, AppError> {
    match step {
        Step::Judge => {
            let (id, act) = (&settling.reservation.value.id, &settling.act);
            judge_again(app, id, Trigger::Term, act).await.map(|_| Progress::Again)
        }
        Step::Rest(at) => rest(app, settling, at).await,
        Step::Missing => missing(app, settling).await,
        Step::Confirm(uid) => confirm(app, settling, uid).await,
        Step::Relocate(uid, interval) => relocate(app, settling, (uid, interval), &[]).await,
        Step::End(end) => finish(app, settling, end).await,
        Step::Compensate(cause, uid) => compensate(app, settling, cause, uid).await,
        Step::CancelBookings(uids) => cancel_bookings(app, settling, &uids).await,
    }
}

/// Puts the follow-up where the next look is due, on condition that the reservation is still as it
/// was read: a change that came first has written a follow-up of its own, which must stand (L6).
async fn rest(app: &App, settling: Settling, at: Option<Timestamp>) -> Result<Progress, AppError> {
    let Stored { value: reservation, version } = settling.reservation;
    if let Some(due_at) = at {
        let follow = FollowUp { reservation_id: reservation.id.clone(), due_at, attempts: 0 };
        if stands(app, &follow).await? {
            return Ok(Progress::Rested(Box::new(reservation)));
        }
        let transaction = follow
            .write(Transaction::new(), app.now())?
            .unchanged(Reservation::key_of(&reservation.id), Some(version));
        match app.store.commit(&transaction).await {
            Ok(()) => {}
            Err(CommitError::Conflict(_)) => return Ok(Progress::Again),
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Ok(Progress::Rested(Box::new(reservation)))
}

/// Whether just this is on record, so that a look that finds nothing new writes nothing
/// (promise R12).
async fn stands(app: &App, follow: &FollowUp) -> Result<bool, AppError> {
    let key = FollowUp::key_of(&follow.reservation_id);
    Ok(app.find::<FollowUp>(&key).await?.is_some_and(|stored| stored.value == *follow))
}

/// Absence is not evidence: nothing ends, and somebody looks again in an hour (promise R17).
async fn missing(app: &App, settling: Settling) -> Result<Progress, AppError> {
    tracing::warn!(reservation.id = %settling.reservation.value.id, "no booking is found for it");
    let later = app.now().saturating_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
    rest(app, settling, Some(later)).await
}

/// Confirms, or ends it if the holder may no longer have it (promise R3).
async fn confirm(app: &App, settling: Settling, uid: CalUid) -> Result<Progress, AppError> {
    let settling = match judged(app, settling).await? {
        Judged::May(settling) => *settling,
        Judged::MayNot(settling) => {
            return compensate(app, *settling, Cause::Eligibility, Some(uid)).await;
        }
    };
    let mut after = settling.reservation.value.clone();
    after.remember(&uid);
    after.state = State::Confirmed { cal_uid: uid };
    let recording = match settling.reservation.value.state {
        State::Pending { .. } => Recording::Final(201),
        State::Awaiting { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => Recording::None,
    };
    write(app, settling, after, recording).await
}

/// Whether the holder may have it, with what must stay so until the write.
pub(crate) enum Judged {
    /// Yes, under the conditions noted.
    May(Box<Settling>),
    /// No longer.
    MayNot(Box<Settling>),
}

/// Judges the holder for keeping the reservation; a judgement made earlier in the request stands,
/// because the write names the versions it was made on. A booking made inside Cal.com is judged by
/// the setting for those and not by the gate (PRODUCT D15).
pub(crate) async fn judged(app: &App, mut settling: Settling) -> Result<Judged, AppError> {
    let Some(user_id) = settling.reservation.value.user_id().cloned() else {
        return Ok(Judged::May(Box::new(settling)));
    };
    let external = settling.reservation.value.origin == Origin::External;
    if external || !settling.unchanged.is_empty() {
        return Ok(Judged::May(Box::new(settling)));
    }
    let reservation = &settling.reservation.value;
    let resource_key = Resource::key_of(&reservation.resource_id);
    let mut keys = Member::keys(&user_id).to_vec();
    keys.push(resource_key.clone());
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let member = Member::from(&snapshot, &user_id)?;
    let resource = snapshot
        .get::<Resource>(&resource_key)?
        .ok_or_else(|| AppError::internal("a reservation names no resource"))?;
    let asked = Request {
        interval: Some(reservation.interval),
        event_type_id: Some(reservation.event_type_id),
    };
    let verdict = member.judge(&resource.value, &asked, &Purpose::Keep, app.now());
    if verdict.decision == Decision::Refuse {
        return Ok(Judged::MayNot(Box::new(settling)));
    }
    settling.unchanged = crate::reserve::conditions(&user_id, &member, &resource);
    Ok(Judged::May(Box::new(settling)))
}

pub(super) async fn finish(app: &App, settling: Settling, end: End) -> Result<Progress, AppError> {
    let mut after = settling.reservation.value.clone();
    after.state = match end {
        End::Cancelled(cause) => State::Cancelled { cause },
        End::Failed(cause) => State::Failed { cause },
        End::Completed => State::Completed,
    };
    let settling = Settling { unchanged: Vec::new(), ..settling };
    write(app, settling, after, Recording::None).await
}

/// Ends it for us; Cal.com must follow, and the follow-up is in the same write (L6).
pub(crate) async fn compensate(
    app: &App,
    settling: Settling,
    cause: Cause,
    uid: Option<CalUid>,
) -> Result<Progress, AppError> {
    let before = &settling.reservation.value;
    let mut after = before.clone();
    if let Some(uid) = &uid {
        after.remember(uid);
    }
    let cal_uid = uid.or_else(|| before.state.cal_uid().cloned());
    let target = match &before.state {
        State::Moving { target, .. } => Some(*target),
        State::Cancelling { target, .. } => *target,
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Confirmed { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => None,
    };
    let attempt = before.state.attempt().copied();
    after.state = State::Cancelling { cal_uid, target, attempt, cause };
    let settling = Settling { unchanged: Vec::new(), ..settling };
    write(app, settling, after, Recording::None).await.map(|_| Progress::Again)
}

/// Cancels bookings at Cal.com. An answer that says cancelled settles it without another look.
async fn cancel_bookings(
    app: &App,
    settling: Settling,
    uids: &[CalUid],
) -> Result<Progress, AppError> {
    let reason = "ended in Interlock";
    let mut sure = true;
    for uid in uids {
        match app.scheduler.cancel(&settling.cal_account, uid, reason).await {
            // One that was moved meanwhile goes on under another uid.
            Ok(booking) => {
                sure &= !super::look::is_live(&booking) && booking.rescheduled_to.is_none();
            }
            Err(error) => {
                sure = false;
                if !goes_on(&error) {
                    return Err(error.into());
                }
            }
        }
    }
    let reservation = &settling.reservation.value;
    if !sure || uids.iter().any(|uid| Some(uid) != reservation.state.cal_uid()) {
        return Ok(Progress::Again);
    }
    match decide(reservation, &Seen::default(), app.now(), &app.settings.timing) {
        Step::End(end) => finish(app, settling, end).await,
        Step::Rest(at) => rest(app, settling, at).await,
        Step::Judge
        | Step::Missing
        | Step::Confirm(_)
        | Step::Relocate(..)
        | Step::Compensate(..)
        | Step::CancelBookings(_) => Ok(Progress::Again),
    }
}

/// After these the next look tells what happened; after others somebody must try later.
fn goes_on(error: &SchedulerError) -> bool {
    error.failure == Failure::AlreadyCancelled
        || error.failure == Failure::NotFound
        || error.failure == Failure::AlreadyRescheduled
}

/// Writes a change of state and says whether it is at rest.
pub(crate) async fn write(
    app: &App,
    settling: Settling,
    after: Reservation,
    recording: Recording,
) -> Result<Progress, AppError> {
    let change = Change {
        before: Some(settling.reservation),
        after,
        act: settling.act,
        unchanged: settling.unchanged,
        decision: None,
        recording,
        snapshot: Snapshot::default(),
    };
    match commit(app, change).await? {
        Committed::Done(reservation) => Ok(Progress::Rested(Box::new(reservation.value))),
        Committed::Lost | Committed::Taken(_) => Ok(Progress::Again),
    }
}

impl Settling {
    /// Ends a hold of which surely nothing was made; somebody else's write wins.
    pub(crate) async fn end(
        self,
        app: &App,
        cause: Cause,
        recording: Recording,
    ) -> Result<Reservation, AppError> {
        let (id, act) = (self.reservation.value.id.clone(), self.act.clone());
        let state = State::Failed { cause };
        let after = Reservation { state, ..self.reservation.value.clone() };
        let settling = Settling { unchanged: Vec::new(), ..self };
        match write(app, settling, after, recording).await? {
            Progress::Rested(reservation) => Ok(*reservation),
            Progress::Again => Ok(sync(app, &id, &[], &act).await?.reservation),
        }
    }

    /// Says that nobody is at work on the call any more, so that the resolver may look at once;
    /// the quiet period still runs (RELIABILITY 3.5 step 3b).
    pub(crate) async fn leave_in_doubt(self, app: &App) -> Result<Reservation, AppError> {
        let mut after = self.reservation.value.clone();
        let attempt = Attempt { lease_until: app.now(), ..attempt_of(&after, app.now()) };
        after.state = match after.state {
            State::Pending { .. } => State::Pending { attempt },
            State::Moving { cal_uid, target, request, .. } => {
                State::Moving { cal_uid, target, attempt, request }
            }
            other @ (State::Awaiting { .. }
            | State::Confirmed { .. }
            | State::Cancelling { .. }
            | State::Cancelled { .. }
            | State::Failed { .. }
            | State::Completed) => other,
        };
        let id = after.id.clone();
        let unsettled = self.reservation.value.clone();
        let settling = Settling { unchanged: Vec::new(), ..self };
        match write(app, settling, after, Recording::None).await {
            Ok(Progress::Rested(reservation)) => Ok(*reservation),
            Ok(Progress::Again) => {
                let key = Reservation::key_of(&id);
                Ok(app.find::<Reservation>(&key).await?.map_or(unsettled, |stored| stored.value))
            }
            // The follow-up was written with the hold; losing this write costs time, not the end.
            Err(_) => Ok(unsettled),
        }
    }

    /// After a definite no: one look, because a no may hide our own success; none of ours ends it
    /// (RELIABILITY 3.5 step 3c).
    pub(crate) async fn look_or_end(
        self,
        app: &App,
        cause: Cause,
    ) -> Result<Reservation, AppError> {
        let looked =
            look(app.scheduler.as_ref(), &self.cal_account, &self.reservation.value, &[]).await;
        match looked {
            Ok(seen) if seen.bookings.is_empty() => self.end(app, cause, Recording::None).await,
            Ok(_) => {
                let id = self.reservation.value.id.clone();
                Ok(sync(app, &id, &[], &self.act).await?.reservation)
            }
            Err(error) if error.failure.outcome() == Outcome::Refused => {
                self.end(app, cause, Recording::None).await
            }
            Err(_) => self.leave_in_doubt(app).await,
        }
    }
}

fn attempt_of(reservation: &Reservation, now: Timestamp) -> Attempt {
    let attempt = reservation.state.attempt().copied();
    attempt.unwrap_or(Attempt { at: now, lease_until: now })
}
