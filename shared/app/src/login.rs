//! Logging in and out.

use interlock_policy::{AccountStatus, RequestId, UserId};
use jiff::SignedDuration;

use crate::model::{Account, Actor, AuditEntry, Credential, EmailClaim, Session, SessionHash};
use crate::ports::store::Transaction;
use crate::{App, AppError, Snapshot};

/// Longest password taken; hashing is slow on purpose and must not be fed more.
const LONGEST_PASSWORD: usize = 1024;

/// The account behind an e-mail and a password (S0-055). Unknown account, wrong password and
/// banned account cost the same work and answer alike (RELIABILITY P3).
pub async fn check_credentials(
    app: &App,
    email: &str,
    password: &str,
) -> Result<Account, AppError> {
    if password.len() > LONGEST_PASSWORD {
        return Err(AppError::invalid("/password", "too_long", "the password is too long"));
    }
    let found = find(app, email).await?;
    let hash = found.as_ref().map(|(_, credential)| credential.password_hash.as_str());
    let fits = app.passwords.verify(password, hash).await?;
    found
        .map(|(account, _)| account)
        .filter(|account| fits && account.status != AccountStatus::Banned)
        .ok_or(AppError::InvalidCredentials)
}

/// Opens a session under the hash of a token the caller has drawn (RELIABILITY A1).
pub async fn open_session(
    app: &App,
    account: &Account,
    (hash, life): (SessionHash, SignedDuration),
    request_id: RequestId,
) -> Result<Session, AppError> {
    let now = app.now();
    let session = Session {
        user_id: account.id.clone(),
        hash,
        epoch: account.session_epoch,
        created_at: now,
        expires_at: now.saturating_add(life).unwrap_or(now),
    };
    let audit = AuditEntry {
        request_id,
        at: now,
        actor: Actor::User { user_id: account.id.clone() },
        action: "session.open".to_owned(),
        object: account.id.to_string(),
        detail: serde_json::json!({}),
    };
    app.store.commit(&Transaction::new().create(&session)?.put(&audit)?).await?;
    Ok(session)
}

async fn find(app: &App, email: &str) -> Result<Option<(Account, Credential)>, AppError> {
    let store = app.store.as_ref();
    let key = EmailClaim::key_of(email.trim());
    let snapshot = Snapshot::read(store, std::slice::from_ref(&key)).await?;
    let Some(claim) = snapshot.get::<EmailClaim>(&key)? else { return Ok(None) };
    let id = claim.value.user_id;
    let keys = [Account::key_of(&id), Credential::key_of(&id)];
    let snapshot = Snapshot::read(store, &keys).await?;
    let account = snapshot.get::<Account>(&Account::key_of(&id))?;
    let credential = snapshot.get::<Credential>(&Credential::key_of(&id))?;
    Ok(account.zip(credential).map(|(account, credential)| (account.value, credential.value)))
}

/// Ends a session; ending one that is gone is no error.
pub async fn log_out(app: &App, user_id: &UserId, hash: &SessionHash) -> Result<(), AppError> {
    let transaction = Transaction::new().remove(Session::key_of(user_id, hash));
    app.store.commit(&transaction).await?;
    Ok(())
}
