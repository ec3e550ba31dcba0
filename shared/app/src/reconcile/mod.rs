//! Reconciliation: what Cal.com says against what we say, repaired by the same `sync`
//! (PRODUCT D6, promises R16 and R17).

mod compare;
mod full;
mod incremental;
mod kinds;
mod lists;
mod note;
mod pass;
mod tally;
mod times;

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use lists::{FindingQuery, list_findings, list_runs, resolve_finding};
use pass::{Flow, Pace};

use crate::model::{Checkpoint, FindingClass, Run};
use crate::{Act, App, AppError};

/// Longest work of one invocation (PRODUCT D6).
const SLICE: SignedDuration = SignedDuration::from_mins(10);

/// Which pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// What changed at Cal.com since the last run.
    #[default]
    Incremental,
    /// Everything ahead.
    Full,
}

impl Pass {
    fn word(self) -> &'static str {
        match self {
            Self::Incremental => "incremental",
            Self::Full => "full",
        }
    }
}

/// What a run did.
#[derive(Debug, Clone, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Bookings and reservations compared.
    pub checked: u32,
    /// Differences repaired.
    pub repaired: u32,
    /// What was found; the first thousand, and the run counts them all.
    pub findings: Vec<ReportFinding>,
}

/// One finding in a report.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportFinding {
    /// What kind.
    pub class: FindingClass,
    /// Our reservation, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// What was done.
    pub action: String,
}

/// Compares and repairs in one run from the beginning of the pass; an unfinished full run is
/// given up for it. Ends with its slice of ten minutes, and [`reconcile_on`] goes on from there.
///
/// Errors: `Unavailable` where Cal.com or the table did not serve; what was compared before is
/// kept, and the next run goes on from the checkpoint.
pub async fn reconcile(app: &App, pass: Pass, act: &Act) -> Result<Report, AppError> {
    let until = app.now().saturating_add(SLICE).unwrap_or(Timestamp::MAX);
    reconcile_until(app, pass, act, until).await
}

/// The same with a slice of the caller's choice: no page is begun from `until` on.
pub async fn reconcile_until(
    app: &App,
    pass: Pass,
    act: &Act,
    until: Timestamp,
) -> Result<Report, AppError> {
    let pace = Pace::begin(app, pass, until, None).await?;
    work(app, pace, act).await
}

/// One tick of the schedule: the incremental pass, then what is left of an unfinished full run.
pub async fn reconcile_on(app: &App, act: &Act, until: Timestamp) -> Result<Report, AppError> {
    let incremental = reconcile_until(app, Pass::Incremental, act, until).await;
    let full = match Pace::go_on(app, until).await? {
        Some(pace) => work(app, pace, act).await,
        None => Ok(Report::default()),
    };
    let (mut report, full) = (incremental?, full?);
    report.checked += full.checked;
    report.repaired += full.repaired;
    report.findings.extend(full.findings);
    Ok(report)
}

/// Begins a run because a person asked, and answers its record as it then stands.
///
/// An incremental run is worked up to `until`, which must be soon, because somebody waits; what is
/// not reached is reached by the next tick. A full run is only begun: the job goes on with it at
/// its next tick, within five minutes. Errors: `Unavailable` if the table did not serve.
pub async fn start_run(
    app: &App,
    pass: Pass,
    act: &Act,
    until: Timestamp,
) -> Result<Run, AppError> {
    let pace = Pace::begin(app, pass, until, Some(act)).await?;
    let (id, begun) = (pace.run.id.clone(), pace.run.clone());
    if pass == Pass::Incremental
        && let Err(error) = work(app, pace, act).await
    {
        tracing::warn!(run.id = %id, %error, "a run that was asked for broke off");
    }
    let key = Run::key_of(&id);
    Ok(app.find::<Run>(&key).await?.map_or(begun, |stored| stored.value))
}

/// When a slice that begins now ends.
pub fn slice_end(app: &App) -> Timestamp {
    app.now().saturating_add(SLICE).unwrap_or(Timestamp::MAX)
}

async fn work(app: &App, mut pace: Pace, act: &Act) -> Result<Report, AppError> {
    let flow = match pace.pass {
        Pass::Incremental => incremental::run(app, &mut pace, act).await,
        Pass::Full => full::run(app, &mut pace, act).await,
    };
    match flow {
        Ok(Flow::Done) => pace.finish(app).await,
        Ok(Flow::Later) => pace.put_by(app).await,
        Ok(Flow::Overtaken) => Ok(pace.tally.report()),
        Err(error) => {
            pace.broke_off(app, &error).await;
            Err(error)
        }
    }
}

async fn checkpoint(app: &App, pass: Pass) -> Result<(Checkpoint, Option<u64>), AppError> {
    let key = Checkpoint::key_of(pass.word());
    Ok(match app.find::<Checkpoint>(&key).await? {
        Some(stored) => (stored.value, Some(stored.version)),
        None => (Checkpoint::unused(pass.word()), None),
    })
}
