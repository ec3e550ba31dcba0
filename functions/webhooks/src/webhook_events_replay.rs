//! Sends one delivery through the queue again.

use interlock_app::model::DeliveryId;
use interlock_app::{App, replay_delivery};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde_json::json;

/// `POST /api/webhook-events/{deliveryId}/replay` (S0-095).
pub const ROUTE: Route =
    Route::post("webhook.events-replay", "/api/webhook-events/{deliveryId}/replay")
        .allow(Role::Admin);

/// 202 once the queue has it, however often it is asked for; 404, 409 `state_conflict` if its body
/// could not be kept.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let id: DeliveryId = call.path_id("deliveryId")?;
    let event = replay_delivery(&app, &id, &call.act()?).await?;
    let location = format!("/api/webhook-events/{id}");
    Ok(Reply::accepted(location, &json!({ "webhookEvent": event })))
}
