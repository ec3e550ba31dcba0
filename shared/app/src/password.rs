//! Changing a password.
//!
//! With the new password every session of the person is dead, and the one who changed it goes on
//! under a new one (RELIABILITY A2, A3).

use interlock_policy::UserId;

use crate::login::{NewSession, short_enough};
use crate::model::{Account, Credential, Letter, LetterKind};
use crate::password_rules;
use crate::ports::store::{Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// A wish for another password.
pub struct ChangePassword {
    /// Whose.
    pub user_id: UserId,
    /// The present one.
    pub current: String,
    /// The wanted one.
    pub new: String,
    /// The session to go on with.
    pub session: NewSession,
    /// Who asks, in which request.
    pub act: Act,
}

/// Changes a password, ends every session and opens a new one. The person is told by mail. Errors:
/// `Invalid` at `/currentPassword` or `/newPassword`; `Unavailable` if another change came first.
pub async fn change_password(app: &App, request: ChangePassword) -> Result<(), AppError> {
    short_enough("/currentPassword", &request.current)?;
    let (account, credential) = read(app, &request.user_id).await?;
    password_rules::judge("/newPassword", &request.new, &account.value)?;
    let hash = credential.as_ref().map(|found| found.value.password_hash.as_str());
    if !app.passwords.verify(&request.current, hash).await? {
        let detail = "this is not the present password";
        return Err(AppError::invalid("/currentPassword", "wrong", detail));
    }
    let password_hash = app.passwords.hash(&request.new).await?;
    let now = app.now();
    let read = (account.version, credential.map(|found| found.version));
    let account = account.value.with_sessions_ended(now);
    let session = request.session.session(&account, now);
    let transaction = Transaction::new()
        .replace(&account, read.0)?
        .save(&Credential { user_id: account.id.clone(), password_hash }, read.1)?
        .create(&session)?
        .create(&Letter::due(app, &account, LetterKind::PasswordChanged)?)?
        .put(&request.act.audit(now, "password.change", &account.id, serde_json::json!({})))?;
    Ok(app.store.commit(&transaction).await?)
}

async fn read(
    app: &App,
    user_id: &UserId,
) -> Result<(Stored<Account>, Option<Stored<Credential>>), AppError> {
    let (account, credential) = (Account::key_of(user_id), Credential::key_of(user_id));
    let keys = [account.clone(), credential.clone()];
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let account = snapshot.get(&account)?.ok_or(AppError::NotFound { what: "person" })?;
    Ok((account, snapshot.get(&credential)?))
}
