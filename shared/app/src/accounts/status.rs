//! Whether a person may act.

use interlock_policy::{AccountStatus, UserId};
use jiff::Timestamp;
use serde_json::json;

use super::edit::Edit;
use crate::model::Account;
use crate::{Act, App, AppError};

/// A change of a person's account.
#[derive(Debug, Clone)]
pub struct UpdateUser {
    /// Whose.
    pub user_id: UserId,
    /// Whether the person may act.
    pub status: AccountStatus,
    /// Who asks, in which request.
    pub act: Act,
}

/// Sets whether a person may act. Every session of his is dead with the answer (promise R21), and
/// what he holds ahead is judged again within a sweep (promise R3).
///
/// Nobody changes his own status, and the one who changes another's must still be an active admin
/// in the same transaction: so of two who shut each other out one stays, and there is always an
/// active admin. Errors: `NotFound`, `StateConflict` for one's own, `RoleRequired`.
pub async fn update_user(
    app: &App,
    admin: &UserId,
    request: &UpdateUser,
) -> Result<Account, AppError> {
    if request.user_id == *admin {
        let detail = "nobody changes his own status, so that an active admin is left";
        return Err(AppError::StateConflict { detail: detail.to_owned() });
    }
    let edit = Edit {
        admin,
        user_id: &request.user_id,
        act: &request.act,
        action: "user.status",
        told: |before, after| json!({ "before": before.status, "after": after.status }),
        judges_again: true,
        letter: None,
        permits: None,
    };
    edit.make(app, |before| changed(before, request.status, app.now())).await
}

fn changed(before: &Account, status: AccountStatus, now: Timestamp) -> Account {
    if before.status == status {
        return before.clone();
    }
    Account { status, ..before.clone().with_sessions_ended(now) }
}
