//! Lists where the caller is logged in.

use interlock_app::{App, list_sessions};
use interlock_http::session::Life;
use interlock_http::{Call, FactorRule, Problem, Reply, Route};

/// `GET /api/auth/sessions` (RELIABILITY A3).
pub const ROUTE: Route = Route::get("auth.sessions-list", "/api/auth/sessions")
    .any_caller()
    .factor(FactorRule::NotAsked);

/// 200 with the live sessions, the newest first, on one page.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let account = &caller.account.value;
    let idle = Life::of(&account.roles).idle;
    let sessions = list_sessions(&app, account, &call.session()?.hash, idle).await?;
    Ok(Reply::page(&sessions, None))
}
