//! The resolver: settles every reservation whose follow-up is due.

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::settle::sync;
use crate::cascade::work_off;
use crate::model::{Cascade, Erasure, FollowUp, Lane, Reservation, State};
use crate::ports::store::{CommitError, Document, Index, Query, Stored, Transaction};
use crate::privacy::{erase_on, put_off as put_off_erasure};
use crate::{Act, App, AppError};

/// Most reservations one sweep settles; the rest waits for the next minute.
const MOST_A_SWEEP: u32 = 100;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SweepReport {
    /// How many were due.
    pub due: u32,
    /// How many came to rest.
    pub done: u32,
    /// How many were put off.
    pub failed: u32,
}

/// Settles what is due on the Cal.com lane (promise R8).
pub async fn settle_due(app: &App, act: &Act) -> Result<SweepReport, AppError> {
    let mut report = SweepReport::default();
    let (mut oldest_due, mut waits) = (None, Waits { now: app.now(), seconds: 0 });
    let query = Query {
        until: Some(FollowUp::sort_until(app.now())),
        ..Query::partition(Some(Index::One), Lane::Calcom.partition(), MOST_A_SWEEP)
    };
    for record in app.store.query(&query).await?.records {
        report.due += 1;
        if record.kind == Cascade::KIND {
            if cascade(app, record.decode()?, act).await? {
                report.done += 1;
            } else {
                report.failed += 1;
            }
            continue;
        }
        if record.kind == Erasure::KIND {
            if erasure(app, record.decode()?, act).await? {
                report.done += 1;
            } else {
                report.failed += 1;
            }
            continue;
        }
        let follow: Stored<FollowUp> = record.decode()?;
        oldest_due.get_or_insert(follow.value.due_at);
        match sync(app, &follow.value.reservation_id, &[], act).await {
            Ok(settled) => {
                report.done += 1;
                waits.note(&settled.reservation);
            }
            Err(error) => {
                report.failed += 1;
                tracing::warn!(
                    reservation.id = %follow.value.reservation_id,
                    %error,
                    attempts = follow.value.attempts,
                    "a reservation could not be settled and is put off"
                );
                waits.note_unsettled(app, &follow.value.reservation_id).await?;
                put_off(app, follow).await?;
            }
        }
    }
    let oldest = oldest_due.map_or(0, |due| waits.now.duration_since(due).as_secs().max(0));
    tracing::info!(
        target: "metric",
        OldestDueSeconds = oldest,
        OldestPendingSeconds = waits.seconds,
        "a sweep ended"
    );
    Ok(report)
}

/// Works off what a loss left (promise R3); `false` if it was put off.
async fn cascade(app: &App, work: Stored<Cascade>, act: &Act) -> Result<bool, AppError> {
    let Err(error) = work_off(app, work.clone(), act).await else { return Ok(true) };
    let Stored { value, version } = work;
    tracing::warn!(subject = ?value.subject, %error, "what a loss left is put off");
    let attempts = value.attempts.saturating_add(1);
    let later = Cascade { due_at: step_on(app, attempts), attempts, ..value };
    match app.store.commit(&Transaction::new().replace(&later, version)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(false),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Goes on with erasing a person (promise R26); `false` if it was put off.
async fn erasure(app: &App, work: Stored<Erasure>, act: &Act) -> Result<bool, AppError> {
    let Err(error) = erase_on(app, work.clone(), act).await else { return Ok(true) };
    tracing::warn!(user_id = %work.value.user_id, %error, "an erasure is put off");
    let attempts = work.value.attempts.saturating_add(1);
    put_off_erasure(app, work, (step_on(app, attempts), attempts)).await?;
    Ok(false)
}

/// Later by a step that grows with the attempts.
fn step_on(app: &App, attempts: u32) -> Timestamp {
    let step = SignedDuration::from_secs(15 << attempts.min(6));
    app.now().saturating_add(step).unwrap_or(Timestamp::MAX)
}

/// For how long the longest pending reservation of a sweep waits (promise R8).
struct Waits {
    now: Timestamp,
    seconds: i64,
}

impl Waits {
    fn note(&mut self, reservation: &Reservation) {
        if matches!(reservation.state, State::Pending { .. }) {
            let waits = self.now.duration_since(reservation.created_at).as_secs();
            self.seconds = self.seconds.max(waits);
        }
    }

    async fn note_unsettled(&mut self, app: &App, id: &ReservationId) -> Result<(), AppError> {
        let key = Reservation::key_of(id);
        if let Some(stored) = app.find::<Reservation>(&key).await? {
            self.note(&stored.value);
        }
        Ok(())
    }
}

/// Settles one reservation that a nudge named.
pub async fn settle_one(app: &App, id: &ReservationId, act: &Act) -> Result<(), AppError> {
    sync(app, id, &[], act).await.map(|_| ())
}

/// Later by a growing step, unless somebody wrote a newer follow-up meanwhile.
async fn put_off(app: &App, follow: Stored<FollowUp>) -> Result<(), AppError> {
    let Stored { value, version } = follow;
    let attempts = value.attempts.saturating_add(1);
    let later = FollowUp { due_at: step_on(app, attempts), attempts, ..value };
    match app.store.commit(&Transaction::new().replace(&later, version)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
