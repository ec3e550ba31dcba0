//! Where a person belongs: groups and membership, as policies ask for them (PRODUCT 6).

use interlock_policy::UserId;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::edit::{Edit, unfit_names};
use crate::model::Account;
use crate::{Act, App, AppError, InputFault, Said};

/// Most groups of a person.
const MOST_GROUPS: usize = 32;

/// Groups and membership to be set.
#[derive(Debug, Clone)]
pub struct SetMembership {
    /// Whose.
    pub user_id: UserId,
    /// Groups from now on; absent leaves them.
    pub groups: Option<Vec<String>>,
    /// First instant at which the membership no longer runs.
    pub until: Said<Timestamp>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Sets where a person belongs; what he holds ahead is judged again within a sweep (promise R3).
/// Errors: `NotFound`, `Invalid`, `RoleRequired`.
pub async fn set_membership(
    app: &App,
    admin: &UserId,
    request: &SetMembership,
) -> Result<Account, AppError> {
    bounded(request.groups.as_deref().unwrap_or_default())?;
    let edit = Edit {
        admin,
        user_id: &request.user_id,
        act: &request.act,
        action: "user.membership",
        told: |before, after| json!({ "before": side(before), "after": side(after) }),
        judges_again: true,
        letter: None,
        permits: None,
    };
    edit.make(app, |before| changed(before, request)).await
}

fn side(of: &Account) -> Value {
    json!({ "groups": of.membership.groups, "membershipUntil": of.membership.until })
}

fn bounded(groups: &[String]) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if groups.len() > MOST_GROUPS {
        faults.push(InputFault::at("/groups", "length", "at most 32 groups"));
    }
    faults.extend(unfit_names("/groups", groups));
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

fn changed(before: &Account, request: &SetMembership) -> Account {
    let mut membership = before.membership.clone();
    if let Some(groups) = &request.groups {
        membership.groups = groups.iter().map(|group| group.trim().to_owned()).collect();
        membership.groups.sort_unstable();
        membership.groups.dedup();
    }
    membership.until = request.until.over(membership.until);
    Account { membership, ..before.clone() }
}
