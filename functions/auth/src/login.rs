//! Opens a session for an e-mail and a password.

use interlock_app::model::UserBody;
use interlock_app::{App, Attempt, log_in, open_session};
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

use crate::opening;

/// `POST /api/auth/login` (S0-055).
pub const ROUTE: Route = Route::post("auth.login", "/api/auth/login").public();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
}

/// 200 with the person and the session cookie; 401 `invalid_credentials`, 429 `rate_limited`. The
/// browser is known from then on and counted by itself.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Login { email, password } = call.json()?;
    let (shown, network) = (call.shown_device(), call.network());
    let attempt = Attempt {
        email: &email,
        password: &password,
        address: network.as_deref(),
        device: shown.as_ref(),
        request_id: call.request_id(),
    };
    let account = log_in(&app, &attempt).await?;
    let (token, new) = opening::session(&app, &call, &account);
    let life = new.life;
    let browser = opening::browser(&app, &account.id, shown.as_ref());
    let hash = browser.as_ref().map(|(_, hash)| hash.clone());
    open_session(&app, &account, (new, hash), call.request_id().clone()).await?;
    let reply = Reply::ok(&UserBody::from(&account)).logged_in(&token, life);
    Ok(match browser {
        Some((token, _)) => reply.known(&token),
        None => reply,
    })
}
