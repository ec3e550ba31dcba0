//! Findings: the same difference is one finding, however often it is seen.

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};

use super::compare::About;
use super::tally::Tally;
use crate::model::{Finding, FindingClass, FindingState, Reservation, Resolution, Side};
use crate::ports::scheduler::{Booking, BookingStatus};
use crate::ports::store::{CommitError, Index, Query, Stored, Transaction};
use crate::{App, AppError};

/// How long a finding that waits for nobody is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How often a lost race for a finding is run again.
const MOST_RACES: u32 = 5;

/// Both sides as they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) ours: Option<Side>,
    pub(super) theirs: Option<Side>,
}

/// A difference as it was found.
pub(super) struct Difference {
    pub(super) class: FindingClass,
    pub(super) action: &'static str,
    pub(super) reservation_id: Option<ReservationId>,
    pub(super) sides: Sides,
}

impl From<&Reservation> for Side {
    fn from(reservation: &Reservation) -> Self {
        Self {
            status: reservation.status().word().to_owned(),
            interval: Some(reservation.interval),
        }
    }
}

impl From<&Booking> for Side {
    fn from(booking: &Booking) -> Self {
        let status = match &booking.status {
            BookingStatus::Accepted => "accepted",
            BookingStatus::Pending => "pending",
            BookingStatus::Cancelled => "cancelled",
            BookingStatus::Rejected => "rejected",
            BookingStatus::Other(_) => "other",
        };
        Self { status: status.to_owned(), interval: Some(booking.interval) }
    }
}

/// Keeps a difference: a new finding, or the one it already is.
pub(super) async fn note(
    app: &App,
    tally: &mut Tally,
    difference: &Difference,
    about: About<'_>,
) -> Result<(), AppError> {
    let id = Finding::id_of(difference.class, about.1)
        .ok_or_else(|| AppError::internal("a finding has no id"))?;
    for _ in 0..MOST_RACES {
        let key = Finding::key_of(&id);
        let known = app.find::<Finding>(&key).await?;
        let read = known.as_ref().map(|stored| stored.version);
        let seen =
            seen(app, difference, (about, tally), known.as_ref().map(|stored| &stored.value))?;
        let finding = Finding { id: id.clone(), ..seen };
        match app.store.commit(&Transaction::new().save(&finding, read)?).await {
            Ok(()) => {
                tell(&finding);
                tally.count(&finding);
                return Ok(());
            }
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(AppError::contended())
}

fn tell(finding: &Finding) {
    tracing::info!(
        class = finding.class.word(),
        action = finding.action,
        reservation.id = ?finding.reservation_id,
        ours = ?finding.ours,
        theirs = ?finding.theirs,
        count = finding.count,
        "reconciliation found"
    );
}

fn seen(
    app: &App,
    difference: &Difference,
    ((resource_id, subject), tally): (About<'_>, &Tally),
    known: Option<&Finding>,
) -> Result<Finding, AppError> {
    let now = app.now();
    let same = known.is_some_and(|known| {
        known.ours == difference.sides.ours && known.theirs == difference.sides.theirs
    });
    // What a person closed stays closed while nothing about it changes, or for as long as he said.
    let holds = |known: &Finding| known.resolution.as_ref().is_none_or(|said| said.holds(now));
    let closed =
        known.is_some_and(|known| known.state == FindingState::Resolved && holds(known)) && same;
    let state = if closed { FindingState::Resolved } else { difference.class.first_state() };
    let id = Finding::id_of(difference.class, subject)
        .ok_or_else(|| AppError::internal("a finding has no id"))?;
    Ok(Finding {
        id,
        run_id: tally.run_id().clone(),
        class: difference.class,
        reservation_id: difference.reservation_id.clone(),
        resource_id: Some(resource_id.clone()),
        ours: difference.sides.ours.clone(),
        theirs: difference.sides.theirs.clone(),
        action: difference.action.to_owned(),
        state,
        resolution: known.and_then(|known| known.resolution.clone()).filter(|_| closed),
        first_seen: known.map_or(now, |known| known.first_seen),
        last_seen: now,
        count: known.map_or(0, |known| known.count).saturating_add(1),
        expires_at: expiry(state, now),
    })
}

pub(super) fn expiry(state: FindingState, now: Timestamp) -> Option<Timestamp> {
    match state {
        FindingState::Open => None,
        FindingState::Repaired | FindingState::Resolved => {
            Some(now.saturating_add(KEPT).unwrap_or(Timestamp::MAX))
        }
    }
}

/// Closes what a full run, which looked everywhere, did not see again. What a person must settle
/// with people stays open: a conflict of ours was cancelled, and no run sees it a second time.
pub(super) async fn close_gone(app: &App, tally: &Tally) -> Result<(), AppError> {
    let mut query = Query::partition(Some(Index::One), FindingState::Open.partition(), 100);
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            let stored = record.decode::<Finding>()?;
            let by_runs = match stored.value.class {
                FindingClass::Missing => true,
                FindingClass::Conflict => stored.value.reservation_id.is_none(),
                FindingClass::MappingBroken
                | FindingClass::CancelledAtCalcom
                | FindingClass::MovedAtCalcom
                | FindingClass::OutcomeSettled
                | FindingClass::Orphan
                | FindingClass::External
                | FindingClass::Forgotten => false,
            };
            if by_runs && stored.value.run_id != *tally.run_id() {
                close(app, stored, (None, "gone")).await?;
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Closes one; a run that sees it at the same moment has the last word.
pub(super) async fn close(
    app: &App,
    stored: Stored<Finding>,
    (by, note): (Option<interlock_policy::UserId>, &str),
) -> Result<(), AppError> {
    let now = app.now();
    let finding = Finding {
        state: FindingState::Resolved,
        resolution: Some(Resolution { by, note: note.to_owned(), at: now, until: None }),
        expires_at: expiry(FindingState::Resolved, now),
        ..stored.value
    };
    match app.store.commit(&Transaction::new().replace(&finding, stored.version)?).await {
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
