//! Ends an outage, or tells what that would do.

use interlock_app::{App, EndOutage, end_outage};
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

use crate::outage_view::Effect;

/// `POST /api/machines/{machineId}/outages/{outageId}/end`, `…/hosts/{hostId}/…`.
pub const ROUTE: Route =
    Route::post("outages.end", "/api/machines/{machineId}/outages/{outageId}/end")
        .twin("/api/hosts/{hostId}/outages/{outageId}/end")
        .manages();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct End {
    #[serde(default)]
    dry_run: bool,
}

/// 200 with the outage and what becomes of reservations ahead; 404, 409 `state_conflict` for one
/// that is over.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let End { dry_run } = call.json()?;
    let request = EndOutage {
        resource_id: call.resource_id()?,
        outage_id: call.path_id("outageId")?,
        dry_run,
        act: call.act()?,
    };
    let effect = end_outage(&app, &request).await?;
    Ok(Reply::ok(&Effect::of(&effect, true)))
}
