//! Opens a session for an e-mail and a password, or asks for the second factor.

use interlock_app::model::{Account, Actor, Shown, UserBody};
use interlock_app::{Act, App, Attempt, Entered, ask_for_factor, log_in, open_session};
use interlock_http::session::SessionToken;
use interlock_http::{Call, Problem, Reply, Route};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{login_code, opening};

/// `POST /api/auth/login` (S0-055).
pub const ROUTE: Route = Route::post("auth.login", "/api/auth/login").public();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
}

#[derive(Serialize)]
struct Waiting {
    pending: Pending,
}

/// What the login waits for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pending {
    factors: [&'static str; 2],
    expires_at: Timestamp,
}

/// 200 with the person and the session cookie, and the browser is known from then on and counted by
/// itself; 202 where a second factor is to be shown (RELIABILITY P6); 401 `invalid_credentials`,
/// 429 `rate_limited`.
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
    let Entered { account, wants_factor } = log_in(&app, &attempt).await?;
    if wants_factor {
        waiting(&app, &call, &account).await
    } else {
        opened(&app, &call, (&account, shown.as_ref())).await
    }
}

async fn waiting(app: &App, call: &Call, account: &Account) -> Result<Reply, Problem> {
    let (token, hash) = SessionToken::issue(app.ids.as_ref(), account.id.clone());
    let actor = Actor::User { user_id: account.id.clone() };
    let act = Act { actor, request_id: call.request_id().clone() };
    let noted = ask_for_factor(app, account, hash, &act).await?;
    let pending = Pending { factors: ["totp", "recovery_code"], expires_at: noted.expires_at };
    let body = Waiting { pending };
    Ok(Reply::accepted(login_code::ROUTE.path, &body).waiting(&token))
}

async fn opened(
    app: &App,
    call: &Call,
    (account, shown): (&Account, Option<&Shown>),
) -> Result<Reply, Problem> {
    let (token, new) = opening::session(app, call, account);
    let life = new.life;
    let browser = opening::browser(app, &account.id, shown);
    let hash = browser.as_ref().map(|(_, hash)| hash.clone());
    open_session(app, account, (new, hash), call.request_id().clone()).await?;
    let reply = Reply::ok(&UserBody::at(account, app.now())).logged_in(&token, life);
    Ok(match browser {
        Some((token, _)) => reply.known(&token),
        None => reply,
    })
}
