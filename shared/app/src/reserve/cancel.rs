//! Cancel: ended for us at once, at Cal.com as soon as it answers (promise R9).

use interlock_policy::{Purpose, Request, ReservationId, UserId};
use jiff::SignedDuration;

use super::MOST_RACES;
use super::outcome::Placed;
use super::replay::{IdempotencyUse, remembered, replayed};
use crate::change::{Change, Committed, Recording, commit};
use crate::eligibility::Member;
use crate::model::{
    Cause, DecisionInput, IdempotencyRecord, Origin, Question, Reservation, Resource, State,
};
use crate::ports::QueueName;
use crate::ports::store::Stored;
use crate::sync::sync;
use crate::{Act, App, AppError, ExternalPolicy, Snapshot};

/// A wish to give time back.
#[derive(Debug, Clone)]
pub struct CancelRequest {
    /// Which.
    pub reservation_id: ReservationId,
    /// Why, in the caller's words.
    pub reason: String,
    /// Whether the caller is staff and may end other people's reservations.
    pub staff: bool,
    /// The caller's key, where given.
    pub idempotency: Option<IdempotencyUse>,
    /// Who asks, in which request.
    pub act: Act,
}

/// A reservation the caller may change, with its resource; foreign and missing answer alike.
pub(crate) async fn owned(
    app: &App,
    id: &ReservationId,
    user_id: &UserId,
    staff: bool,
) -> Result<(Stored<Reservation>, Stored<Resource>), AppError> {
    let key = Reservation::key_of(id);
    let reservation = app
        .find::<Reservation>(&key)
        .await?
        .filter(|stored| staff || stored.value.user_id() == Some(user_id))
        .ok_or(AppError::NotFound { what: "reservation" })?;
    if observed(app, &reservation.value) {
        return Err(AppError::StateConflict {
            detail: "it was made inside Cal.com and is only observed here".to_owned(),
        });
    }
    let key = Resource::key_of(&reservation.value.resource_id);
    let resource = app
        .find::<Resource>(&key)
        .await?
        .ok_or_else(|| AppError::internal("a reservation names no resource"))?;
    Ok((reservation, resource))
}

fn observed(app: &App, reservation: &Reservation) -> bool {
    let setting = app.settings.external_on(reservation.resource_id.kind());
    reservation.origin == Origin::External && setting == ExternalPolicy::Observe
}

/// Looks a request's key up; an answer means it was made before.
pub(crate) async fn known_before(
    app: &App,
    wanted: Option<&IdempotencyUse>,
) -> Result<(Option<Placed>, Option<u64>), AppError> {
    let Some(wanted) = wanted else { return Ok((None, None)) };
    let key = IdempotencyRecord::key_of(&wanted.key);
    let snapshot = Snapshot::read(app.store.as_ref(), &[key]).await?;
    match remembered(&snapshot, wanted, app.now())? {
        (Some(record), _) => Ok((Some(replayed(app, wanted, record).await?), None)),
        (None, version) => Ok((None, version)),
    }
}

/// What a change of an existing reservation leaves for replays.
pub(crate) fn record_of(
    app: &App,
    wanted: Option<&IdempotencyUse>,
    id: &ReservationId,
    version: Option<u64>,
) -> Recording {
    let Some(wanted) = wanted else { return Recording::None };
    let now = app.now();
    let record = IdempotencyRecord {
        key: wanted.key.clone(),
        body_hash: wanted.body_hash.clone(),
        reservation_id: id.clone(),
        recorded: None,
        expires_at: now.saturating_add(app.settings.timing.idempotency).unwrap_or(now),
    };
    Recording::Save(Box::new(record), version)
}

/// Cancels a reservation (S0-068). A holder keeps the notice; staff does not.
///
/// Answers with the reservation cancelled, or cancelling while Cal.com has not followed yet.
/// Errors: `NotFound`, `StateConflict` for one that ended otherwise, the gate's `notice_cancel`.
pub async fn cancel(
    app: &App,
    user_id: &UserId,
    request: &CancelRequest,
) -> Result<Placed, AppError> {
    for _ in 0..MOST_RACES {
        let (known, version) = known_before(app, request.idempotency.as_ref()).await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let (reservation, resource) =
            owned(app, &request.reservation_id, user_id, request.staff).await?;
        if let State::Cancelling { .. } | State::Cancelled { .. } = reservation.value.state {
            return Ok(Placed::now(reservation.value, 200));
        }
        let decision =
            permitted(app, &reservation.value, &resource.value, user_id, request).await?;
        let late = late(app, &reservation.value, &resource.value, request);
        let after =
            Reservation { cancelled_late: late, ..cancelling(&reservation.value, request)? };
        let change = Change {
            before: Some(reservation),
            after,
            act: request.act.clone(),
            unchanged: Vec::new(),
            decision,
            recording: record_of(
                app,
                request.idempotency.as_ref(),
                &request.reservation_id,
                version,
            ),
            snapshot: Snapshot::default(),
        };
        match commit(app, change).await? {
            Committed::Done(reservation) => return follow(app, reservation.value, request).await,
            Committed::Lost | Committed::Taken(_) => {}
        }
    }
    Err(AppError::contended())
}

/// What the gate looked at when it let the holder go; staff does not ask it.
async fn permitted(
    app: &App,
    reservation: &Reservation,
    resource: &Resource,
    user_id: &UserId,
    request: &CancelRequest,
) -> Result<Option<Box<DecisionInput>>, AppError> {
    if request.staff {
        return Ok(None);
    }
    let snapshot = Snapshot::read(app.store.as_ref(), &Member::keys(user_id)).await?;
    let member = Member::from(&snapshot, user_id)?;
    let asked = Request {
        interval: Some(reservation.interval),
        event_type_id: Some(reservation.event_type_id),
    };
    let (now, purpose) = (app.now(), Purpose::Cancel(reservation.id.clone()));
    let verdict = member.judge(resource, &asked, &purpose, now);
    if !verdict.permits() {
        return Err(AppError::NotEligible(Box::new(verdict)));
    }
    Ok(Some(member.input(resource, vec![Question { purpose, request: asked }], now)))
}

/// Whether it counts against the holder: it was given back late, and the resource could have been
/// used.
fn late(app: &App, before: &Reservation, resource: &Resource, request: &CancelRequest) -> bool {
    let now = app.now();
    let policy = resource.in_force(now);
    let late = policy.cancels_late(before.event_type_id, &before.interval, now);
    let out = resource.outages.iter().any(|outage| outage.touches(&before.interval));
    let usable = resource.active && resource.closed.is_none() && !out;
    late && usable && !request.staff && before.state.cal_uid().is_some()
}

fn cancelling(before: &Reservation, request: &CancelRequest) -> Result<Reservation, AppError> {
    let reason = request.reason.clone();
    let cause = if request.staff { Cause::Staff { reason } } else { Cause::Holder { reason } };
    let attempt = before.state.attempt().copied();
    let cal_uid = before.state.cal_uid().cloned();
    let state = match &before.state {
        State::Awaiting { .. } => State::Cancelled { cause },
        State::Pending { .. } | State::Confirmed { .. } => {
            State::Cancelling { cal_uid, target: None, attempt, cause }
        }
        State::Moving { target, .. } => {
            State::Cancelling { cal_uid, target: Some(*target), attempt, cause }
        }
        State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => {
            return Err(AppError::StateConflict { detail: "the reservation has ended".to_owned() });
        }
    };
    Ok(Reservation { state, ..before.clone() })
}

/// Lets Cal.com follow now if it answers; otherwise the resolver does (promise R7).
async fn follow(
    app: &App,
    reservation: Reservation,
    request: &CancelRequest,
) -> Result<Placed, AppError> {
    match sync(app, &reservation.id, &[], &request.act).await {
        Ok(settled) => Ok(Placed::now(settled.reservation, 200)),
        Err(error) => {
            let id = &reservation.id;
            tracing::warn!(reservation.id = %id, %error, "the cancel is left to the resolver");
            let nudge = serde_json::json!({ "reservationId": reservation.id }).to_string();
            // A lost nudge costs a minute; the follow-up is written already.
            let soon = SignedDuration::from_secs(5);
            let _nudged = app.queue.send(QueueName::OutboxCalcom, &nudge, soon).await;
            Ok(Placed::now(reservation, 200))
        }
    }
}
