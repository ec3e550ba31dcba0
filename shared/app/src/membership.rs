//! Where a person belongs: groups and membership, as policies ask for them (PRODUCT 6).

use interlock_policy::UserId;
use jiff::Timestamp;

use crate::accounts::may;
use crate::model::{Account, AuditEntry, Cascade, Subject};
use crate::ports::store::{CommitError, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// Most groups of a person.
const MOST_GROUPS: usize = 32;
/// Longest name of a group, in characters.
const LONGEST_GROUP: usize = 64;

/// Groups and membership to be set.
#[derive(Debug, Clone)]
pub struct SetMembership {
    /// Whose.
    pub user_id: UserId,
    /// Groups from now on; absent leaves them.
    pub groups: Option<Vec<String>>,
    /// First instant at which the membership no longer runs, or none; absent leaves it.
    pub until: Option<Option<Timestamp>>,
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
    named(request.groups.as_deref().unwrap_or_default())?;
    for _ in 0..MOST_RACES {
        if let Some(account) = once(app, admin, request).await? {
            return Ok(account);
        }
    }
    Err(AppError::contended())
}

fn named(groups: &[String]) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if groups.len() > MOST_GROUPS {
        faults.push(InputFault::at("/groups", "length", "at most 32 groups"));
    }
    for (place, group) in groups.iter().enumerate() {
        let length = group.trim().chars().count();
        if length == 0 || length > LONGEST_GROUP {
            let pointer = format!("/groups/{place}");
            faults.push(InputFault::at(pointer, "length", "between 1 and 64 characters"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

async fn once(
    app: &App,
    admin: &UserId,
    request: &SetMembership,
) -> Result<Option<Account>, AppError> {
    let keys = [Account::key_of(admin), Account::key_of(&request.user_id)];
    let [own, other] = &keys;
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let acting = snapshot.get::<Account>(own)?.filter(may).ok_or(AppError::RoleRequired)?;
    let found = snapshot.get::<Account>(other)?.ok_or(AppError::NotFound { what: "person" })?;
    let account = changed(&found.value, request);
    if account == found.value {
        return Ok(Some(account));
    }
    let now = app.now();
    let side = |of: &Account| {
        serde_json::json!({
            "groups": of.membership.groups,
            "membershipUntil": of.membership.until,
        })
    };
    let audit = AuditEntry {
        request_id: request.act.request_id.clone(),
        at: now,
        actor: request.act.actor.clone(),
        action: "user.membership".to_owned(),
        object: account.id.to_string(),
        detail: serde_json::json!({ "before": side(&found.value), "after": side(&account) }),
    };
    let subject = Subject::User { user_id: account.id.clone() };
    let transaction = Transaction::new().replace(&account, found.version)?.put(&audit)?;
    // Who sets his own is checked by the write of the account itself.
    let transaction = if own == other {
        transaction
    } else {
        transaction.unchanged(own.clone(), Some(acting.version))
    };
    let transaction = Cascade::of(subject, now).write(transaction, now)?;
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(Some(account)),
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn changed(before: &Account, request: &SetMembership) -> Account {
    let mut membership = before.membership.clone();
    if let Some(groups) = &request.groups {
        membership.groups = groups.iter().map(|group| group.trim().to_owned()).collect();
        membership.groups.sort_unstable();
        membership.groups.dedup();
    }
    membership.until = request.until.unwrap_or(membership.until);
    Account { membership, ..before.clone() }
}
