//! Logging in and out.
//!
//! A try is counted before anything is worked out, and every try that is let through costs exactly
//! one evaluation of the password function (RELIABILITY P3, P4).

use interlock_policy::{AccountStatus, RequestId, UserId};
use jiff::{SignedDuration, Timestamp};

use crate::limits::{self, Claim, Rate};
use crate::model::{
    Account, Actor, Credential, Device, EmailClaim, Session, SessionHash, Shown, Tab,
};
use crate::ports::store::Transaction;
use crate::{Act, App, AppError, Snapshot};

/// Longest password taken, in bytes; hashing is slow on purpose and must not be fed more.
pub(crate) const LONGEST_PASSWORD: usize = 1024;
/// Tries at one address of e-mail from browsers that are not known.
const BY_ACCOUNT: Rate = Rate::new("login", 10, 12).doubling();
/// Tries from one browser from which the person has logged in before.
const BY_DEVICE: Rate = Rate::new("login-device", 10, 12).doubling();
/// Tries from one address of the network, behind which many people may sit.
const BY_ADDRESS: Rate = Rate::new("login-address", 120, 1);

/// A try to log in.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// As it was typed.
    pub email: &'a str,
    /// As it was typed.
    pub password: &'a str,
    /// Whence, as the gateway saw it and as [`Claim`]s count it.
    pub address: Option<&'a str>,
    /// The browser, if it shows that it is known.
    pub device: Option<&'a Shown>,
}

/// The account behind a try, if it is one of the allowed number and the password fits.
///
/// Strangers share one count for each e-mail, known or not; a browser from which the person has
/// logged in before has a count of its own, so nobody locks an owner out (RELIABILITY P4). Errors:
/// `RateLimited` before any work, `InvalidCredentials`.
pub async fn log_in(app: &App, attempt: &Attempt<'_>) -> Result<Account, AppError> {
    short_enough("/password", attempt.password)?;
    let email = attempt.email.trim().to_lowercase();
    let stranger = Claim::new(BY_ACCOUNT, email.as_str());
    let known = attempt.device.map(|shown| Claim::new(BY_DEVICE, shown.hash.0.as_str()));
    let address = attempt.address.map(|address| Claim::new(BY_ADDRESS, address));
    let mut keys = vec![EmailClaim::key_of(&email), stranger.key()];
    keys.extend(attempt.device.map(|shown| Device::key_of(&shown.user_id, &shown.hash)));
    keys.extend(known.iter().chain(&address).map(Claim::key));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let owner = snapshot.get::<EmailClaim>(&EmailClaim::key_of(&email))?;
    let owner = owner.map(|claim| claim.value.user_id);
    let own = match known {
        Some(claim) if is_known(app, &snapshot, attempt, owner.as_ref())? => claim,
        Some(_) | None => stranger,
    };
    let claims: Vec<Claim> = std::iter::once(own.clone()).chain(address).collect();
    limits::take(app, &claims, &snapshot).await?;
    let account = fitting(app, owner.as_ref(), attempt.password).await?;
    if snapshot.get::<Tab>(&own.key())?.is_some() {
        limits::forgive(app.store.as_ref(), &own).await;
    }
    Ok(account)
}

/// Refuses a password that is too long to be worked on, at a place of the body.
pub(crate) fn short_enough(pointer: &str, password: &str) -> Result<(), AppError> {
    if password.len() > LONGEST_PASSWORD {
        return Err(AppError::invalid(pointer, "too_long", "the password is too long"));
    }
    Ok(())
}

fn is_known(
    app: &App,
    snapshot: &Snapshot,
    attempt: &Attempt<'_>,
    owner: Option<&UserId>,
) -> Result<bool, AppError> {
    let Some(shown) = attempt.device else { return Ok(false) };
    let device = snapshot.get::<Device>(&Device::key_of(&shown.user_id, &shown.hash))?;
    let fresh = device.is_some_and(|device| app.now() < device.value.until);
    Ok(fresh && owner == Some(&shown.user_id))
}

/// The account of this owner, if the password fits it.
async fn fitting(app: &App, owner: Option<&UserId>, password: &str) -> Result<Account, AppError> {
    let found = match owner {
        Some(id) => read(app, id).await?,
        None => None,
    };
    let hash = found.as_ref().map(|(_, credential)| credential.password_hash.as_str());
    let fits = app.passwords.verify(password, hash).await?;
    found
        .map(|(account, _)| account)
        .filter(|account| fits && account.status != AccountStatus::Banned)
        .ok_or(AppError::InvalidCredentials)
}

async fn read(app: &App, id: &UserId) -> Result<Option<(Account, Credential)>, AppError> {
    let keys = [Account::key_of(id), Credential::key_of(id)];
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let account = snapshot.get::<Account>(&Account::key_of(id))?;
    let credential = snapshot.get::<Credential>(&Credential::key_of(id))?;
    Ok(account.zip(credential).map(|(account, credential)| (account.value, credential.value)))
}

/// A session about to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Hash of the token that was drawn for it.
    pub hash: SessionHash,
    /// How long it lasts at most.
    pub life: SignedDuration,
    /// What the browser called itself.
    pub device: Option<String>,
}

impl NewSession {
    /// The session it becomes for an account as that is now.
    pub(crate) fn session(self, account: &Account, now: Timestamp) -> Session {
        Session {
            user_id: account.id.clone(),
            hash: self.hash,
            epoch: account.session_epoch,
            created_at: now,
            expires_at: now.saturating_add(self.life).unwrap_or(now),
            device: self.device,
        }
    }
}

/// Opens a session under the hash of a token the caller has drawn (RELIABILITY A1), and knows the
/// browser from now on if a token was drawn for that as well.
pub async fn open_session(
    app: &App,
    account: &Account,
    (new, browser): (NewSession, Option<SessionHash>),
    request_id: RequestId,
) -> Result<Session, AppError> {
    let now = app.now();
    let session = new.session(account, now);
    let act = Act { actor: Actor::User { user_id: account.id.clone() }, request_id };
    let audit = act.audit(now, "session.open", &account.id, serde_json::json!({}));
    let mut transaction = Transaction::new().create(&session)?.put(&audit)?;
    if let Some(hash) = browser {
        transaction = transaction.put(&Device::known(account.id.clone(), hash, now))?;
    }
    app.store.commit(&transaction).await?;
    Ok(session)
}
