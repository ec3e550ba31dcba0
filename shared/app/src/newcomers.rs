//! Making people, each request once.
//!
//! A new person has no password: the first one is chosen with the link of an invitation.

use interlock_policy::{Role, UserId, ZoneName};

use crate::model::{Account, IdempotencyRecord, LetterKind, PersonRecord, ResetGrant};
use crate::people::{admit, entered, may_give, newcomer, read_user};
use crate::ports::store::{Stored, Transaction};
use crate::{Act, App, AppError, IdempotencyUse};

/// A person to be made.
#[derive(Debug, Clone)]
pub struct CreateUser {
    /// Where mails go; also the name for the login.
    pub email: String,
    /// Shown name.
    pub name: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Zone for presentation.
    pub time_zone: ZoneName,
    /// The caller's key, so that a retry makes nobody twice.
    pub idempotency: Option<IdempotencyUse>,
    /// Who makes it, in which request.
    pub act: Act,
}

/// Somebody who was made.
#[derive(Debug, Clone)]
pub struct MadeUser {
    /// The account as it is now.
    pub account: Account,
    /// Whether an earlier call under the same key made it.
    pub replayed: bool,
}

/// Makes a person and invites him by mail to choose a password within seven days; under a key that
/// was used already, answers whom it made. Errors: `Invalid`, `RoleRequired` for a role the maker
/// may not give, `StateConflict` for an address that belongs to somebody, `IdempotencyMismatch`.
pub async fn create_user(
    app: &App,
    by: &UserId,
    request: &CreateUser,
) -> Result<MadeUser, AppError> {
    if let Some(account) = made_before(app, request).await? {
        return Ok(MadeUser { account, replayed: true });
    }
    match make(app, by, request).await {
        Ok(account) => Ok(MadeUser { account, replayed: false }),
        // The same request may have come first in between.
        Err(lost) => match made_before(app, request).await? {
            Some(account) => Ok(MadeUser { account, replayed: true }),
            None => Err(lost),
        },
    }
}

/// Whom the key of this request made, as far as it is remembered.
async fn made_before(app: &App, request: &CreateUser) -> Result<Option<Account>, AppError> {
    let Some(used) = &request.idempotency else { return Ok(None) };
    let found = app.find::<PersonRecord>(&IdempotencyRecord::key_of(&used.key)).await?;
    match found.map(|stored| stored.value).filter(|record| record.expires_at > app.now()) {
        None => Ok(None),
        Some(record) if record.body_hash != used.body_hash => Err(AppError::IdempotencyMismatch),
        Some(record) => Ok(Some(read_user(app, &record.user_id).await?)),
    }
}

async fn make(app: &App, by: &UserId, request: &CreateUser) -> Result<Account, AppError> {
    let named = (request.email.as_str(), request.name.as_str());
    let account = newcomer(app, named, &request.roles, &request.time_zone)?;
    let active = |maker: &Stored<Account>| maker.value.is_active(app.now());
    let maker = app.find::<Account>(&Account::key_of(by)).await?.filter(active);
    let maker = maker.ok_or(AppError::RoleRequired)?;
    may_give(&maker.value, &account.roles)?;
    let (letter, grant) =
        crate::reset::invite(app, &account, (LetterKind::Invitation, ResetGrant::INVITED))?;
    let told = serde_json::json!({ "roles": account.roles });
    let audit = request.act.audit(app.now(), "user.create", &account.id, told);
    let transaction = entered(&account)?
        .create(&letter)?
        .create(&grant)?
        .put(&audit)?
        .unchanged(Account::key_of(by), Some(maker.version));
    let transaction = remembered(app, request, &account, transaction).await?;
    admit(app, &transaction, &account).await?;
    Ok(account)
}

/// With what is remembered of the request; what was forgotten is written over.
async fn remembered(
    app: &App,
    request: &CreateUser,
    account: &Account,
    transaction: Transaction,
) -> Result<Transaction, AppError> {
    let Some(used) = &request.idempotency else { return Ok(transaction) };
    let forgotten = app.find::<PersonRecord>(&IdempotencyRecord::key_of(&used.key)).await?;
    let kept = app.settings.timing.idempotency;
    let record = PersonRecord {
        key: used.key.clone(),
        body_hash: used.body_hash.clone(),
        user_id: account.id.clone(),
        expires_at: app.now().saturating_add(kept).unwrap_or(jiff::Timestamp::MAX),
    };
    Ok(transaction.save(&record, forgotten.map(|stored| stored.version))?)
}
