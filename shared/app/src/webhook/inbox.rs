//! Deliveries as staff see them, and another try for one of them.

use interlock_policy::{RequestId, ReservationId};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::receive::QueuedDelivery;
use crate::model::{Delivery, DeliveryId, DeliveryState, Effect, Try};
use crate::ports::store::{CommitError, Index, Position, Query, Stored, Transaction};
use crate::{Act, App, AppError};

/// Most pages read for one answer; what is rarer than that is found on the next page.
const MOST_PAGES: usize = 10;
/// How often a lost race for the record is run again.
const MOST_ROUNDS: u32 = 4;

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct DeliveryQuery {
    /// In this state.
    pub state: Option<DeliveryState>,
    /// With this trigger.
    pub trigger: Option<String>,
    /// About this reservation.
    pub reservation_id: Option<ReservationId>,
    /// Most on a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

impl DeliveryQuery {
    /// Where they stand: deliveries of every state are in partitions of their own.
    fn partitions(&self) -> Vec<(Index, String)> {
        let by_state = |state| (Index::One, Delivery::partition_of_state(state));
        match (&self.reservation_id, self.state) {
            (Some(id), _) => vec![(Index::Two, Delivery::partition_of_reservation(id))],
            (None, Some(state)) => vec![by_state(state)],
            (None, None) => DeliveryState::ALL.into_iter().map(by_state).collect(),
        }
    }

    fn wants(&self, delivery: &Delivery) -> bool {
        self.state.is_none_or(|state| state == delivery.state)
            && self.trigger.as_ref().is_none_or(|trigger| *trigger == delivery.trigger)
    }
}

/// A delivery as it may be shown: never with a uid of Cal.com.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Its name.
    pub delivery_id: DeliveryId,
    /// Cal.com's word for what happened.
    pub trigger: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When first received.
    pub received_at: Timestamp,
    /// When last received.
    pub last_received_at: Timestamp,
    /// How often the same bytes came.
    pub times: u32,
    /// How often it was tried to apply it.
    pub attempts: u32,
    /// How often somebody asked for another try.
    pub replays: u32,
    /// Why a try failed, or why it is in quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// Whether it was sent long before it came, or ahead of our clock.
    pub stale: bool,
    /// The reservation it spoke of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// The request that made its booking, to find its line in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<RequestId>,
    /// What it led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// When it was first applied, or found to say nothing we act on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
    /// The last tries, the oldest first; only where one delivery is read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// Length of the raw body, in bytes.
    pub bytes: u64,
    /// The body, masked; only where one delivery is read, and absent if it could not be masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl From<Delivery> for EventView {
    fn from(delivery: Delivery) -> Self {
        Self {
            delivery_id: delivery.hash,
            trigger: delivery.trigger,
            state: delivery.state,
            received_at: delivery.received_at,
            last_received_at: delivery.last_received_at,
            times: delivery.times,
            attempts: delivery.attempts,
            replays: delivery.replays,
            last_error: delivery.last_error,
            stale: delivery.stale,
            reservation_id: delivery.reservation_id,
            correlation_id: delivery.correlation_id,
            effect: delivery.effect,
            settled_at: delivery.settled_at,
            tries: Vec::new(),
            bytes: delivery.bytes,
            body: None,
        }
    }
}

/// A page of deliveries, the newest first, without bodies.
pub async fn list_deliveries(
    app: &App,
    wanted: &DeliveryQuery,
) -> Result<(Vec<EventView>, Option<Position>), AppError> {
    let mut before = wanted.after.as_ref().and_then(|position| position.index_sort.clone());
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = merged(app, wanted, before.as_deref()).await?;
        let whole = page.len() < limit;
        for delivery in page {
            before = Some(delivery.sort());
            if wanted.wants(&delivery) {
                found.push(EventView::from(delivery));
            }
            if found.len() == limit {
                return Ok((found, before.map(position)));
            }
        }
        if whole {
            return Ok((found, None));
        }
    }
    Ok((found, before.map(position)))
}

fn position(sort: String) -> Position {
    Position { key: (String::new(), String::new()), index_sort: Some(sort) }
}

/// The newest deliveries before a place, over all partitions asked for.
async fn merged(
    app: &App,
    wanted: &DeliveryQuery,
    before: Option<&str>,
) -> Result<Vec<Delivery>, AppError> {
    let mut all: Vec<Delivery> = Vec::new();
    for (index, partition) in wanted.partitions() {
        let query = Query {
            until: before.map(str::to_owned),
            descending: true,
            ..Query::partition(Some(index), partition, wanted.limit)
        };
        for record in app.store.query(&query).await?.records {
            all.push(record.decode::<Delivery>()?.value);
        }
    }
    all.sort_by_key(|delivery| std::cmp::Reverse(delivery.sort()));
    // One that changes its state between two questions is in both answers.
    all.dedup_by(|one, other| one.hash == other.hash);
    all.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// One delivery with its masked body.
pub async fn read_delivery(app: &App, id: &DeliveryId) -> Result<EventView, AppError> {
    let mut delivery = stored(app, id).await?.value;
    let tries = std::mem::take(&mut delivery.tries);
    let body = delivery.body.as_ref().map(|body| app.deliveries.shown(body));
    Ok(EventView { tries, body, ..EventView::from(delivery) })
}

/// Reads the record of a delivery.
pub(super) async fn stored(app: &App, id: &DeliveryId) -> Result<Stored<Delivery>, AppError> {
    let key = Delivery::key_of(id);
    app.find::<Delivery>(&key).await?.ok_or(AppError::NotFound { what: "delivery" })
}

/// Sends a delivery through the queue again. Asked twice, it is sent twice and noted once; being
/// applied twice harms nothing (promise R12).
///
/// Errors: `NotFound`; `StateConflict` if its body could not be kept; `Unavailable`.
pub async fn replay_delivery(app: &App, id: &DeliveryId, act: &Act) -> Result<EventView, AppError> {
    let delivery = marked(app, id, act).await?;
    let body = delivery.body.clone().ok_or_else(not_kept)?;
    let queued = QueuedDelivery {
        hash: delivery.hash.clone(),
        body,
        received_at: delivery.received_at,
        looks: 0,
        replay: true,
    };
    queued.send(app, 0).await?;
    Ok(EventView::from(delivery))
}

fn not_kept() -> AppError {
    let detail = "its body could not be read, and so was not kept".to_owned();
    AppError::StateConflict { detail }
}

/// Marks it before it is sent, so that what the queue brings finds the mark.
async fn marked(app: &App, id: &DeliveryId, act: &Act) -> Result<Delivery, AppError> {
    for _ in 0..MOST_ROUNDS {
        let Stored { value, version } = stored(app, id).await?;
        if value.body.is_none() {
            return Err(not_kept());
        }
        if value.state == DeliveryState::Replaying {
            return Ok(value);
        }
        let audit =
            act.audit(app.now(), "webhook-event.replay", &id, json!({ "state": value.state }));
        let replays = value.replays.saturating_add(1);
        let after = Delivery { state: DeliveryState::Replaying, replays, ..value };
        let transaction = Transaction::new().replace(&after, version)?.create(&audit)?;
        match app.store.commit(&transaction).await {
            Ok(()) => return Ok(after),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(AppError::contended())
}
