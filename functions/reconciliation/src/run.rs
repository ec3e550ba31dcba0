//! Begins a run of reconciliation.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{App, Pass, start_run};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::view::RunView;

/// `POST /api/reconciliation/runs` (S0-097).
pub const ROUTE: Route =
    Route::post("reconciliation.run", "/api/reconciliation/runs").allow(Role::Admin);

/// How long an incremental run works while the caller waits; no page is begun later, and a page
/// ends within the function's 15 seconds.
const SLICE: SignedDuration = SignedDuration::from_secs(5);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartRun {
    #[serde(default)]
    pass: Pass,
}

#[derive(Serialize)]
struct Body<'a> {
    run: RunView<'a>,
}

/// 202 with the run as it stands: an incremental one has worked a short slice, a full one is gone
/// on with by the job within five minutes.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let StartRun { pass } = call.json()?;
    // Short of the patience of reconciliation itself, because somebody waits.
    let app = app.paced(Urgency::Sync);
    let until = app.now().saturating_add(SLICE).unwrap_or(Timestamp::MAX);
    let run = start_run(&app, pass, &call.act()?, until).await?;
    Ok(Reply::accepted("/api/reconciliation/runs", &Body { run: RunView::from(&run) }))
}
