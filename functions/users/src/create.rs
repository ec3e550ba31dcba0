//! Makes a person.

use interlock_app::model::UserBody;
use interlock_app::{App, CreateUser, create_user};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{Role, ZoneName};
use serde::Deserialize;

/// `POST /api/users`.
pub const ROUTE: Route = Route::post("users.create", "/api/users")
    .allow(Role::Admin)
    .factor(FactorRule::Fresh)
    .idempotent(false);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Create {
    email: String,
    name: String,
    roles: Vec<Role>,
    time_zone: ZoneName,
}

/// 201 with the person, who is invited by mail to choose a password; 403 `role_required` for a role
/// the caller may not give, 409 `state_conflict` for an address that is taken. A key that made
/// somebody answers the same person again.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Create { email, name, roles, time_zone } = call.json()?;
    let (idempotency, act) = (call.idempotency(), call.act()?);
    let request = CreateUser { email, name, roles, time_zone, idempotency, act };
    let made = create_user(&app, call.caller_id()?, &request).await?;
    let body = UserBody::at(&made.account, app.now());
    Ok(Reply::created(format!("/api/users/{}", made.account.id), &body).replayed(made.replayed))
}
