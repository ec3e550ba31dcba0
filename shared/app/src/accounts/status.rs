//! Whether a person may act.

use interlock_policy::{AccountStatus, UserId};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::edit::Edit;
use crate::model::{Account, Suspension};
use crate::{Act, App, AppError, InputFault};

/// Longest reason of a suspension, in characters.
const LONGEST_REASON: usize = 500;

/// A change of a person's account.
#[derive(Debug, Clone)]
pub struct UpdateUser {
    /// Whose.
    pub user_id: UserId,
    /// Whether the person may act.
    pub status: AccountStatus,
    /// What is said of a suspension; of no other status anything is.
    pub suspension: Option<Suspension>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Sets whether a person may act. Every session of his is dead with the answer (promise R21), and
/// what he holds ahead is judged again within a sweep (promise R3).
///
/// A suspension may have a reason and an end, with which it is over by itself; saying another one
/// of whoever is suspended ends no session. Nobody changes his own status, and the one who changes
/// another's must still be an active admin in the same transaction: so of two who shut each other
/// out one stays, and there is always an active admin. Errors: `NotFound`, `Invalid`,
/// `StateConflict` for one's own, `RoleRequired`.
pub async fn update_user(
    app: &App,
    admin: &UserId,
    request: &UpdateUser,
) -> Result<Account, AppError> {
    if request.user_id == *admin {
        let detail = "nobody changes his own status, so that an active admin is left";
        return Err(AppError::StateConflict { detail: detail.to_owned() });
    }
    let said = fit(request, app.now())?;
    let edit = Edit {
        admin,
        user_id: &request.user_id,
        act: &request.act,
        action: "user.status",
        told,
        judges_again: true,
        letter: None,
        permits: None,
    };
    edit.make(app, |before| changed(before, (request.status, said.as_ref()), app.now())).await
}

/// What is said of a suspension, if it can be said. Errors: `Invalid` with every fault.
fn fit(request: &UpdateUser, now: Timestamp) -> Result<Option<Suspension>, AppError> {
    let Some(Suspension { reason, until }) = &request.suspension else { return Ok(None) };
    let mut faults = Vec::new();
    if request.status != AccountStatus::Suspended {
        let detail = "only a suspension has a reason and an end";
        faults.push(InputFault::at("/status", "not_both", detail));
    }
    let reason = reason.as_ref().map(|reason| reason.trim().to_owned());
    let length = reason.as_ref().map_or(1, |reason| reason.chars().count());
    if !(1..=LONGEST_REASON).contains(&length) {
        faults.push(InputFault::at("/reason", "length", "between 1 and 500 characters"));
    }
    if until.is_some_and(|until| until <= now) {
        faults.push(InputFault::at("/until", "in_the_past", "an end that is still to come"));
    }
    if faults.is_empty() {
        Ok(Some(Suspension { reason, until: *until }))
    } else {
        Err(AppError::Invalid(faults))
    }
}

/// Without the reason: the audit is never erased (RELIABILITY D1), the account is.
fn told(before: &Account, after: &Account) -> Value {
    let mut told = json!({ "before": before.status, "after": after.status });
    if let (Some(until), Some(fields)) = (after.suspended_until(), told.as_object_mut()) {
        fields.insert("until".to_owned(), json!(until));
    }
    told
}

fn changed(
    before: &Account,
    (status, said): (AccountStatus, Option<&Suspension>),
    now: Timestamp,
) -> Account {
    let present = before.status_at(now) == status;
    let same = said.is_none() || said == before.suspension.as_ref();
    if before.status == status && present && same {
        return before.clone();
    }
    let suspension = match status {
        AccountStatus::Suspended => said.cloned(),
        AccountStatus::Active | AccountStatus::Banned => None,
    };
    let ended = if present { before.clone() } else { before.clone().with_sessions_ended(now) };
    Account { status, suspension, ..ended }
}
