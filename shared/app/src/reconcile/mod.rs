//! Reconciliation: what Cal.com says against what we say, repaired by the same `sync`
//! (PRODUCT D6, promises R16 and R17).

mod findings;
mod full;
mod incremental;

use interlock_policy::{ReservationId, RunId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use findings::Tally;

use crate::model::{FindingClass, Run};
use crate::ports::store::Transaction;
use crate::{Act, App, AppError};

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
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Bookings and reservations compared.
    pub checked: u32,
    /// Differences repaired.
    pub repaired: u32,
    /// What was found.
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

/// Compares and repairs. Errors: `Unavailable` where Cal.com or the table did not serve; what was
/// compared before is kept, and the next run goes on from the checkpoint.
pub async fn reconcile(app: &App, pass: Pass, act: &Act) -> Result<Report, AppError> {
    let run_id: RunId = app.id()?;
    let started_at = app.now();
    let mut tally = Tally::new(run_id.clone());
    match pass {
        Pass::Incremental => incremental::run(app, &mut tally, act).await?,
        Pass::Full => full::run(app, &mut tally, act).await?,
    }
    let run = Run {
        id: run_id,
        pass: pass.word().to_owned(),
        started_at,
        ended_at: Some(app.now()),
        checked: tally.checked,
        repaired: tally.repaired,
        expires_at: app
            .now()
            .saturating_add(SignedDuration::from_hours(90 * 24))
            .unwrap_or(Timestamp::MAX),
    };
    app.store.commit(&Transaction::new().create(&run)?).await?;
    Ok(tally.report())
}
