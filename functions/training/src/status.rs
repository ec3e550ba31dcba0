//! Tells how far the caller has come with each module.

use interlock_app::{App, training_status};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/training/status` (S0-061).
pub const ROUTE: Route = Route::get("training.status", "/api/training/status").allow(Role::Member);

/// 200 with one entry per active module.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let snapshot = call.take_snapshot();
    let items = training_status(&app, snapshot, call.caller_id()?).await?;
    Ok(Reply::page(&items, None))
}
