//! What an admin does to accounts.

use interlock_policy::{AccountStatus, Role, UserId};

use crate::model::{Account, AuditEntry, Cascade, ManagerScope, Subject};
use crate::ports::store::{CommitError, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

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
    for _ in 0..MOST_RACES {
        if let Some(account) = try_update(app, admin, request).await? {
            return Ok(account);
        }
    }
    Err(AppError::contended())
}

async fn try_update(
    app: &App,
    admin: &UserId,
    request: &UpdateUser,
) -> Result<Option<Account>, AppError> {
    let keys = [Account::key_of(admin), Account::key_of(&request.user_id)];
    let [own, other] = &keys;
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let acting = snapshot.get::<Account>(own)?.filter(may).ok_or(AppError::RoleRequired)?;
    let found = snapshot.get::<Account>(other)?.ok_or(AppError::NotFound { what: "person" })?;
    let before = found.value.status;
    if before == request.status {
        return Ok(Some(found.value));
    }
    let now = app.now();
    let account = Account {
        status: request.status,
        session_epoch: found.value.session_epoch.saturating_add(1),
        ..found.value
    };
    let audit = AuditEntry {
        request_id: request.act.request_id.clone(),
        at: now,
        actor: request.act.actor.clone(),
        action: "user.status".to_owned(),
        object: account.id.to_string(),
        detail: serde_json::json!({ "before": before, "after": account.status }),
    };
    let subject = Subject::User { user_id: account.id.clone() };
    let transaction = Transaction::new()
        .replace(&account, found.version)?
        .put(&audit)?
        .unchanged(own.clone(), Some(acting.version));
    let transaction = Cascade::of(subject, now).write(transaction, now)?;
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(Some(account)),
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Most machines and categories of a scope together, and the longest name of a category.
const MOST_IN_SCOPE: usize = 100;
const LONGEST_CATEGORY: usize = 64;

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
    for _ in 0..MOST_RACES {
        if let Some(account) = try_scope(app, admin, request).await? {
            return Ok(account);
        }
    }
    Err(AppError::contended())
}

fn bounded(scope: &ManagerScope) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if scope.machines.len().saturating_add(scope.categories.len()) > MOST_IN_SCOPE {
        faults.push(InputFault::at("/scope", "length", "at most 100 machines and categories"));
    }
    for (place, category) in scope.categories.iter().enumerate() {
        let length = category.trim().chars().count();
        if length == 0 || length > LONGEST_CATEGORY {
            let pointer = format!("/scope/categories/{place}");
            faults.push(InputFault::at(pointer, "length", "between 1 and 64 characters"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

async fn try_scope(
    app: &App,
    admin: &UserId,
    request: &SetScope,
) -> Result<Option<Account>, AppError> {
    let keys = [Account::key_of(admin), Account::key_of(&request.user_id)];
    let [own, other] = &keys;
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let acting = snapshot.get::<Account>(own)?.filter(may).ok_or(AppError::RoleRequired)?;
    let found = snapshot.get::<Account>(other)?.ok_or(AppError::NotFound { what: "person" })?;
    if found.value.scope == request.scope {
        return Ok(Some(found.value));
    }
    let account = Account { scope: request.scope.clone(), ..found.value };
    let audit = AuditEntry {
        request_id: request.act.request_id.clone(),
        at: app.now(),
        actor: request.act.actor.clone(),
        action: "user.scope".to_owned(),
        object: account.id.to_string(),
        detail: serde_json::json!({ "after": account.scope }),
    };
    let transaction = Transaction::new()
        .replace(&account, found.version)?
        .put(&audit)?
        .unchanged(own.clone(), Some(acting.version));
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(Some(account)),
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Whether the account is an active admin's.
pub(crate) fn may(stored: &Stored<Account>) -> bool {
    let account = &stored.value;
    account.status == AccountStatus::Active && account.rank() >= Role::Admin.rank()
}
