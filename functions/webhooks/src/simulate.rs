//! Says what a delivery would lead to, and does nothing of it.

use interlock_app::model::DeliveryId;
use interlock_app::{App, simulate_delivery, simulate_kept};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde_json::{Map, Value, json};

/// `POST /api/webhooks/simulate` (S0-095).
pub const ROUTE: Route =
    Route::post("webhooks.simulate", "/api/webhooks/simulate").allow(Role::Admin);

/// 200 with the plan for a body as Cal.com sends it, or for a kept one named by `deliveryId`; 404,
/// 409 `state_conflict` if its body could not be kept, 503 while Cal.com does not answer.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Map<String, Value> = call.json()?;
    let act = call.act()?;
    let simulation = match body.get("deliveryId") {
        Some(id) => simulate_kept(&app, &named(&body, id)?, &act).await?,
        None => simulate_delivery(&app, call.body(), &act).await?,
    };
    Ok(Reply::ok(&json!({ "simulation": simulation })))
}

fn named(body: &Map<String, Value>, id: &Value) -> Result<DeliveryId, Problem> {
    if body.len() > 1 {
        return Err(Problem::fault("", "ambiguous", "a body or a `deliveryId`, not both"));
    }
    let text = id.as_str().unwrap_or_default();
    text.parse().map_err(|_| Problem::fault("/deliveryId", "malformed", "an id is wanted"))
}
