//! The resolver: settles every reservation whose follow-up is due.

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::settle::sync;
use crate::model::{FollowUp, Lane};
use crate::ports::store::{CommitError, Index, Query, Stored, Transaction};
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
    let query = Query {
        until: Some(FollowUp::sort_until(app.now())),
        ..Query::partition(Some(Index::One), Lane::Calcom.partition(), MOST_A_SWEEP)
    };
    for record in app.store.query(&query).await?.records {
        let follow: Stored<FollowUp> = record.decode()?;
        report.due += 1;
        match sync(app, &follow.value.reservation_id, &[], act).await {
            Ok(_) => report.done += 1,
            Err(error) => {
                report.failed += 1;
                tracing::warn!(
                    reservation.id = %follow.value.reservation_id,
                    %error,
                    attempts = follow.value.attempts,
                    "a reservation could not be settled and is put off"
                );
                put_off(app, follow).await?;
            }
        }
    }
    Ok(report)
}

/// Settles one reservation that a nudge named.
pub async fn settle_one(app: &App, id: &ReservationId, act: &Act) -> Result<(), AppError> {
    sync(app, id, &[], act).await.map(|_| ())
}

/// Later by a growing step, unless somebody wrote a newer follow-up meanwhile.
async fn put_off(app: &App, follow: Stored<FollowUp>) -> Result<(), AppError> {
    let Stored { value, version } = follow;
    let attempts = value.attempts.saturating_add(1);
    let step = SignedDuration::from_secs(15 << attempts.min(6));
    let due_at = app.now().saturating_add(step).unwrap_or(Timestamp::MAX);
    let later = FollowUp { due_at, attempts, ..value };
    match app.store.commit(&Transaction::new().replace(&later, version)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
