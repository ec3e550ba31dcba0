//! Under which name an issuer outside knows a person.

use interlock_policy::UserId;
use serde_json::json;

use super::edit::may;
use crate::model::{Account, Credential, ExternalIdentity, IdentityLink};
use crate::people::may_give;
use crate::ports::store::{CommitError, Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// Longest name of a person at an issuer, in bytes; the standard of issuers allows no longer one.
const LONGEST: usize = 255;

/// A name at the issuer to be set; `None` takes it away.
#[derive(Debug, Clone)]
pub struct SetIdentity {
    /// Whose.
    pub user_id: UserId,
    /// The `sub` of the issuer's tokens.
    pub subject: Option<String>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Lets tokens of the issuer outside speak for a person, or no longer (PRODUCT D7). One name stands
/// for one person, and nobody gives himself or whoever ranks above him another. Whoever has not
/// chosen a password has not shown that the address is his, and gets none. Errors: `NotFound`,
/// `Invalid`, `RoleRequired`, `StateConflict` for one's own, for a name that another has, for who
/// has no password, and where no issuer is configured.
pub async fn set_identity(
    app: &App,
    admin: &UserId,
    request: &SetIdentity,
) -> Result<Account, AppError> {
    if request.user_id == *admin {
        return Err(AppError::conflict("nobody links himself to another login"));
    }
    let hash = request.subject.as_deref().map(|subject| hashed(app, subject)).transpose()?;
    let user_id = &request.user_id;
    let keys = [Account::key_of(admin), Account::key_of(user_id), Credential::key_of(user_id)];
    let [own, other, password] = &keys;
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let acting = read
        .get::<Account>(own)?
        .filter(|own| may(own, app.now()))
        .ok_or(AppError::RoleRequired)?;
    let found = read.get::<Account>(other)?.ok_or(AppError::NotFound { what: "person" })?;
    may_give(&acting.value, &found.value.roles)?;
    if found.value.identity.as_ref().map(|link| &link.hash) == hash.as_ref() {
        return Ok(found.value);
    }
    if hash.is_some() && read.get::<Credential>(password)?.is_none() {
        return Err(AppError::conflict("the person has not opened the letter of invitation yet"));
    }
    let taken = hash.as_deref().map(ExternalIdentity::key_of);
    let (account, transaction) = written(app, found, hash, &request.act)?;
    let transaction = transaction.unchanged(own.clone(), Some(acting.version));
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(account),
        Err(CommitError::Conflict(keys)) if taken.is_some_and(|key| keys.contains(&key)) => {
            Err(AppError::conflict("the name belongs to somebody already"))
        }
        Err(error) => Err(error.into()),
    }
}

fn hashed(app: &App, subject: &str) -> Result<String, AppError> {
    let Some(issuer) = &app.issuer else {
        return Err(AppError::conflict("no issuer of tokens is configured"));
    };
    if subject.is_empty() || subject.len() > LONGEST {
        let detail = "between 1 and 255 bytes";
        return Err(AppError::invalid("/externalSubject", "length", detail));
    }
    Ok(ExternalIdentity::hash_of(issuer.name(), subject))
}

fn written(
    app: &App,
    found: Stored<Account>,
    hash: Option<String>,
    act: &Act,
) -> Result<(Account, Transaction), AppError> {
    let Stored { value: before, version } = found;
    let now = app.now();
    let told = json!({ "before": before.identity.is_some(), "after": hash.is_some() });
    let identity = hash.clone().map(|hash| IdentityLink { hash, issued_after: now });
    let account = Account { identity, ..before.clone() };
    let mut transaction = Transaction::new().replace(&account, version)?.put(&act.audit(
        now,
        "user.identity",
        &account.id,
        told,
    ))?;
    if let Some(link) = &before.identity {
        transaction = transaction.remove(ExternalIdentity::key_of(&link.hash));
    }
    if let Some(hash) = hash {
        let user_id = account.id.clone();
        transaction = transaction.create(&ExternalIdentity { hash, user_id })?;
    }
    Ok((account, transaction))
}
