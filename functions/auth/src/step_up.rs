//! Shows the second factor again, before what is dangerous.

use interlock_app::{App, FACTOR_FRESH, Uncounted, step_up};
use interlock_http::session::SessionToken;
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::factor_confirm::RATE;

/// `POST /api/auth/step-up` (RELIABILITY P6).
pub const ROUTE: Route = Route::post("auth.step-up", "/api/auth/step-up")
    .any_caller()
    .factor(FactorRule::NotAsked)
    .limited(RATE, Uncounted::Waits);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepUp {
    code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    fresh_until: Timestamp,
}

/// 200 with how long it suffices, and the cookie of the same session under a new name; 400 at
/// `/code`, 409 `state_conflict` without a second factor.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let StepUp { code } = call.json()?;
    let caller = call.caller()?;
    let (token, hash) = SessionToken::issue(app.ids.as_ref(), caller.user_id.clone());
    let session = step_up(&app, call.session()?, (&code, hash), &call.act()?).await?;
    let now = app.now();
    let fresh_until = now.saturating_add(FACTOR_FRESH).unwrap_or(now);
    let life = session.expires_at.duration_since(now);
    Ok(Reply::ok(&Body { fresh_until }).logged_in(&token, life))
}
