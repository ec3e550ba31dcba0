//! Takes a delivery of Cal.com: verified, queued, answered; nothing else, because Cal.com waits
//! (CONTRACT 5.3).

use interlock_app::{App, receive_signed, verify_delivery};
use interlock_http::{Call, Problem, Reply, Route};
use serde_json::json;

/// `POST /api/webhooks/calcom` (S0-069), also under its alias (PRODUCT D8).
pub const ROUTE: Route = Route::post("webhooks.calcom", "/api/webhooks/calcom")
    .twin("/api/cal/webhooks/receiver")
    .signed();

/// Cal.com's header for the signature.
const SIGNATURE: &str = "x-cal-signature-256";

/// 200 once the queue has it (promise R11); 401 for a signature that is missing, wrong or doubled,
/// before anything else is looked at; then 415 for another content type, 400 for what is no text.
/// What is signed and cannot be used otherwise is taken, and set aside by the worker.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let signed = verify_delivery(&app, call.body(), &call.header_values(SIGNATURE)).await?;
    call.says_json()?;
    let begun = receive_signed(&app, signed).await?;
    Ok(Reply::ok(&json!({ "received": true })).correlated(begun))
}
