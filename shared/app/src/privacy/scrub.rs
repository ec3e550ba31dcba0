//! Takes from a reservation, its history and its deliveries what a person wrote or is called.
//!
//! What is left is who by opaque id, which resource, when, and how it ended.

use interlock_policy::{ReservationId, UserId};

use super::kept::every;
use crate::model::{
    Cause, DecisionRecord, Delivery, ErasureReport, HistoryEvent, Holder, IdempotencyRecord,
    Letter, Reservation, State,
};
use crate::ports::store::{Document, Index, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{App, AppError};

/// Scrubs one; what is scrubbed already costs nothing and is not counted again, but for what
/// Cal.com keeps.
pub(super) async fn scrub(app: &App, id: &ReservationId) -> Result<ErasureReport, AppError> {
    let mut report = ErasureReport::default();
    for _ in 0..MOST_RACES {
        let key = Reservation::key_of(id);
        let Some(stored) = app.find::<Reservation>(&key).await? else { return Ok(report) };
        let holder = stored.value.user_id().cloned();
        report.left_at_calcom = u32::from(!stored.value.cal_uids.is_empty());
        if let Some(changed) = reservation(app, stored).await? {
            report.reservations = u32::from(changed);
            report.records = history(app, id, holder.as_ref()).await?;
            report.deliveries = deliveries(app, id).await?;
            return Ok(report);
        }
    }
    Err(AppError::contended())
}

/// Whether anything had to go; `None` if another write came first. Only what has come to rest is
/// rewritten: what is on its way is ended first and found by the next pass.
async fn reservation(app: &App, stored: Stored<Reservation>) -> Result<Option<bool>, AppError> {
    let Stored { value: before, version } = stored;
    let mut after = before.clone();
    if let State::Cancelled { cause } | State::Failed { cause } = &mut after.state {
        empty(cause);
    }
    if let Holder::Unmatched { email } = &mut after.holder {
        *email = None;
    }
    let request = before.idempotency_key.as_ref().map(IdempotencyRecord::key_of);
    if after == before {
        return Ok(Some(false));
    }
    let transaction = Transaction::new().replace(&after, version)?;
    let transaction = match request {
        Some(key) => transaction.remove(key),
        None => transaction,
    };
    Ok(app.commits(&transaction).await?.then_some(true))
}

/// Empties the words in the history and removes the decisions, which hold what was known of the
/// person: proofs, groups, other reservations; and the letters to him, sent and due. Answers how
/// many there were.
async fn history(app: &App, id: &ReservationId, holder: Option<&UserId>) -> Result<u32, AppError> {
    let mut removed = 0;
    for record in every(app, None, &HistoryEvent::partition_of(id)).await? {
        let goes = record.kind == DecisionRecord::KIND
            || (record.kind == Letter::KIND
                && record.decode::<Letter>()?.value.reader() == holder
                && holder.is_some());
        if goes {
            app.store.commit(&Transaction::new().remove(record.key)).await?;
            removed += 1;
            continue;
        }
        if record.kind != HistoryEvent::KIND {
            continue;
        }
        let Stored { value: mut event, version } = record.decode::<HistoryEvent>()?;
        if event.cause.as_ref().and_then(Cause::reason).is_none_or(str::is_empty) {
            continue;
        }
        if let Some(cause) = &mut event.cause {
            empty(cause);
        }
        app.store.commit(&Transaction::new().replace(&event, version)?).await?;
    }
    Ok(removed)
}

async fn deliveries(app: &App, id: &ReservationId) -> Result<u32, AppError> {
    let mut count = 0;
    for record in every(app, Some(Index::Two), &Delivery::partition_of_reservation(id)).await? {
        let hash = record.decode::<Delivery>()?.value.hash;
        let key = Delivery::key_of(&hash);
        let Some(Stored { value, version }) = app.find::<Delivery>(&key).await? else { continue };
        if value.body.is_none() {
            continue;
        }
        let after = Delivery { body: None, ..value };
        app.store.commit(&Transaction::new().replace(&after, version)?).await?;
        count += 1;
    }
    Ok(count)
}

fn empty(cause: &mut Cause) {
    match cause {
        Cause::Holder { reason } | Cause::Staff { reason } | Cause::Declined { reason } => {
            reason.clear();
        }
        Cause::Eligibility
        | Cause::External
        | Cause::Conflict
        | Cause::SlotTaken
        | Cause::Refused
        | Cause::Unreachable
        | Cause::NeverMade
        | Cause::Expired
        | Cause::NotAccepted => {}
    }
}
