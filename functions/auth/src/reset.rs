//! Chooses a new password with a link that was mailed.

use interlock_app::{Act, App, Chosen, choose_password};
use interlock_http::session::SessionToken;
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

/// `POST /api/auth/reset` (RELIABILITY P5).
pub const ROUTE: Route = Route::post("auth.reset", "/api/auth/reset").public();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reset {
    token: String,
    new_password: String,
}

/// 204, without a session but with a browser that is known; 400 at `/token` or `/newPassword`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Reset { token, new_password } = call.json()?;
    let network = call.network();
    let chosen = Chosen { token: &token, password: &new_password, address: network.as_deref() };
    let mut known = None;
    let browser = |user_id: &interlock_policy::UserId| {
        let (token, hash) = SessionToken::issue(app.ids.as_ref(), user_id.clone());
        known = Some(token);
        hash
    };
    let act = |actor| Act { actor, request_id: call.request_id().clone() };
    choose_password(&app, &chosen, browser, act).await?;
    Ok(match known {
        Some(token) => Reply::no_content().known(&token),
        None => Reply::no_content(),
    })
}
