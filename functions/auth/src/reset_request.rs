//! Asks for a link with which to choose a new password.

use interlock_app::model::Actor;
use interlock_app::{Act, App, request_reset};
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

/// `POST /api/auth/reset-request` (RELIABILITY P5).
pub const ROUTE: Route = Route::post("auth.reset-request", "/api/auth/reset-request").public();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ask {
    email: String,
}

/// 204, whether or not the address has an account; 429 `rate_limited` alike.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Ask { email } = call.json()?;
    let actor = Actor::System { job: "reset-request".to_owned() };
    let act = Act { actor, request_id: call.request_id().clone() };
    request_reset(&app, &email, call.network().as_deref(), &act).await?;
    Ok(Reply::no_content())
}
