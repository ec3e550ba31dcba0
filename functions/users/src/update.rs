//! Sets whether a person may act.

use interlock_app::model::UserBody;
use interlock_app::{App, UpdateUser, update_user};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{AccountStatus, Role};
use serde::Deserialize;

/// `PATCH /api/users/{userId}` (S0-046).
pub const ROUTE: Route = Route::patch("users.update", "/api/users/{userId}").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update {
    status: AccountStatus,
}

/// 200 with the person; 404, 409 `state_conflict` for one's own account.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Update { status } = call.json()?;
    let request = UpdateUser { user_id: call.user_id()?, status, act: call.act()? };
    let account = update_user(&app, call.caller_id()?, &request).await?;
    Ok(Reply::ok(&UserBody::from(&account)))
}
