//! Enters a module into the caller's standing once the server has counted enough.

use interlock_app::{App, complete_training};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ModuleId, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `POST /api/training/complete` (S0-060).
pub const ROUTE: Route =
    Route::post("training.complete", "/api/training/complete").allow(Role::Member);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Complete {
    module_id: ModuleId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    module_id: ModuleId,
    completed: bool,
    completed_at: Timestamp,
}

/// 200 when completed, now or before; 409 `training_incomplete` with the gaps.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Complete { module_id } = call.json()?;
    let training = complete_training(&app, call.caller_id()?, &module_id, &call.act()?).await?;
    Ok(Reply::ok(&Answer { module_id, completed: true, completed_at: training.completed_at }))
}
