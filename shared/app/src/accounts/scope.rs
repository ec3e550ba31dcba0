//! What a manager may approve people on.

use interlock_policy::UserId;
use serde_json::json;

use super::edit::{Edit, unfit_names};
use crate::model::{Account, ManagerScope};
use crate::{Act, App, AppError, InputFault};

/// Most machines and categories of a scope together.
const MOST_IN_SCOPE: usize = 100;

/// A manager's scope to be set; `None` lets him decide everywhere.
#[derive(Debug, Clone)]
pub struct SetScope {
    /// Whose.
    pub user_id: UserId,
    /// To what.
    pub scope: Option<ManagerScope>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Sets what a manager may approve people on (S0-051); his next decision is bound by it, because
/// each names his account as a condition. Errors: `NotFound`, `Invalid`, `RoleRequired`,
/// `StateConflict` for one's own.
pub async fn set_scope(app: &App, admin: &UserId, request: &SetScope) -> Result<Account, AppError> {
    if request.user_id == *admin {
        let detail = "nobody sets his own scope".to_owned();
        return Err(AppError::StateConflict { detail });
    }
    if let Some(scope) = &request.scope {
        bounded(scope)?;
    }
    let edit = Edit {
        admin,
        user_id: &request.user_id,
        act: &request.act,
        action: "user.scope",
        told: |_, after| json!({ "after": after.scope }),
        judges_again: false,
        letter: None,
        permits: None,
    };
    edit.make(app, |before| Account { scope: request.scope.clone(), ..before.clone() }).await
}

fn bounded(scope: &ManagerScope) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if scope.machines.len().saturating_add(scope.categories.len()) > MOST_IN_SCOPE {
        faults.push(InputFault::at("/scope", "length", "at most 100 machines and categories"));
    }
    faults.extend(unfit_names("/scope/categories", &scope.categories));
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}
