//! Changes a webhook at Cal.com, and has it signed with the secret in force.

use interlock_app::ports::subscriptions::{SubscriptionChange, SubscriptionId};
use interlock_app::{App, change_subscription};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{ResourceId, Role};
use serde::Deserialize;
use serde_json::json;

/// `PATCH /api/cal/webhooks/{webhookId}` (S4-013).
pub const ROUTE: Route = Route::patch("calcom.webhooks-update", "/api/cal/webhooks/{webhookId}")
    .allow(Role::Admin)
    .changes_calcom()
    .factor(FactorRule::Fresh);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UpdateWebhook {
    resource_id: ResourceId,
    url: Option<String>,
    triggers: Option<Vec<String>>,
    active: Option<bool>,
}

/// 200 with the webhook; what is not named stays, but for the secret. 404, 409 `state_conflict`
/// if another one has the address, 503 while Cal.com does not answer.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let UpdateWebhook { resource_id, url, triggers, active } = call.json()?;
    let id: SubscriptionId = call.path_id("webhookId")?;
    let change = SubscriptionChange { url, active, triggers };
    let webhook = change_subscription(&app, (&resource_id, &id), &change, &call.act()?).await?;
    Ok(Reply::ok(&json!({ "webhook": webhook })))
}
