//! Tells who is logged in.

use interlock_app::App;
use interlock_app::model::UserBody;
use interlock_http::{Call, Problem, Reply, Route};

/// `GET /api/auth/me` (S0-057).
pub const ROUTE: Route = Route::get("auth.me", "/api/auth/me").any_caller();

/// 200 with the person; 401 without a session.
pub async fn handle(_app: App, call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    Ok(Reply::ok(&UserBody::from(&caller.account.value)))
}
