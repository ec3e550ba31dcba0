//! Shows one machine or host, with its rules as they concern the caller.

use interlock_app::{App, show_resource};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::{prefetch, view};

/// `GET /api/machines/{machineId}`, `GET /api/hosts/{hostId}`.
pub const ROUTE: Route = Route::get("machines.get", "/api/machines/{machineId}")
    .twin("/api/hosts/{hostId}")
    .allow(Role::Member)
    .reads(prefetch::judging);

/// 200 with the machine or host and its entity tag; 404.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.resource_id()?;
    let snapshot = call.take_snapshot();
    let (stored, rules) = show_resource(&app, snapshot, call.caller_id()?, &id).await?;
    Ok(Reply::ok(&view::body_with(&stored.value, &rules, app.now())).etag(stored.version))
}
