//! The work of an erasure; every step may be done again, and an error leaves it to the next sweep.

use std::collections::BTreeSet;

use interlock_policy::{ReservationId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::kept::{every, kept};
use super::scrub::scrub;
use crate::model::{Account, Erasure, ErasureReport, OpenReservations, Reservation, WatchState};
use crate::ports::store::{CommitError, Index, Key, Record, Stored, Transaction};
use crate::reserve::{CancelRequest, cancel};
use crate::{Act, App, AppError};

/// How long after the first pass the second is made; an index lags seconds.
const SECOND_PASS: SignedDuration = SignedDuration::from_mins(2);
/// Records removed in one transaction.
const AT_ONCE: usize = 25;

/// Does what is left, or as much as goes now. An error leaves the record as it was.
pub(crate) async fn erase_on(app: &App, work: Stored<Erasure>, act: &Act) -> Result<(), AppError> {
    let Stored { value: mut erasure, version } = work;
    let id = erasure.user_id.clone();
    let ended = end_all(app, &erasure, act).await?;
    // The first pass sees them all; what Cal.com has not followed yet a later one sees again.
    erasure.report.cancelled = erasure.report.cancelled.max(ended);
    let mut ids = found(app, &Reservation::partition_of_user(&id)).await?;
    if let Some(email) = &erasure.email {
        ids.extend(found(app, &Reservation::partition_of_email(email)).await?);
    }
    // Counted anew by each pass, not added up.
    erasure.report.left_at_calcom = 0;
    for reservation in ids {
        let done = scrub(app, &reservation).await?;
        erasure.report.add(&done);
    }
    let removed = remove_records(app, &id).await?;
    erasure.report.records = erasure.report.records.saturating_add(removed);
    finish(app, (erasure, version), act).await
}

impl ErasureReport {
    fn add(&mut self, other: &Self) {
        self.reservations = self.reservations.saturating_add(other.reservations);
        self.deliveries = self.deliveries.saturating_add(other.deliveries);
        self.records = self.records.saturating_add(other.records);
        self.left_at_calcom = self.left_at_calcom.saturating_add(other.left_at_calcom);
    }
}

/// Ends everything the person holds, by the way any reservation is ended; what Cal.com has not
/// followed yet keeps the erasure at work.
async fn end_all(app: &App, erasure: &Erasure, act: &Act) -> Result<u32, AppError> {
    let mut ended = 0;
    for id in held(app, &erasure.user_id).await? {
        let request = CancelRequest {
            reservation_id: id,
            reason: super::erase::NOBODY.to_owned(),
            staff: true,
            idempotency: None,
            act: act.clone(),
        };
        match cancel(app, &erasure.asked_by, &request).await {
            Ok(_) => ended += 1,
            // It came to rest by itself, or it is only observed here and ends by the clock.
            Err(AppError::StateConflict { .. } | AppError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

/// Reservations in the person's open list that are not over.
async fn held(app: &App, id: &UserId) -> Result<BTreeSet<ReservationId>, AppError> {
    let key = OpenReservations::key_of(id);
    let open = app.find::<OpenReservations>(&key).await?;
    let holds = open.map(|stored| stored.value.holds).unwrap_or_default();
    let now = app.now();
    let ahead = holds.into_iter().filter(|hold| hold.interval.end() > now);
    Ok(ahead.map(|hold| hold.reservation_id).collect())
}

async fn found(app: &App, partition: &str) -> Result<BTreeSet<ReservationId>, AppError> {
    let records = every(app, Some(Index::One), partition).await?;
    let ids = records.iter().map(|record| Ok(record.decode::<Reservation>()?.value.id));
    ids.collect()
}

/// Removes whatever is kept by person but the emptied account; proofs and the open list go last,
/// because what is still being ended stands on them.
async fn remove_records(app: &App, id: &UserId) -> Result<u32, AppError> {
    let account = Account::key_of(id);
    let mut records = every(app, None, &WatchState::partition_of(id)).await?;
    records.extend(kept(app, id).await?);
    let waits = !held(app, id).await?.is_empty();
    let stays = |record: &Record| {
        record.key == account || (waits && record.key == OpenReservations::key_of(id))
    };
    let keys: Vec<Key> =
        records.into_iter().filter(|record| !stays(record)).map(|record| record.key).collect();
    let mut removed = 0_u32;
    for some in keys.chunks(AT_ONCE) {
        let transaction = some.iter().cloned().fold(Transaction::new(), Transaction::remove);
        app.store.commit(&transaction).await?;
        removed = removed.saturating_add(u32::try_from(some.len()).unwrap_or(u32::MAX));
    }
    Ok(removed)
}

/// On to the next pass, or done; a process that was faster has written, which stands.
async fn finish(app: &App, (erasure, version): (Erasure, u64), act: &Act) -> Result<(), AppError> {
    let now = app.now();
    let waits = !held(app, &erasure.user_id).await?.is_empty();
    let passes = if waits { erasure.passes } else { erasure.passes.saturating_sub(1) };
    let transaction = if passes == 0 {
        let done = Erasure { ended_at: Some(now), due_at: None, email: None, passes, ..erasure };
        let audit = act.audit(now, "user.erased", &done.user_id, json!({ "report": done.report }));
        Transaction::new().replace(&done, version)?.put(&audit)?
    } else {
        let due_at = now.saturating_add(SECOND_PASS).unwrap_or(Timestamp::MAX);
        let rest = Erasure { due_at: Some(due_at), attempts: 0, passes, ..erasure };
        Transaction::new().replace(&rest, version)?
    };
    match app.store.commit(&transaction).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Later, after an error.
pub(crate) async fn put_off(
    app: &App,
    work: Stored<Erasure>,
    (due_at, attempts): (Timestamp, u32),
) -> Result<(), AppError> {
    let later = Erasure { due_at: Some(due_at), attempts, ..work.value };
    match app.store.commit(&Transaction::new().replace(&later, work.version)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
