//! Ends the session it is called with.

use interlock_app::{App, log_out};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};

/// `POST /api/auth/logout` (S0-056).
pub const ROUTE: Route =
    Route::post("auth.logout", "/api/auth/logout").any_caller().factor(FactorRule::NotAsked);

/// 204, and the cookie is cleared; it is in the audit like every end of a session.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    log_out(&app, &caller.user_id, &call.session()?.hash, &call.act()?).await?;
    Ok(Reply::no_content().logged_out())
}
