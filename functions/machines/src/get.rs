//! Shows one machine or host.

use interlock_app::model::Resource;
use interlock_app::{App, read_resource};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::view;

/// `GET /api/machines/{machineId}`, `GET /api/hosts/{hostId}`.
pub const ROUTE: Route = Route::get("machines.get", "/api/machines/{machineId}")
    .twin("/api/hosts/{hostId}")
    .allow(Role::Member)
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect());

/// 200 with the machine or host and its entity tag; 404.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.resource_id()?;
    let stored = read_resource(&app, call.take_snapshot(), &id).await?;
    Ok(Reply::ok(&view::body(&stored.value, app.now())).etag(stored.version))
}
