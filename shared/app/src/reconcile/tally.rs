//! What a slice found, counted.

use std::collections::BTreeMap;

use interlock_policy::RunId;

use super::{Report, ReportFinding};
use crate::AppError;
use crate::model::{Finding, FindingState, Run};

/// Most findings told in a report; the run counts them all.
const MOST_TOLD: usize = 1000;

/// Counts of a slice.
pub(super) struct Tally {
    run_id: RunId,
    /// Bookings and reservations compared.
    pub(super) checked: u32,
    repaired: u32,
    findings: Vec<ReportFinding>,
    failed: Option<AppError>,
    /// Of these counts, what the run's record has already.
    recorded: (u32, u32),
    unrecorded: BTreeMap<String, u32>,
    unrecorded_failures: u32,
}

impl Tally {
    /// Of a new slice.
    pub(super) fn new(run_id: RunId) -> Self {
        Self {
            run_id,
            checked: 0,
            repaired: 0,
            findings: Vec::new(),
            failed: None,
            recorded: (0, 0),
            unrecorded: BTreeMap::new(),
            unrecorded_failures: 0,
        }
    }

    /// Goes on after a part that failed, so that one account or booking never holds up the
    /// others; whether there is nothing left of the part that another run could do.
    pub(super) fn go_on(&mut self, part: Result<(), AppError>) -> bool {
        let Err(error) = part else { return true };
        tracing::error!(%error, "a part of the reconciliation failed");
        let again = error.retryable();
        if again {
            self.unrecorded_failures += 1;
            self.failed.get_or_insert(error);
        }
        !again
    }

    /// The first failure that another run may get over; the next run must look at the same again.
    pub(super) fn failure(&mut self) -> Option<AppError> {
        self.failed.take()
    }

    /// The report of the slice.
    pub(super) fn report(self) -> Report {
        Report { checked: self.checked, repaired: self.repaired, findings: self.findings }
    }

    /// The run's id.
    pub(super) fn run_id(&self) -> &RunId {
        &self.run_id
    }

    /// Counts what was found.
    pub(super) fn count(&mut self, finding: &Finding) {
        if finding.state == FindingState::Repaired {
            self.repaired += 1;
        }
        *self.unrecorded.entry(finding.class.word().to_owned()).or_default() += 1;
        if self.findings.len() < MOST_TOLD {
            self.findings.push(ReportFinding {
                class: finding.class,
                reservation_id: finding.reservation_id.clone(),
                action: finding.action.clone(),
            });
        }
    }

    /// Adds what is new since the last time to the run's record.
    pub(super) fn record(&mut self, run: &mut Run) {
        let (checked, repaired) = self.recorded;
        run.checked += self.checked - checked;
        run.repaired += self.repaired - repaired;
        self.recorded = (self.checked, self.repaired);
        run.failed += std::mem::take(&mut self.unrecorded_failures);
        for (class, count) in std::mem::take(&mut self.unrecorded) {
            *run.found.entry(class).or_default() += count;
        }
    }
}
