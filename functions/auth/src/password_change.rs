//! Changes the caller's password.

use interlock_app::{App, ChangePassword, NewSession, Rate, Uncounted, change_password};
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

use crate::opening;

/// `POST /api/auth/password` (RELIABILITY A2, A3, P2).
pub const ROUTE: Route = Route::post("auth.password-change", "/api/auth/password")
    .any_caller()
    .limited(RATE, Uncounted::Waits);
/// Whoever took over a session guesses no password with it (RELIABILITY P4).
pub(crate) const RATE: Rate = Rate::new("password", 5, 60).doubling();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    current_password: String,
    new_password: String,
}

/// 204 with the cookie of a new session; every other one is dead. 400 for a wrong present password
/// and for a new one that is not taken.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Change { current_password, new_password } = call.json()?;
    let caller = call.caller()?;
    let (token, session) = opening::session(&app, &call, &caller.account.value);
    // What was shown stays shown: the password alone opens no session of somebody with a factor.
    let session = NewSession { factor_at: call.session()?.factor_at, ..session };
    let life = session.life;
    let request = ChangePassword {
        user_id: caller.user_id.clone(),
        current: current_password,
        new: new_password,
        session,
        act: call.act()?,
    };
    change_password(&app, request).await?;
    Ok(Reply::no_content().logged_in(&token, life))
}
