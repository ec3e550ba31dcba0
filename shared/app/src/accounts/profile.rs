//! How a person is shown.

use interlock_policy::{UserId, ZoneName};
use serde_json::json;

use super::edit::Edit;
use crate::model::Account;
use crate::people::usable;
use crate::{Act, App, AppError};

/// Name and zone to be set; what is not named stays.
#[derive(Debug, Clone)]
pub struct SetProfile {
    /// Whose.
    pub user_id: UserId,
    /// Shown name.
    pub name: Option<String>,
    /// Zone for presentation.
    pub time_zone: Option<ZoneName>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Sets how a person is shown; no session ends by it. The audit says that it was done and not to
/// what, because a name is personal. Errors: `NotFound`, `Invalid`, `RoleRequired`.
pub async fn set_profile(
    app: &App,
    admin: &UserId,
    request: &SetProfile,
) -> Result<Account, AppError> {
    let edit = Edit {
        admin,
        user_id: &request.user_id,
        act: &request.act,
        action: "user.profile",
        told: |_, _| json!({}),
        judges_again: false,
        letter: None,
        permits: Some(|_, _, after| usable(after)),
    };
    edit.make(app, |before| changed(before, request)).await
}

fn changed(before: &Account, request: &SetProfile) -> Account {
    let name = request.name.as_deref().unwrap_or(&before.name).trim().to_owned();
    let time_zone = request.time_zone.clone().unwrap_or_else(|| before.time_zone.clone());
    Account { name, time_zone, ..before.clone() }
}
