//! Begins to erase a person: from this instant nobody can be him, and what is left is work.

use interlock_policy::{AccountStatus, Role, UserId};
use jiff::Timestamp;
use serde_json::json;

use super::work::erase_on;
use crate::model::{
    Account, Cascade, Credential, DeadAddress, EmailClaim, Erasure, ErasureReport,
    ExternalIdentity, LegalHold, Membership, Subject,
};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// What stands where the name stood.
pub(super) const NOBODY: &str = "erased";
/// Passes over what an index finds.
const PASSES: u8 = 2;

/// A wish to erase a person.
#[derive(Debug, Clone)]
pub struct EraseRequest {
    /// Whom.
    pub user_id: UserId,
    /// Who asks: the person or an admin.
    pub asked_by: UserId,
    /// In which request.
    pub act: Act,
}

/// Erases a person (RELIABILITY D2, promise R26). In one transaction the account loses its name,
/// address, roles and right to act, every session is dead, and the work is written down; then as
/// much of it is done as goes at once, and the sweep does the rest. Asked again it goes on and
/// answers how it stands.
///
/// An admin is erased by another admin only, so that one is left, and nobody whose data must be
/// kept for legal reasons. Errors: `NotFound`, `RoleRequired`, `StateConflict`.
pub async fn erase_user(app: &App, request: &EraseRequest) -> Result<Erasure, AppError> {
    for _ in 0..MOST_RACES {
        let Some(erasure) = begun(app, request).await? else { continue };
        if erasure.value.ended_at.is_some() {
            return Ok(erasure.value);
        }
        if let Err(error) = erase_on(app, erasure, &request.act).await {
            tracing::warn!(user_id = %request.user_id, %error, "the rest is left to the sweep");
        }
        return stored(app, &request.user_id).await.map(|stored| stored.value);
    }
    Err(AppError::contended())
}

/// The erasure as it stands.
async fn stored(app: &App, id: &UserId) -> Result<Stored<Erasure>, AppError> {
    let key = Erasure::key_of(id);
    app.find::<Erasure>(&key).await?.ok_or(AppError::NotFound { what: "person" })
}

/// Begun now or before; `None` if another write came first.
async fn begun(app: &App, request: &EraseRequest) -> Result<Option<Stored<Erasure>>, AppError> {
    let (own, other) = (Account::key_of(&request.asked_by), Account::key_of(&request.user_id));
    let mark = Erasure::key_of(&request.user_id);
    let hold = LegalHold::key_of(&request.user_id);
    let keys = [own.clone(), other.clone(), mark.clone(), hold.clone()];
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let asking = snapshot.get::<Account>(&own)?.ok_or(AppError::RoleRequired)?;
    let found = snapshot.get::<Account>(&other)?.ok_or(AppError::NotFound { what: "person" })?;
    permitted(request, &asking.value, &found.value, app.now())?;
    if let Some(erasure) = snapshot.get::<Erasure>(&mark)? {
        return Ok(Some(erasure));
    }
    if snapshot.get::<LegalHold>(&hold)?.is_some() {
        let detail = "what is held of the person must be kept for legal reasons";
        return Err(AppError::conflict(detail));
    }
    let now = app.now();
    let erasure = Erasure {
        user_id: request.user_id.clone(),
        asked_by: request.asked_by.clone(),
        started_at: now,
        ended_at: None,
        passes: PASSES,
        due_at: Some(now),
        attempts: 0,
        email: Some(found.value.email.clone()),
        report: ErasureReport::default(),
    };
    let transaction = first_step(app, request, &found, &erasure)?.unchanged(hold, None);
    let transaction =
        if own == other { transaction } else { transaction.unchanged(own, Some(asking.version)) };
    Ok(app.commits(&transaction).await?.then_some(Stored { value: erasure, version: 1 }))
}

fn permitted(
    request: &EraseRequest,
    asking: &Account,
    found: &Account,
    now: Timestamp,
) -> Result<(), AppError> {
    let is_admin = |account: &Account| account.rank() >= Role::Admin.rank();
    let oneself = request.asked_by == request.user_id;
    if !asking.is_active(now) || !(oneself || is_admin(asking)) {
        return Err(AppError::RoleRequired);
    }
    if oneself && is_admin(found) {
        let detail = "an admin is erased by another one, so that an active admin is left";
        return Err(AppError::StateConflict { detail: detail.to_owned() });
    }
    Ok(())
}

fn first_step(
    app: &App,
    request: &EraseRequest,
    found: &Stored<Account>,
    erasure: &Erasure,
) -> Result<Transaction, AppError> {
    let now = app.now();
    let account = Account {
        email: format!("{}@{NOBODY}.invalid", request.user_id),
        name: NOBODY.to_owned(),
        roles: Vec::new(),
        status: AccountStatus::Banned,
        suspension: None,
        membership: Membership::default(),
        identity: None,
        session_epoch: found.value.session_epoch.saturating_add(1),
        ..found.value.clone()
    };
    let audit = request.act.audit(
        now,
        "user.erase",
        &request.user_id,
        json!({ "before": found.value.status, "after": NOBODY }),
    );
    let subject = Subject::User { user_id: request.user_id.clone() };
    let transaction = Transaction::new()
        .replace(&account, found.version)?
        .create(erasure)?
        .put(&audit)?
        .remove(EmailClaim::key_of(&found.value.email))
        .remove(DeadAddress::key_of(&found.value.email))
        .remove(Credential::key_of(&request.user_id));
    let transaction = match &found.value.identity {
        Some(link) => transaction.remove(ExternalIdentity::key_of(&link.hash)),
        None => transaction,
    };
    Ok(Cascade::of(subject, now).write(transaction, now)?)
}
