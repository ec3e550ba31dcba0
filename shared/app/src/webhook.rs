//! A delivery of Cal.com: received fast, applied later, and only ever as a hint (PRODUCT D5, D10).

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::external::{Adopted, adopt};
use crate::model::{BookingPointer, Delivery, DeliveryState, State};
use crate::ports::DeliveryHint;
use crate::ports::QueueName;
use crate::ports::scheduler::CalUid;
use crate::ports::store::Transaction;
use crate::sync::sync;
use crate::{Act, App, AppError, Snapshot};

/// How long a delivery is kept (RELIABILITY W4).
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);
/// When a delivery that announced what is not so yet is looked at again, in seconds; Cal.com
/// announces a cancel before it commits it (CONTRACT 9.5 rule 2).
const AGAIN: [i64; 3] = [1, 2, 5];

/// A delivery on its way through the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuedDelivery {
    /// SHA-256 of the raw body, in lower-case hex.
    pub hash: String,
    /// The raw body as text; Cal.com sends UTF-8.
    pub body: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// How often it was looked at and came back.
    #[serde(default)]
    pub looks: u8,
}

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
    /// It can never be applied.
    Quarantined,
}

/// Takes a delivery: 2xx may be answered only after this returned `Ok` (promise R11).
///
/// Errors: `SignatureInvalid` before anything is read of the body; `Unavailable` for the queue.
pub async fn receive_delivery(
    app: &App,
    body: &[u8],
    signatures: &[String],
) -> Result<(), AppError> {
    app.deliveries.verify(body, signatures).await?;
    let text = std::str::from_utf8(body)
        .map_err(|_| AppError::invalid("", "not_utf8", "the body is not utf-8"))?;
    let queued = QueuedDelivery {
        hash: digest(body),
        body: text.to_owned(),
        received_at: app.now(),
        looks: 0,
    };
    let message =
        serde_json::to_string(&queued).map_err(|error| AppError::internal(error.to_string()))?;
    app.queue.send(QueueName::Webhook, &message, SignedDuration::ZERO).await?;
    Ok(())
}

fn digest(body: &[u8]) -> String {
    use sha2::Digest;
    hex::encode(sha2::Sha256::digest(body))
}

/// Applies a delivery from the queue. An error asks for another try; what can never be applied is
/// quarantined at once (RELIABILITY Q3).
pub async fn apply_delivery(app: &App, message: &str, act: &Act) -> Result<Applied, AppError> {
    let Ok(queued) = serde_json::from_str::<QueuedDelivery>(message) else {
        tracing::error!("a message in the webhook queue cannot be read");
        return Ok(Applied::Quarantined);
    };
    let Ok(hint) = app.deliveries.read(queued.body.as_bytes()) else {
        keep(app, &queued, "", (DeliveryState::Quarantined, None)).await?;
        return Ok(Applied::Quarantined);
    };
    if hint.trigger == "PING" {
        return Ok(Applied::Ignored);
    }
    if !hint.concerns_booking {
        keep(app, &queued, &hint.trigger, (DeliveryState::Ignored, None)).await?;
        return Ok(Applied::Ignored);
    }
    let (applied, reservation_id) = apply(app, &hint, act).await?;
    if applied == Applied::Later && come_back(app, &queued).await? {
        return Ok(Applied::Later);
    }
    let state = match applied {
        Applied::Ignored => DeliveryState::Ignored,
        Applied::Quarantined => DeliveryState::Quarantined,
        Applied::Done | Applied::Later => DeliveryState::Applied,
    };
    keep(app, &queued, &hint.trigger, (state, reservation_id)).await?;
    Ok(applied)
}

async fn apply(
    app: &App,
    hint: &DeliveryHint,
    act: &Act,
) -> Result<(Applied, Option<ReservationId>), AppError> {
    let hints: Vec<CalUid> = hint.uid.iter().chain(&hint.moved_from).cloned().collect();
    let foreign =
        hint.deployment.as_ref().is_some_and(|deployment| *deployment != app.settings.deployment);
    if foreign {
        return Ok((Applied::Ignored, None));
    }
    if let Some(id) = find(app, hint, &hints).await? {
        let settled = sync(app, &id, &hints, act).await?;
        let stands = matches!(settled.reservation.state, State::Confirmed { .. });
        let contradicted = hint.announces_end && stands && settled.live_booking;
        return Ok((if contradicted { Applied::Later } else { Applied::Done }, Some(id)));
    }
    let (Some(uid), Some(event_type_id)) = (&hint.uid, hint.event_type_id) else {
        return Ok((Applied::Ignored, None));
    };
    match adopt(app, uid, event_type_id, act).await? {
        Adopted::Yes(id) => Ok((Applied::Done, Some(id))),
        Adopted::No => Ok((Applied::Ignored, None)),
    }
}

/// The reservation a hint speaks of: by our mark, then by any uid it ever had (CONTRACT 9.5).
async fn find(
    app: &App,
    hint: &DeliveryHint,
    uids: &[CalUid],
) -> Result<Option<ReservationId>, AppError> {
    if let Some(id) = &hint.reservation_id {
        let key = crate::model::Reservation::key_of(id);
        let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
        if snapshot.get::<crate::model::Reservation>(&key)?.is_some() {
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

/// Sends the delivery round again; `false` once it has come back often enough, and then
/// reconciliation has the last word.
async fn come_back(app: &App, queued: &QueuedDelivery) -> Result<bool, AppError> {
    let Some(seconds) = AGAIN.get(usize::from(queued.looks)) else { return Ok(false) };
    let again = QueuedDelivery { looks: queued.looks.saturating_add(1), ..queued.clone() };
    let message =
        serde_json::to_string(&again).map_err(|error| AppError::internal(error.to_string()))?;
    app.queue.send(QueueName::Webhook, &message, SignedDuration::from_secs(*seconds)).await?;
    Ok(true)
}

/// Keeps the delivery as evidence; the same bytes again only count up (promise R12).
async fn keep(
    app: &App,
    queued: &QueuedDelivery,
    trigger: &str,
    (state, reservation_id): (DeliveryState, Option<ReservationId>),
) -> Result<(), AppError> {
    let key = Delivery::key_of(&queued.hash);
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    let known = snapshot.get::<Delivery>(&key)?;
    let read = known.as_ref().map(|stored| stored.version);
    let delivery = match known {
        Some(stored) => Delivery { times: stored.value.times.saturating_add(1), ..stored.value },
        None => Delivery {
            hash: queued.hash.clone(),
            trigger: trigger.to_owned(),
            body: app.deliveries.masked(queued.body.as_bytes()),
            received_at: queued.received_at,
            times: 1,
            state,
            reservation_id,
            expires_at: app.now().saturating_add(KEPT).unwrap_or(Timestamp::MAX),
        },
    };
    let transaction = Transaction::new().save(&delivery, read)?;
    app.store.commit(&transaction).await?;
    Ok(())
}
