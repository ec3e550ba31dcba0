//! Opens a session for an e-mail and a password.

use interlock_app::model::UserBody;
use interlock_app::{App, check_credentials, open_session};
use interlock_http::session::{SessionToken, cookie, session_life};
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

/// `POST /api/auth/login` (S0-055).
pub const ROUTE: Route = Route::post("auth.login", "/api/auth/login").public();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
}

/// 200 with the person and the session cookie; 401 `invalid_credentials`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Login { email, password } = call.json()?;
    let account = check_credentials(&app, &email, &password).await?;
    let (token, hash) = SessionToken::issue(app.ids.as_ref(), account.id.clone());
    let life = session_life(&account.roles);
    open_session(&app, &account, (hash, life), call.request_id().clone()).await?;
    Ok(Reply::ok(&UserBody::from(&account)).cookie(cookie::issue(&token, life)))
}
