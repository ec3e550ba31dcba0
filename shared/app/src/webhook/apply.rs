//! One delivery from the queue: find what it speaks of, look, note what became of it.

use std::sync::Arc;

use interlock_policy::{RequestId, ReservationId};
use serde::Serialize;

use super::batch::{Batch, Lost, Received};
use super::keep::{Note, Outcome, Reached, keep};
use super::receive::QueuedDelivery;
use crate::external::{Intake, adopt};
use crate::model::{BookingPointer, DeliveryId, Reservation, State};
use crate::ports::DeliveryHint;
use crate::ports::scheduler::{CalUid, Failure};
use crate::sync::{Settled, sync};
use crate::{Act, App, AppError, Snapshot};

/// When a delivery that announced what is not so yet is looked at again, in seconds; Cal.com
/// announces a cancel before it commits it (CONTRACT 9.5 rule 2).
const AGAIN: [i64; 3] = [1, 2, 5];

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    /// Its effect is in.
    Done,
    /// It says nothing we act on.
    Ignored,
    /// It announced what is not so yet, and comes back.
    Later,
    /// It can never be applied as things are.
    Quarantined,
}

impl Applied {
    /// The stable word.
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Ignored => "ignored",
            Self::Later => "later",
            Self::Quarantined => "quarantined",
        }
    }
}

/// What a hint led to.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// A reservation of ours was looked at.
    Synced {
        /// As it was found and left.
        settled: Arc<Settled>,
        /// Whether the look was made for another delivery of the batch.
        shared: bool,
        /// Whether it announced an end that is not so.
        contradicted: bool,
    },
    /// A booking made inside Cal.com was judged by the setting for those.
    External(Intake),
    /// The booking is another deployment's.
    Foreign,
    /// It names no booking that could be looked at.
    Nothing,
    /// No resource offers its kind.
    KindUnknown,
}

/// Applies a delivery handed out for the first time, alone.
pub async fn apply_delivery(app: &App, message: &str, act: &Act) -> Result<Applied, AppError> {
    apply_received(app, &Received::first(message), act).await
}

/// Applies a delivery from the queue. An error asks for another try, and is noted before; what can
/// never be applied is quarantined at once (RELIABILITY Q3).
pub async fn apply_received(
    app: &App,
    received: &Received,
    act: &Act,
) -> Result<Applied, AppError> {
    let Some(queued) = read(received) else { return Ok(Applied::Quarantined) };
    let read = app.deliveries.read(queued.body.as_bytes());
    let correlation_id = read.as_ref().ok().and_then(|hint| hint.correlation_id.clone());
    let applied = apply(app, (&queued, read), received, act).await;
    if applied.as_ref().is_err_and(|error| !waiting_may_mend(error)) {
        tell_failed();
    }
    tell(&queued.hash, correlation_id.as_ref(), act, &applied);
    applied
}

/// The line of a delivery: what became of this try, and in which request its booking was made.
fn tell(
    delivery_id: &DeliveryId,
    correlation_id: Option<&RequestId>,
    act: &Act,
    applied: &Result<Applied, AppError>,
) {
    let outcome = applied.as_ref().map_or("failed", |applied| applied.word());
    let request_id = act.request_id.as_str();
    let correlation_id = correlation_id.map_or(request_id, |id| id.as_str());
    tracing::info!(%delivery_id, outcome, request_id, correlation_id, "delivery tried");
}

/// Cal.com or the table has but to come back. A refused or unreadable call is no such case: it may
/// be our own client that is at fault.
fn waiting_may_mend(error: &AppError) -> bool {
    error.scheduler_failure().map_or_else(
        || error.retryable(),
        |failure| failure.retryable() && failure != Failure::Unreadable,
    )
}

async fn apply(
    app: &App,
    (queued, read): (&QueuedDelivery, Result<DeliveryHint, AppError>),
    received: &Received,
    act: &Act,
) -> Result<Applied, AppError> {
    let hint = match read {
        Ok(hint) => hint,
        Err(error) => {
            tell_failed();
            let hint = DeliveryHint::default();
            let note = Note { queued, hint: &hint, receives: received.receives };
            keep(app, &note, &Outcome::Quarantined(error.word())).await?;
            return Ok(Applied::Quarantined);
        }
    };
    if hint.trigger == "PING" {
        return Ok(Applied::Ignored);
    }
    let note = Note { queued, hint: &hint, receives: received.receives };
    if !hint.concerns_booking {
        keep(app, &note, &Outcome::Ignored).await?;
        return Ok(Applied::Ignored);
    }
    match follow(app, &hint, &received.batch, act).await {
        Ok(found) => finish(app, &note, &found).await,
        Err(error) => {
            let outcome = Outcome::Failed { word: error.word(), last: received.is_last() };
            note_failure(app, &note, &outcome).await;
            Err(error)
        }
    }
}

/// Notes that a message was given up without an answer of its handler: a panic, or no time left.
pub async fn give_up_delivery(app: &App, received: &Received, why: Lost) {
    if why.is_its_own_fault() {
        tell_failed();
    }
    let Some(queued) = read(received) else { return };
    let hint = app.deliveries.read(queued.body.as_bytes()).unwrap_or_default();
    if hint.trigger == "PING" {
        return;
    }
    let note = Note { queued: &queued, hint: &hint, receives: received.receives };
    let outcome = Outcome::Failed { word: why.word().to_owned(), last: received.is_last() };
    note_failure(app, &note, &outcome).await;
}

fn read(received: &Received) -> Option<QueuedDelivery> {
    let queued = serde_json::from_str::<QueuedDelivery>(&received.body).ok();
    if queued.is_none() {
        tracing::error!("a message in the webhook queue cannot be read");
        tell_failed();
    }
    queued
}

/// Counts a try that waiting does not mend, so that a new worker that answers and yet applies
/// nothing is taken back (docs/runbooks/rollout.md).
fn tell_failed() {
    tracing::info!(target: "metric", DeliveriesFailed = 1, "no waiting mends it");
}

/// The message comes back whether or not the note was written.
async fn note_failure(app: &App, note: &Note<'_>, outcome: &Outcome) {
    if let Err(error) = keep(app, note, outcome).await {
        tracing::warn!(%error, "a failed try of a delivery could not be noted");
    }
}

/// Sends round again what announced what is not so yet, until it has come back often enough; then
/// reconciliation has the last word.
async fn finish(app: &App, note: &Note<'_>, found: &Found) -> Result<Applied, AppError> {
    let (applied, outcome) = match found {
        Found::Synced { settled, shared, contradicted } => {
            let reached = Reached::of(settled, *shared);
            match AGAIN.get(usize::from(note.queued.looks)).filter(|_| *contradicted) {
                Some(seconds) => {
                    let looks = note.queued.looks.saturating_add(1);
                    QueuedDelivery { looks, ..note.queued.clone() }.send(app, *seconds).await?;
                    (Applied::Later, Outcome::Waiting(reached))
                }
                None => (Applied::Done, Outcome::Applied(reached)),
            }
        }
        Found::External(Intake::Taken(id) | Intake::TakenBack(id)) => {
            (Applied::Done, Outcome::Applied(Reached::adopted(id.clone())))
        }
        Found::External(Intake::Cancelled | Intake::Conflict | Intake::Left)
        | Found::Foreign
        | Found::Nothing => (Applied::Ignored, Outcome::Ignored),
        Found::KindUnknown => {
            (Applied::Quarantined, Outcome::Quarantined("event_type_unknown".to_owned()))
        }
    };
    keep(app, note, &outcome).await?;
    if let (Applied::Done, Some(sent_at), false) = (applied, note.hint.sent_at, note.queued.replay)
    {
        let lag = app.now().duration_since(sent_at).as_secs().max(0);
        tracing::info!(target: "metric", WebhookLagSeconds = lag, "a delivery is applied");
    }
    Ok(applied)
}

/// Does what a hint leads to; everything done follows from what is read (PRODUCT D5).
pub(super) async fn follow(
    app: &App,
    hint: &DeliveryHint,
    batch: &Batch,
    act: &Act,
) -> Result<Found, AppError> {
    let uids: Vec<CalUid> = hint.uid.iter().chain(&hint.moved_from).cloned().collect();
    let foreign =
        hint.deployment.as_ref().is_some_and(|deployment| *deployment != app.settings.deployment);
    if foreign {
        return Ok(Found::Foreign);
    }
    if let Some(id) = find(app, hint, &uids).await? {
        let (settled, shared) = match batch.seen(&id, &uids) {
            Some(settled) => (settled, true),
            None => (Arc::new(sync(app, &id, &uids, act).await?), false),
        };
        batch.note(&id, &uids, &settled);
        let stands = matches!(settled.reservation.state, State::Confirmed { .. });
        let contradicted = hint.announces_end && stands && settled.live_booking;
        return Ok(Found::Synced { settled, shared, contradicted });
    }
    let (Some(uid), Some(event_type_id)) = (&hint.uid, hint.event_type_id) else {
        return Ok(Found::Nothing);
    };
    let intake = adopt(app, uid, event_type_id, act).await?;
    Ok(intake.map_or(Found::KindUnknown, Found::External))
}

/// The reservation a hint speaks of: by our mark, then by any uid it ever had (CONTRACT 9.5).
pub(super) async fn find(
    app: &App,
    hint: &DeliveryHint,
    uids: &[CalUid],
) -> Result<Option<ReservationId>, AppError> {
    if let Some(id) = &hint.reservation_id {
        let key = Reservation::key_of(id);
        if app.find::<Reservation>(&key).await?.is_some() {
            return Ok(Some(id.clone()));
        }
    }
    if uids.is_empty() {
        return Ok(None);
    }
    let keys: Vec<_> = uids.iter().map(BookingPointer::key_of).collect();
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    for key in &keys {
        if let Some(pointer) = snapshot.get::<BookingPointer>(key)? {
            return Ok(Some(pointer.value.reservation_id));
        }
    }
    Ok(None)
}
