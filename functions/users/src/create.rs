//! Makes a person.

use interlock_app::model::UserBody;
use interlock_app::{App, CreateUser, create_user};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{Role, ZoneName};
use serde::Deserialize;

/// `POST /api/users`.
pub const ROUTE: Route =
    Route::post("users.create", "/api/users").allow(Role::Admin).factor(FactorRule::Fresh);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Create {
    email: String,
    name: String,
    roles: Vec<Role>,
    time_zone: ZoneName,
}

/// 201 with the person, who is invited by mail to choose a password; 403 `role_required` for a role
/// the caller may not give, 409 `state_conflict` for an address that is taken.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Create { email, name, roles, time_zone } = call.json()?;
    let request = CreateUser { email, name, roles, time_zone, act: call.act()? };
    let account = create_user(&app, call.caller_id()?, &request).await?;
    Ok(Reply::created(format!("/api/users/{}", account.id), &UserBody::from(&account)))
}
