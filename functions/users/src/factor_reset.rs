//! Takes the second factor of somebody who lost it away.

use interlock_app::{App, reset_factor};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::Role;

/// `DELETE /api/users/{userId}/factor` (RELIABILITY P6).
pub const ROUTE: Route = Route::delete("users.factor-reset", "/api/users/{userId}/factor")
    .allow(Role::Admin)
    .factor(FactorRule::Fresh);

/// 204, and every session of the person is dead; 404, 409 `state_conflict` for one's own and where
/// there is none.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    reset_factor(&app, call.caller_id()?, &call.user_id()?, &call.act()?).await?;
    Ok(Reply::no_content())
}
