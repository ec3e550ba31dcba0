//! Shows a person.

use interlock_app::model::UserBody;
use interlock_app::{App, aside_of, read_user};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/users/{userId}`.
pub const ROUTE: Route = Route::get("users.get", "/api/users/{userId}").allow(Role::Manager);

/// 200 with the person, and beside the account whether mail to the address comes back, whether the
/// data must be kept, and whether there is a second factor; 404.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let account = read_user(&app, &call.user_id()?).await?;
    let aside = aside_of(&app, &account).await?;
    Ok(Reply::ok(&UserBody::for_staff(&account, &aside, app.now())))
}
