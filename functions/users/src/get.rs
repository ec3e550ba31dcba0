//! Shows a person.

use interlock_app::model::UserBody;
use interlock_app::{App, dead_address, read_user};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/users/{userId}`.
pub const ROUTE: Route = Route::get("users.get", "/api/users/{userId}").allow(Role::Manager);

/// 200 with the person, and whether mail to the address comes back; 404.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let account = read_user(&app, &call.user_id()?).await?;
    let dead = dead_address(&app, &account).await?;
    Ok(Reply::ok(&UserBody::for_staff(&account, dead.as_ref())))
}
