//! Reserve: hold, book once, confirm; doubt is left to the resolver (RELIABILITY 3.5).

use interlock_policy::{EventTypeId, Interval, ResourceId, UserId};
use jiff::{SignedDuration, Timestamp};

use super::MOST_RACES;
use super::book::book;
use super::hold::{Try, try_hold};
use super::outcome::Placed;
use super::replay::{IdempotencyUse, replayed};
use crate::change::Books;
use crate::eligibility::Member;
use crate::model::{IdempotencyRecord, Resource};
use crate::ports::store::Key;
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
/// Answers 201 only after the confirmation committed (promise R5), and 202 while the outcome at
/// Cal.com is unknown or somebody must say yes first (PRODUCT D17). Errors: the gate's refusal
/// with all reasons, `SlotTaken`, the idempotency errors, `Unavailable` when surely nothing was
/// made.
pub async fn reserve(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    request: &ReserveRequest,
) -> Result<Placed, AppError> {
    let placed = placed(app, snapshot, user_id, request).await;
    match &placed {
        Ok(placed) if placed.is_new() => {
            tracing::info!(target: "metric", BookingsCreated = 1, "a booking is made");
        }
        Err(AppError::NotEligible(_)) => {
            tracing::info!(target: "metric", BookingsRefused = 1, "the gate refuses");
        }
        Ok(_) | Err(_) => {}
    }
    placed
}

async fn placed(
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
            Try::Waiting(reservation) => return Ok(Placed::now(*reservation, 201)),
            Try::Known(record) => return replayed(app, &request.idempotency, record).await,
            Try::Lost => snapshot = Snapshot::default(),
        }
    }
    Err(AppError::contended())
}
