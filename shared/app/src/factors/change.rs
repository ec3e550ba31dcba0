//! Recovery codes made anew, and second factors taken away.

use interlock_policy::{Role, UserId};
use serde_json::json;

use super::recovery;
use crate::login::NewSession;
use crate::model::{Account, Letter, LetterKind, SecondFactor};
use crate::ports::store::{Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// Makes ten recovery codes in place of those that are left; the person is told by mail. Errors:
/// `StateConflict` without a second factor.
pub async fn renew_codes(app: &App, user_id: &UserId, act: &Act) -> Result<Vec<String>, AppError> {
    let (account, second) = read(app, user_id).await?;
    let (codes, recovery) = recovery::draw(app.ids.as_ref());
    let after = SecondFactor { recovery, ..second.value };
    let transaction = Transaction::new()
        .replace(&after, second.version)?
        .unchanged(Account::key_of(user_id), Some(account.version))
        .create(&Letter::due(app, &account.value, LetterKind::FactorChanged)?)?
        .put(&act.audit(app.now(), "factor.codes", user_id, json!({})))?;
    app.store.commit(&transaction).await?;
    Ok(codes)
}

/// Takes the caller's own second factor away, ends every session and opens a new one. The person is
/// told by mail. Errors: `StateConflict` without one, and for whoever must have one.
pub async fn remove_factor(
    app: &App,
    user_id: &UserId,
    new: NewSession,
    act: &Act,
) -> Result<(), AppError> {
    let (account, second) = read(app, user_id).await?;
    if app.settings.second_factor.asks(&account.value) {
        let detail = "your role needs a second factor; begin another one in its place";
        return Err(AppError::conflict(detail));
    }
    let (account, transaction) = without(app, (account, second), ("factor.remove", act))?;
    let session = NewSession { factor_at: None, ..new }.session(&account, app.now());
    Ok(app.store.commit(&transaction.create(&session)?).await?)
}

/// Takes the second factor of somebody who lost it away, as an active admin; every session of his
/// is dead, and he is told by mail. Errors: `StateConflict` for one's own and without one,
/// `RoleRequired`, `NotFound`.
pub async fn reset_factor(
    app: &App,
    admin: &UserId,
    user_id: &UserId,
    act: &Act,
) -> Result<(), AppError> {
    if admin == user_id {
        return Err(AppError::conflict("nobody resets his own second factor"));
    }
    let key = Account::key_of(admin);
    let acting = app.find::<Account>(&key).await?.ok_or(AppError::RoleRequired)?;
    if !acting.value.is_active(app.now()) || acting.value.rank() < Role::Admin.rank() {
        return Err(AppError::RoleRequired);
    }
    let read = read(app, user_id).await?;
    let (_, transaction) = without(app, read, ("factor.reset", act))?;
    let transaction = transaction.unchanged(key, Some(acting.version));
    Ok(app.store.commit(&transaction).await?)
}

/// A person with the second factor. Errors: `NotFound`, `StateConflict` without one.
async fn read(
    app: &App,
    user_id: &UserId,
) -> Result<(Stored<Account>, Stored<SecondFactor>), AppError> {
    let keys = [Account::key_of(user_id), SecondFactor::key_of(user_id)];
    let [account, second] = &keys;
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let account = read.get::<Account>(account)?.ok_or(AppError::NotFound { what: "person" })?;
    let second = read.get::<SecondFactor>(second)?;
    let second = second.filter(|second| second.value.factor.is_some());
    let second = second.ok_or_else(|| AppError::conflict("there is no second factor"))?;
    Ok((account, second))
}

/// The account as it is without one, and what writes it.
fn without(
    app: &App,
    (account, second): (Stored<Account>, Stored<SecondFactor>),
    (action, act): (&str, &Act),
) -> Result<(Account, Transaction), AppError> {
    let version = account.version;
    let account = account.value.with_sessions_ended(app.now());
    let told = json!({ "before": true, "after": false });
    let transaction = Transaction::new()
        .replace(&account, version)?
        .remove_at(SecondFactor::key_of(&account.id), second.version)
        .create(&Letter::due(app, &account, LetterKind::FactorChanged)?)?
        .put(&act.audit(app.now(), action, &account.id, told))?;
    Ok((account, transaction))
}
