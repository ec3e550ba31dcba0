//! What a run found, counted and kept.

use interlock_policy::{ReservationId, ResourceId, RunId};

use super::{Report, ReportFinding};
use crate::model::{Cause, Finding, FindingClass, FindingState, Reservation, State};
use crate::ports::store::Transaction;
use crate::sync::Settled;
use crate::{App, AppError};

/// Counts of a run.
pub(crate) struct Tally {
    run_id: RunId,
    /// Bookings and reservations compared.
    pub(crate) checked: u32,
    /// Differences repaired.
    pub(crate) repaired: u32,
    findings: Vec<ReportFinding>,
    failed: Option<AppError>,
}

impl Tally {
    /// Of a new run.
    pub(crate) fn new(run_id: RunId) -> Self {
        Self { run_id, checked: 0, repaired: 0, findings: Vec::new(), failed: None }
    }

    /// Goes on after a part that failed, so that one account or booking never holds up the others.
    pub(crate) fn go_on(&mut self, part: Result<(), AppError>) {
        if let Err(error) = part {
            tracing::error!(%error, "a part of the reconciliation failed");
            if self.failed.is_none() && error.retryable() {
                self.failed = Some(error);
            }
        }
    }

    /// The first failure that another run may get over; the next run must look at the same again.
    pub(crate) fn failure(&mut self) -> Result<(), AppError> {
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The report of the run.
    pub(crate) fn report(self) -> Report {
        Report { checked: self.checked, repaired: self.repaired, findings: self.findings }
    }

    /// The run's id.
    pub(crate) fn run_id(&self) -> RunId {
        self.run_id.clone()
    }

    /// Notes what a sync changed, if anything.
    pub(crate) async fn settled(&mut self, app: &App, settled: &Settled) -> Result<(), AppError> {
        let (before, after) = (&settled.found, &settled.reservation);
        let Some((class, action)) = difference(before, after, settled.had_orphan) else {
            return Ok(());
        };
        let about = (Some(after.id.clone()), Some(after.resource_id.clone()));
        self.note(app, class, action, about).await
    }

    /// Notes and keeps a finding.
    pub(crate) async fn note(
        &mut self,
        app: &App,
        class: FindingClass,
        action: &str,
        (reservation_id, resource_id): (Option<ReservationId>, Option<ResourceId>),
    ) -> Result<(), AppError> {
        let state = match class {
            FindingClass::CancelledAtCalcom
            | FindingClass::MovedAtCalcom
            | FindingClass::OutcomeSettled
            | FindingClass::Orphan
            | FindingClass::External
            | FindingClass::Forgotten => FindingState::Repaired,
            FindingClass::Conflict | FindingClass::Missing | FindingClass::MappingBroken => {
                FindingState::Open
            }
        };
        if state == FindingState::Repaired {
            self.repaired += 1;
        }
        tracing::info!(?class, action, reservation.id = ?reservation_id, "reconciliation found");
        let finding = Finding {
            id: app.id()?,
            run_id: self.run_id.clone(),
            class,
            reservation_id: reservation_id.clone(),
            resource_id,
            action: action.to_owned(),
            state,
            at: app.now(),
        };
        app.store.commit(&Transaction::new().create(&finding)?).await?;
        self.findings.push(ReportFinding { class, reservation_id, action: action.to_owned() });
        Ok(())
    }
}

fn difference(
    before: &Reservation,
    after: &Reservation,
    had_orphan: bool,
) -> Option<(FindingClass, &'static str)> {
    if before.state == after.state && before.interval == after.interval {
        return had_orphan.then_some((FindingClass::Orphan, "booking_cancelled"));
    }
    if after.state.cause() == Some(&Cause::Conflict) {
        return Some((FindingClass::Conflict, "reservation_cancelled"));
    }
    match (&before.state, &after.state) {
        (State::Confirmed { .. }, State::Cancelled { .. } | State::Cancelling { .. }) => {
            Some((FindingClass::CancelledAtCalcom, "reservation_cancelled"))
        }
        (State::Confirmed { .. }, State::Confirmed { .. }) => {
            Some((FindingClass::MovedAtCalcom, "reservation_moved"))
        }
        (State::Confirmed { .. }, _) => None,
        (_, _) => Some((FindingClass::OutcomeSettled, "outcome_settled")),
    }
}
