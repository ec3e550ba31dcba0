//! Logging in and out.

use interlock_policy::{AccountStatus, Role, UserId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::model::{Account, AuditEntry, Credential, EmailClaim, Session, SessionHash};
use crate::ports::store::Transaction;
use crate::{Act, App, AppError, Snapshot};

/// Longest password taken; hashing is slow on purpose and must not be fed more.
const LONGEST_PASSWORD: usize = 1024;

/// A login that succeeded.
pub struct LoggedIn {
    /// Who.
    pub account: Account,
    /// 64 hex digits of 256 random bits; only its hash is kept.
    pub secret: String,
    /// When the session ends, whatever happens.
    pub expires_at: Timestamp,
}

/// Opens a session (S0-055). Unknown account, wrong password and banned account cost the same
/// work and answer alike (RELIABILITY P3).
pub async fn log_in(
    app: &App,
    email: &str,
    password: &str,
    act: impl FnOnce(&UserId) -> Act,
) -> Result<LoggedIn, AppError> {
    if password.len() > LONGEST_PASSWORD {
        return Err(AppError::invalid("/password", "too_long", "the password is too long"));
    }
    let found = find(app, email).await?;
    let hash = found.as_ref().map(|(_, credential)| credential.password_hash.as_str());
    let fits = app.passwords.verify(password, hash).await?;
    let Some((account, _)) =
        found.filter(|(account, _)| fits && account.status != AccountStatus::Banned)
    else {
        return Err(AppError::InvalidCredentials);
    };
    let now = app.now();
    let secret = hex::encode(app.ids.random());
    let session = Session {
        user_id: account.id.clone(),
        hash: session_hash(&secret),
        epoch: account.session_epoch,
        created_at: now,
        expires_at: now.saturating_add(life(&account)).unwrap_or(now),
    };
    let act = act(&account.id);
    let audit = AuditEntry {
        request_id: act.request_id,
        at: now,
        actor: act.actor,
        action: "session.open".to_owned(),
        object: account.id.to_string(),
        detail: serde_json::json!({}),
    };
    app.store.commit(&Transaction::new().create(&session)?.put(&audit)?).await?;
    Ok(LoggedIn { account, secret, expires_at: session.expires_at })
}

async fn find(app: &App, email: &str) -> Result<Option<(Account, Credential)>, AppError> {
    let store = app.store.as_ref();
    let key = EmailClaim::key_of(email.trim());
    let snapshot = Snapshot::read(store, &[key.clone()]).await?;
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

/// The name of a session in the table.
pub fn session_hash(secret: &str) -> SessionHash {
    SessionHash(hex::encode(Sha256::digest(secret.as_bytes())))
}

/// Absolute life: 12 hours for staff, 30 days for others (RELIABILITY A2).
fn life(account: &Account) -> SignedDuration {
    let staff = account.rank() >= Role::Manager.rank();
    SignedDuration::from_hours(if staff { 12 } else { 30 * 24 })
}
