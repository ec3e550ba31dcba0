//! What a person may do.

use interlock_policy::{Role, UserId};
use jiff::Timestamp;
use serde_json::json;

use super::edit::Edit;
use crate::model::{Account, LetterKind};
use crate::people::{few_enough, may_give, sorted, usable};
use crate::{Act, App, AppError};

/// Roles to be set.
#[derive(Debug, Clone)]
pub struct SetRoles {
    /// Whose.
    pub user_id: UserId,
    /// All of them from now on.
    pub roles: Vec<Role>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Sets what a person may do. Every session of his is dead with the answer (promise R21), and he is
/// told by mail.
///
/// Nobody changes his own roles, so there is always an active admin, and nobody gives or takes what
/// ranks above him (RELIABILITY Z3). Errors: `NotFound`, `Invalid`, `RoleRequired`, `StateConflict`
/// for one's own.
pub async fn set_roles(app: &App, admin: &UserId, request: &SetRoles) -> Result<Account, AppError> {
    few_enough(&request.roles)?;
    if request.user_id == *admin {
        let detail = "nobody changes his own roles, so that an active admin is left";
        return Err(AppError::StateConflict { detail: detail.to_owned() });
    }
    let edit = Edit {
        admin,
        user_id: &request.user_id,
        act: &request.act,
        action: "user.roles",
        told: |before, after| json!({ "before": before.roles, "after": after.roles }),
        judges_again: false,
        letter: Some(LetterKind::RolesChanged),
        permits: Some(permits),
    };
    edit.make(app, |before| changed(before, &request.roles, app.now())).await
}

fn permits(acting: &Account, before: &Account, after: &Account) -> Result<(), AppError> {
    usable(after)?;
    may_give(acting, &before.roles)?;
    may_give(acting, &after.roles)
}

fn changed(before: &Account, roles: &[Role], now: Timestamp) -> Account {
    let roles = sorted(roles);
    if before.roles == roles {
        return before.clone();
    }
    Account { roles, ..before.clone().with_sessions_ended(now) }
}
