//! Announces that a machine or host is out of order, or tells what that would do.

use interlock_app::{App, CreateOutage, create_outage};
use interlock_http::{Call, Problem, Reply, Route};
use jiff::Timestamp;
use serde::Deserialize;

use crate::outage_view::Effect;
use crate::view;

/// `POST /api/machines/{machineId}/outages`, `POST /api/hosts/{hostId}/outages`.
pub const ROUTE: Route = Route::post("outages.create", "/api/machines/{machineId}/outages")
    .twin("/api/hosts/{hostId}/outages")
    .manages();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Create {
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    reason: String,
    #[serde(default)]
    dry_run: bool,
}

/// 201 with the outage and what becomes of reservations ahead; 200 where it was only tried.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Create = call.json()?;
    let request = CreateOutage {
        resource_id: call.resource_id()?,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        reason: body.reason,
        dry_run: body.dry_run,
        act: call.act()?,
    };
    let effect = create_outage(&app, &request).await?;
    let answer = Effect::of(&effect, !request.dry_run);
    if request.dry_run {
        return Ok(Reply::ok(&answer));
    }
    Ok(Reply::created(view::path(&request.resource_id), &answer))
}
