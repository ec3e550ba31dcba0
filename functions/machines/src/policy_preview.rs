//! Tells what a policy would do before it is saved.

use interlock_app::model::Resource;
use interlock_app::{App, PreviewPolicy, preview_policy};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Policy;
use serde::Deserialize;
use serde_json::json;

/// `POST /api/machines/{machineId}/policy/preview`, `POST /api/hosts/{hostId}/policy/preview`.
pub const ROUTE: Route = Route::post("policy.preview", "/api/machines/{machineId}/policy/preview")
    .twin("/api/hosts/{hostId}/policy/preview")
    .manages()
    .query(&["cursor"])
    .reads(|call| call.resource_id().iter().map(Resource::key_of).collect());

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Preview {
    policy: Box<Policy>,
    #[serde(default)]
    past_days: u32,
}

/// 200 with members gained and lost, reservations ahead and those of the past; nothing is written.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let Preview { policy, past_days } = call.json()?;
    let resource_id = call.resource_id()?;
    let scope = format!("policy-preview {resource_id}");
    let request = PreviewPolicy { resource_id, policy, past_days, after: call.cursor(&scope)? };
    let found = preview_policy(&app, call.take_snapshot(), &request).await?;
    let next = call.next_cursor(&scope, found.next.as_ref());
    let mut body = json!(found);
    if let (Some(next), Some(members)) = (next, body.get_mut("members")) {
        members["nextCursor"] = json!(next);
    }
    Ok(Reply::ok(&body))
}
