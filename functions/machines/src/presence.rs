//! Keeps how many people are at a machine.

use interlock_app::model::Resource;
use interlock_app::{App, CountPresent, count_present};
use interlock_http::{Call, Problem, Reply, Route};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `PUT /api/machines/{machineId}/presence` (docs/adr/0014).
pub const ROUTE: Route = Route::put("machines.presence", "/api/machines/{machineId}/presence")
    .manages()
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    people: u32,
}

#[derive(Serialize)]
struct Body {
    present: View,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    people: u32,
    counted_at: Timestamp,
    /// Until when it is believed.
    until: Timestamp,
}

/// 200 with the count and until when it is believed; 404.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let Count { people } = call.json()?;
    let request = CountPresent { resource_id: call.resource_id()?, people, act: call.act()? };
    let present = count_present(&app, call.take_snapshot(), &request).await?;
    let (counted_at, until) = (present.counted_at, present.until());
    Ok(Reply::ok(&Body { present: View { people, counted_at, until } }))
}
