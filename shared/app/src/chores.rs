//! Has Cal.com's own schedules run, which stand still by themselves (CONTRACT 11).
//!
//! What went well leaves a figure, so that an alarm sounds when it stays away.

use serde::Serialize;

use crate::ports::{Chore, ChoreError, Chores};

/// What became of the chores of one run, each by its name.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChoreReport {
    /// Done.
    pub done: Vec<&'static str>,
    /// Not called, because this deployment has no Cal.com of its own.
    pub left_out: Vec<&'static str>,
    /// Not done.
    pub failed: Vec<&'static str>,
}

/// Has chores done one after the other; one that fails keeps no other from being called.
pub async fn run_chores(chores: &dyn Chores, wanted: &[Chore]) -> ChoreReport {
    let mut report = ChoreReport::default();
    for chore in wanted {
        let name = chore.name();
        match chores.call(*chore).await {
            Ok(()) => {
                count(*chore);
                report.done.push(name);
            }
            Err(ChoreError::Unaddressed) => report.left_out.push(name),
            Err(
                error @ (ChoreError::Refused
                | ChoreError::Unknown
                | ChoreError::Failed(_)
                | ChoreError::Silent
                | ChoreError::Secretless),
            ) => {
                tracing::error!(chore = name, %error, "a chore of cal.com was not done");
                report.failed.push(name);
            }
        }
    }
    report
}

/// One figure for what must run each minute, and one for each slower pace.
fn count(chore: Chore) {
    match chore {
        Chore::Meetings => tracing::info!(target: "metric", CalcomMeetingsCalled = 1, "done"),
        Chore::Tasks => tracing::info!(target: "metric", CalcomTasksCalled = 1, "done"),
        Chore::TimeZones => tracing::info!(target: "metric", CalcomHourlyCalled = 1, "done"),
        Chore::TasksCleanup => tracing::info!(target: "metric", CalcomDailyCalled = 1, "done"),
        Chore::CalendarSubscriptions
        | Chore::CalendarCleanup
        | Chore::SelectedCalendars
        | Chore::Credentials => {
            tracing::info!(target: "metric", CalcomCalendarsCalled = 1, "done");
        }
    }
}
