//! The record of a delivery: one for the same bytes, however often they come.
//!
//! A copy of what is settled changes nothing but its counters (promise R12).

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};

use super::receive::QueuedDelivery;
use crate::model::{Delivery, DeliveryState, Effect, Reservation, Status};
use crate::ports::DeliveryHint;
use crate::ports::store::{CommitError, Transaction};
use crate::sync::Settled;
use crate::{App, AppError, Snapshot};

/// How long a delivery is kept (RELIABILITY W4).
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);
/// Sent longer ago than this when it came, a delivery is marked as stale (RELIABILITY W4).
const OLD: SignedDuration = SignedDuration::from_hours(72);
/// Ahead of our clock by more than this, likewise.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// How often a lost race for the record is run again.
const MOST_ROUNDS: u32 = 4;

/// What is noted of one try, beside its outcome.
pub(super) struct Note<'a> {
    /// As it came through the queue.
    pub(super) queued: &'a QueuedDelivery,
    /// What it hints at.
    pub(super) hint: &'a DeliveryHint,
    /// How often its message was handed out.
    pub(super) receives: u32,
}

/// The reservation a delivery reached.
pub(super) struct Reached {
    id: ReservationId,
    before: Option<Status>,
    changed: bool,
}

impl Reached {
    /// By a look; one made for another delivery changed nothing for this one.
    pub(super) fn of(settled: &Settled, shared: bool) -> Self {
        let found = if shared { &settled.reservation } else { &settled.found };
        Self {
            id: settled.reservation.id.clone(),
            before: Some(found.status()),
            changed: *found != settled.reservation,
        }
    }

    /// By taking it in.
    pub(super) fn adopted(id: ReservationId) -> Self {
        Self { id, before: None, changed: true }
    }
}

/// What one try came to.
pub(super) enum Outcome {
    /// The effect is in.
    Applied(Reached),
    /// It comes back in seconds.
    Waiting(Reached),
    /// Nothing to act on.
    Ignored,
    /// It can never be applied as things are, for this reason.
    Quarantined(String),
    /// It failed, for this reason; `last` if its message goes to the dead letters.
    Failed {
        /// A stable word.
        word: String,
        /// Whether no other try follows by itself.
        last: bool,
    },
}

/// Writes what one try came to; a lost race is run again.
pub(super) async fn keep(app: &App, note: &Note<'_>, outcome: &Outcome) -> Result<(), AppError> {
    for _ in 0..MOST_ROUNDS {
        match write(app, note, outcome).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(AppError::contended())
}

async fn write(app: &App, note: &Note<'_>, outcome: &Outcome) -> Result<(), CommitError> {
    let key = Delivery::key_of(&note.queued.hash);
    let reached = match outcome {
        Outcome::Applied(reached) | Outcome::Waiting(reached) => Some(reached),
        Outcome::Ignored | Outcome::Quarantined(_) | Outcome::Failed { .. } => None,
    };
    let reservation = reached.map(|reached| Reservation::key_of(&reached.id));
    let keys: Vec<_> = std::iter::once(key.clone()).chain(reservation.clone()).collect();
    let snapshot = Snapshot::new(app.store.read(&keys).await?, keys.iter().cloned());
    let known = snapshot.get::<Delivery>(&key)?;
    let read = known.as_ref().map(|stored| stored.version);
    let mut delivery = counted(app, note, known.map(|stored| stored.value));
    let present = match &reservation {
        Some(key) => snapshot.get::<Reservation>(key)?,
        None => None,
    };
    let effect = reached.zip(present).map(|(reached, stored)| Effect {
        before: reached.before,
        after: stored.value.status(),
        version: stored.version,
        changed: reached.changed,
    });
    let changes = effect.as_ref().is_some_and(|effect| effect.changed);
    if read.is_none() || changes || !delivery.state.is_settled() {
        settle(&mut delivery, outcome, effect, app.now());
    }
    app.store.commit(&Transaction::new().save(&delivery, read)?).await
}

/// The record with this try counted, and otherwise as it was; a new one if there was none.
fn counted(app: &App, note: &Note<'_>, known: Option<Delivery>) -> Delivery {
    let Note { queued, hint, receives } = note;
    let Some(known) = known else {
        let body = app.deliveries.masked(queued.body.as_bytes());
        return Delivery {
            hash: queued.hash.clone(),
            trigger: hint.trigger.clone(),
            body,
            bytes: u64::try_from(queued.body.len()).unwrap_or(u64::MAX),
            received_at: queued.received_at,
            last_received_at: queued.received_at,
            times: 1,
            attempts: 1,
            replays: 0,
            state: DeliveryState::Retrying,
            last_error: None,
            stale: is_stale(hint.sent_at, queued.received_at),
            reservation_id: None,
            correlation_id: hint.correlation_id.clone(),
            effect: None,
            tries: Vec::new(),
            settled_at: None,
            expires_at: app.now().saturating_add(KEPT).unwrap_or(Timestamp::MAX),
        };
    };
    // A message that comes again, looks again or is asked for again is no other copy.
    let copy = *receives <= 1 && queued.looks == 0 && !queued.replay;
    Delivery {
        times: known.times.saturating_add(u32::from(copy)),
        attempts: known.attempts.saturating_add(1),
        last_received_at: known.last_received_at.max(queued.received_at),
        ..known
    }
}

fn settle(delivery: &mut Delivery, outcome: &Outcome, effect: Option<Effect>, now: Timestamp) {
    let (state, error) = match outcome {
        Outcome::Applied(_) => (DeliveryState::Applied, None),
        Outcome::Waiting(_) => (DeliveryState::Waiting, None),
        Outcome::Ignored => (DeliveryState::Ignored, None),
        Outcome::Quarantined(word) => (DeliveryState::Quarantined, Some(word)),
        Outcome::Failed { word, last: false } => (DeliveryState::Retrying, Some(word)),
        Outcome::Failed { word, last: true } => (DeliveryState::Dead, Some(word)),
    };
    delivery.tried(now, state, error.map(String::as_str));
    if let Outcome::Applied(reached) | Outcome::Waiting(reached) = outcome {
        delivery.reservation_id = Some(reached.id.clone());
    }
    if effect.is_some() {
        delivery.effect = effect;
    }
}

fn is_stale(sent_at: Option<Timestamp>, received_at: Timestamp) -> bool {
    sent_at.is_some_and(|sent_at| {
        let age = received_at.duration_since(sent_at);
        age > OLD || age < -AHEAD
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_stale_beyond_three_days_or_five_minutes_ahead() {
        let now: Timestamp = "2026-06-04T08:00:00Z".parse().unwrap();
        let sent = |seconds: i64| Some(now + SignedDuration::from_secs(seconds));
        for (sent_at, stale) in [
            (None, false),
            (sent(0), false),
            (sent(-72 * 3600), false),
            (sent(-72 * 3600 - 1), true),
            (sent(300), false),
            (sent(301), true),
        ] {
            assert_eq!(is_stale(sent_at, now), stale, "{sent_at:?}");
        }
    }
}
