//! Sets whether a person may act, or what a manager may approve people on.

use interlock_app::model::{ManagerScope, UserBody};
use interlock_app::{App, SetScope, UpdateUser, set_scope, update_user};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{AccountStatus, Role};
use serde::{Deserialize, Deserializer};

/// `PATCH /api/users/{userId}` (S0-046, S0-051).
pub const ROUTE: Route = Route::patch("users.update", "/api/users/{userId}").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update {
    status: Option<AccountStatus>,
    #[serde(default)]
    scope: Wish,
}

/// What becomes of the scope.
#[derive(Default)]
enum Wish {
    /// It was not named.
    #[default]
    Stays,
    /// `null` takes it away.
    Becomes(Option<ManagerScope>),
}

impl<'de> Deserialize<'de> for Wish {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(Self::Becomes)
    }
}

/// 200 with the person; 404, 409 `state_conflict` for one's own account.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let (user_id, admin, act) = (call.user_id()?, call.caller_id()?, call.act()?);
    let account = match call.json()? {
        Update { status: Some(status), scope: Wish::Stays } => {
            update_user(&app, admin, &UpdateUser { user_id, status, act }).await?
        }
        Update { status: None, scope: Wish::Becomes(scope) } => {
            set_scope(&app, admin, &SetScope { user_id, scope, act }).await?
        }
        Update { status: None, scope: Wish::Stays } => {
            return Err(Problem::fault(
                "/status",
                "missing_field",
                "a status or a scope is wanted",
            ));
        }
        Update { status: Some(_), scope: Wish::Becomes(_) } => {
            return Err(Problem::fault("/scope", "not_both", "one change at a time"));
        }
    };
    Ok(Reply::ok(&UserBody::from(&account)))
}
