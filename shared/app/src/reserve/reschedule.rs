//! Reschedule: old and new time are both held until one of them stands (promise R10).

use interlock_policy::{Decision, Interval, Purpose, Request, ReservationId, UserId};
use jiff::Timestamp;

use super::MOST_RACES;
use super::cancel::{known_before, owned, record_of};
use super::hold::{attempt, conditions, mapped, with_buffers};
use super::outcome::Placed;
use super::replay::{IdempotencyUse, failed};
use crate::change::{Change, Committed, Recording, commit};
use crate::eligibility::Member;
use crate::model::{Cause, DecisionInput, Question, Reservation, Resource, State, Target};
use crate::ports::scheduler::{CalUid, Outcome};
use crate::ports::store::{Key, Stored};
use crate::refusals::counted;
use crate::sync::{Progress, Settling, settle_seen, sync, write};
use crate::{Act, App, AppError, Snapshot};

/// A wish for another time.
#[derive(Debug, Clone)]
pub struct RescheduleRequest {
    /// Which.
    pub reservation_id: ReservationId,
    /// The new start, UTC; the kind and so the length stay.
    pub start: Timestamp,
    /// Why, in the caller's words.
    pub reason: Option<String>,
    /// Whether the caller is staff and may move other people's reservations.
    pub staff: bool,
    /// The caller's key, where given.
    pub idempotency: Option<IdempotencyUse>,
    /// Who asks, in which request.
    pub act: Act,
}

struct Moving {
    reservation: Stored<Reservation>,
    settling_on: Vec<(Key, Option<u64>)>,
    resource: Resource,
    cal_uid: CalUid,
    old: Interval,
}

/// Moves a confirmed reservation to another start.
///
/// Answers with the reservation at the new time, or moving while the outcome is unknown. Errors:
/// `NotFound`, `StateConflict` unless it is confirmed, the gate's refusal, `SlotTaken`,
/// `Unavailable` when surely nothing changed.
pub async fn reschedule(
    app: &App,
    user_id: &UserId,
    request: &RescheduleRequest,
) -> Result<Placed, AppError> {
    for _ in 0..MOST_RACES {
        let (known, version) = known_before(app, request.idempotency.as_ref()).await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let (reservation, resource) =
            owned(app, &request.reservation_id, user_id, request.staff).await?;
        let recording =
            record_of(app, request.idempotency.as_ref(), &request.reservation_id, version);
        if let Some(moving) = hold_both(app, reservation, resource, request, recording).await? {
            return Box::pin(ask(app, moving, request)).await;
        }
    }
    Err(AppError::contended())
}

async fn hold_both(
    app: &App,
    reservation: Stored<Reservation>,
    resource: Stored<Resource>,
    request: &RescheduleRequest,
    recording: Recording,
) -> Result<Option<Moving>, AppError> {
    let State::Confirmed { cal_uid } = &reservation.value.state else {
        return Err(AppError::StateConflict {
            detail: "only a confirmed reservation can be moved".to_owned(),
        });
    };
    let (cal_uid, old) = (cal_uid.clone(), reservation.value.interval);
    let target = new_time(&reservation.value, &resource.value, request.start)?;
    let Permitted { unchanged, decision, snapshot } =
        permitted(app, &reservation.value, &resource, &target, request).await?;
    let attempt = attempt(app);
    let mut after = reservation.value.clone();
    let key = request.idempotency.as_ref().map(|used| used.key.clone());
    after.state = State::Moving { cal_uid: cal_uid.clone(), target, attempt, request: key };
    let change = Change {
        before: Some(reservation),
        after,
        act: request.act.clone(),
        unchanged: unchanged.clone(),
        decision,
        recording,
        // The open reservations as judged: read anew, another hold between would go uncounted and
        // a limit could be exceeded (promise R28).
        snapshot,
    };
    match commit(app, change).await? {
        Committed::Done(reservation) => Ok(Some(Moving {
            reservation: *reservation,
            settling_on: unchanged,
            resource: resource.value,
            cal_uid,
            old,
        })),
        Committed::Lost => Ok(None),
        Committed::Taken(interval) => Err(AppError::SlotTaken { interval }),
    }
}

fn new_time(
    reservation: &Reservation,
    resource: &Resource,
    start: Timestamp,
) -> Result<Target, AppError> {
    let entry = resource.event_type(reservation.event_type_id).ok_or(AppError::EventTypeUnknown)?;
    let interval = Interval::lasting(start, entry.length())
        .map_err(|error| AppError::invalid("/start", "out_of_range", error.to_string()))?;
    if interval == reservation.interval {
        let detail = "the new start is the present one";
        return Err(AppError::invalid("/start", "unchanged", detail));
    }
    Ok(Target { interval, held: with_buffers(entry, interval) })
}

/// A move the gate lets happen.
#[derive(Default)]
struct Permitted {
    unchanged: Vec<(Key, Option<u64>)>,
    decision: Option<Box<DecisionInput>>,
    snapshot: Snapshot,
}

/// Cancel rules for the old time and create rules for the new one without the old, in one step
/// (FEATURES 5.3 rule 8).
async fn permitted(
    app: &App,
    reservation: &Reservation,
    resource: &Stored<Resource>,
    target: &Target,
    request: &RescheduleRequest,
) -> Result<Permitted, AppError> {
    let Some(holder) = reservation.user_id() else { return Ok(Permitted::default()) };
    let snapshot = Snapshot::read(app.store.as_ref(), &Member::keys(holder)).await?;
    let member = Member::from(&snapshot, holder)?;
    let now = app.now();
    let kind = Some(reservation.event_type_id);
    let old = Request { interval: Some(reservation.interval), event_type_id: kind };
    let new = Request { interval: Some(target.interval), event_type_id: kind };
    let change = Purpose::Change(reservation.id.clone());
    let mut verdict = member.judge(&resource.value, &new, &change, now);
    let mut questions = vec![Question { purpose: change, request: new }];
    if !request.staff {
        let purpose = Purpose::Cancel(reservation.id.clone());
        let leaving = member.judge(&resource.value, &old, &purpose, now);
        questions.push(Question { purpose, request: old });
        if !leaving.permits() {
            verdict.decision = Decision::Refuse;
            verdict.reasons.extend(leaving.reasons);
        }
    }
    // Staff's move is the yes that a time may need.
    if verdict.permits() || (request.staff && !verdict.refuses()) {
        let decision = Some(member.input(&resource.value, questions, now));
        let unchanged = conditions(holder, &member, resource);
        Ok(Permitted { unchanged, decision, snapshot })
    } else {
        Err(counted(app, &resource.value, AppError::NotEligible(Box::new(verdict))).await)
    }
}

/// The one call to Cal.com and what follows from its answer.
async fn ask(app: &App, moving: Moving, request: &RescheduleRequest) -> Result<Placed, AppError> {
    let Moving { reservation, settling_on, resource, cal_uid, old } = moving;
    let cal_account = mapped(app, &resource)?;
    let wanted = reservation.value.clone();
    let reason = request.reason.as_deref().unwrap_or("moved by the holder");
    let asked = app.scheduler.reschedule(&cal_account, &cal_uid, request.start, reason).await;
    let settling =
        Settling { reservation, cal_account, unchanged: settling_on, act: request.act.clone() };
    let moved = match asked {
        Ok(booking) => Box::pin(settle_seen(app, settling, booking)).await?,
        Err(error) => match error.failure.outcome() {
            Outcome::Unknown => settling.leave_in_doubt(app).await?,
            Outcome::NothingMade => {
                stay(app, settling, cal_uid).await?;
                return Err(error.into());
            }
            Outcome::Refused => {
                let kept = Box::pin(look_again(app, settling, cal_uid)).await?;
                if kept.interval == old {
                    return Err(failed(&Cause::SlotTaken, &wanted));
                }
                kept
            }
        },
    };
    ended_otherwise(&moved)?;
    Ok(Placed::now(moved, 200))
}

/// Back to the old time: Cal.com surely changed nothing.
async fn stay(app: &App, settling: Settling, cal_uid: CalUid) -> Result<Reservation, AppError> {
    let mut after = settling.reservation.value.clone();
    let (id, act) = (after.id.clone(), settling.act.clone());
    after.state = State::Confirmed { cal_uid };
    match write(app, settling, after, Recording::None).await? {
        Progress::Rested(reservation) => Ok(*reservation),
        Progress::Again => Ok(sync(app, &id, &[], &act).await?.reservation),
    }
}

/// Cal.com said no: the old booking may have been moved or ended meanwhile, so it is read first.
async fn look_again(
    app: &App,
    settling: Settling,
    cal_uid: CalUid,
) -> Result<Reservation, AppError> {
    let read = app.scheduler.booking(&settling.cal_account, &cal_uid).await;
    match read {
        Ok(Some(booking))
            if booking.interval == settling.reservation.value.interval
                && booking.status == crate::ports::scheduler::BookingStatus::Accepted =>
        {
            stay(app, settling, cal_uid).await
        }
        Ok(_) => {
            let (id, act) = (settling.reservation.value.id.clone(), settling.act.clone());
            settling.leave_in_doubt(app).await?;
            Ok(sync(app, &id, &[], &act).await?.reservation)
        }
        Err(_) => settling.leave_in_doubt(app).await,
    }
}

fn ended_otherwise(reservation: &Reservation) -> Result<(), AppError> {
    if reservation.state.is_final() {
        return Err(AppError::StateConflict {
            detail: "the reservation ended while it was being moved".to_owned(),
        });
    }
    Ok(())
}
