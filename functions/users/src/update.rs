//! Sets whether a person may act, what a manager may approve people on, or where a person belongs.

use interlock_app::model::{ManagerScope, UserBody};
use interlock_app::{
    App, Said, SetMembership, SetScope, UpdateUser, set_membership, set_scope, update_user,
};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{AccountStatus, Role};
use jiff::Timestamp;
use serde::Deserialize;

/// `PATCH /api/users/{userId}` (S0-046, S0-051).
pub const ROUTE: Route = Route::patch("users.update", "/api/users/{userId}").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update {
    status: Option<AccountStatus>,
    #[serde(default)]
    scope: Said<ManagerScope>,
    groups: Option<Vec<String>>,
    #[serde(default)]
    membership_until: Said<Timestamp>,
}

/// 200 with the person; 404, 409 `state_conflict` for one's own status or scope.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let (user_id, admin, act) = (call.user_id()?, call.caller_id()?, call.act()?);
    let Update { status, scope, groups, membership_until: until } = call.json()?;
    let belongs = groups.is_some() || until.is_said();
    let account = match (status, scope.is_said(), belongs) {
        (Some(status), false, false) => {
            update_user(&app, admin, &UpdateUser { user_id, status, act }).await?
        }
        (None, true, false) => {
            set_scope(&app, admin, &SetScope { user_id, scope: scope.into(), act }).await?
        }
        (None, false, true) => {
            set_membership(&app, admin, &SetMembership { user_id, groups, until, act }).await?
        }
        (None, false, false) => {
            let detail = "a status, a scope, groups or a membership is wanted";
            return Err(Problem::fault("/status", "missing_field", detail));
        }
        (_, true, _) => {
            return Err(Problem::fault("/scope", "not_both", "one change at a time"));
        }
        (Some(_), false, true) => {
            return Err(Problem::fault("/status", "not_both", "one change at a time"));
        }
    };
    Ok(Reply::ok(&UserBody::from(&account)))
}
