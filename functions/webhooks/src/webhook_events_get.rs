//! Shows one delivery with its masked body.

use interlock_app::model::DeliveryId;
use interlock_app::{App, read_delivery};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde_json::json;

/// `GET /api/webhook-events/{deliveryId}` (S0-095).
pub const ROUTE: Route =
    Route::get("webhook.events-get", "/api/webhook-events/{deliveryId}").allow(Role::Admin);

/// 200; 404 for a delivery that never came or is no longer kept.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let id: DeliveryId = call.path_id("deliveryId")?;
    let event = read_delivery(&app, &id).await?;
    Ok(Reply::ok(&json!({ "webhookEvent": event })))
}
