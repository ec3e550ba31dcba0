//! Has Cal.com tell an address what happens on the calendar of a resource.

use interlock_app::{App, SubscribeRequest, subscribe};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{ResourceId, Role};
use serde::Deserialize;
use serde_json::json;

/// `POST /api/cal/webhooks` (S1-023, S2-026, S4-011).
pub const ROUTE: Route = Route::post("calcom.webhooks-create", "/api/cal/webhooks")
    .allow(Role::Admin)
    .changes_calcom()
    .factor(FactorRule::Fresh);

/// There is no place for a secret: deliveries are signed with the one in force, and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateWebhook {
    resource_id: ResourceId,
    url: String,
    triggers: Option<Vec<String>>,
    #[serde(default = "on")]
    active: bool,
}

fn on() -> bool {
    true
}

/// 201 with the webhook; 404, 409 `state_conflict` if the account has one with this address, 503
/// while Cal.com does not answer, after which the list tells what became of it.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let CreateWebhook { resource_id, url, triggers, active } = call.json()?;
    let request = SubscribeRequest { resource_id, url, triggers, active };
    let webhook = subscribe(&app, &request, &call.act()?).await?;
    Ok(Reply::created("/api/cal/webhooks", &json!({ "webhook": webhook })))
}
