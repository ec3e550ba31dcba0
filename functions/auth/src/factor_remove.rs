//! Takes the caller's second factor away.

use interlock_app::{App, remove_factor};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};

use crate::opening;

/// `DELETE /api/auth/factor` (RELIABILITY P6).
pub const ROUTE: Route =
    Route::delete("auth.factor-remove", "/api/auth/factor").any_caller().factor(FactorRule::Fresh);

/// 204 with the cookie of a new session; every other one is dead. 409 `state_conflict` without one,
/// and for whoever must have one.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let (token, session) = opening::session(&app, &call, &caller.account.value);
    let life = session.life;
    remove_factor(&app, &call.session()?.user_id, session, &call.act()?).await?;
    Ok(Reply::no_content().logged_in(&token, life))
}
