//! Ends one of the caller's sessions.

use interlock_app::{App, end_session};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};

/// `DELETE /api/auth/sessions/{sessionId}` (RELIABILITY A3).
pub const ROUTE: Route = Route::delete("auth.sessions-revoke", "/api/auth/sessions/{sessionId}")
    .any_caller()
    .factor(FactorRule::NotAsked);

/// 204, and the cookie is cleared if it was the session of this call; 404 for other people's.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let own = &call.session()?.hash;
    let id = call.path_id("sessionId")?;
    let ended = end_session(&app, &caller.user_id, &id, &call.act()?).await?;
    let reply = Reply::no_content();
    Ok(if ended == *own { reply.logged_out() } else { reply })
}
