//! Logging in and out.
//!
//! A try is counted before anything is worked out, and every try that is let through costs exactly
//! one evaluation of the password function (RELIABILITY P3, P4).

use interlock_policy::{AccountStatus, RequestId, UserId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::limits::{self, Claim, Rate};
use crate::model::{
    Account, Actor, Credential, Device, EmailClaim, SecondFactor, Session, SessionHash, Shown, Tab,
};
use crate::ports::store::{Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// Longest password taken, in bytes; hashing is slow on purpose and must not be fed more.
pub(crate) const LONGEST_PASSWORD: usize = 1024;
/// Tries at one address of e-mail from browsers that are not known.
const BY_ACCOUNT: Rate = Rate::new("login", 10, 12).doubling();
/// Tries from one browser from which the person has logged in before.
const BY_DEVICE: Rate = Rate::new("login-device", 10, 12).doubling();
/// Tries from one address of the network, behind which many people may sit.
const BY_ADDRESS: Rate = Rate::new("login-address", 120, 1);
/// Tries of browsers that are not known at all addresses of e-mail together, one part of
/// [`PARTS`]: 600 at once and ten a second over all of them.
const BY_ALL: Rate = Rate::new("login-all", 60, 1);
/// In how many parts all addresses are counted, so that no single record is written by every try.
const PARTS: u8 = 10;

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
    /// In which request.
    pub request_id: &'a RequestId,
}

/// Whose password was right.
#[derive(Debug)]
pub struct Entered {
    /// The person.
    pub account: Account,
    /// Whether a second factor is to be shown before a session is opened (RELIABILITY P6).
    pub wants_factor: bool,
}

/// The account behind a try, if it is one of the allowed number and the password fits.
///
/// Strangers share one count for each e-mail, known or not, and another over all of them, so that
/// one guess at each of many accounts is slow too; a browser from which the person has logged in
/// before has a count of its own, so nobody locks an owner out (RELIABILITY P4). A hash weaker than
/// the present ones is made anew after a success (RELIABILITY P1). Errors: `RateLimited` before any
/// work, `InvalidCredentials`.
pub async fn log_in(app: &App, attempt: &Attempt<'_>) -> Result<Entered, AppError> {
    short_enough("/password", attempt.password)?;
    let email = attempt.email.trim().to_lowercase();
    let stranger = Claim::new(BY_ACCOUNT, email.as_str());
    let everywhere = Claim::new(BY_ALL, part_of(&email));
    let known = attempt.device.map(|shown| Claim::new(BY_DEVICE, shown.hash.0.as_str()));
    let address = attempt.address.map(|address| Claim::new(BY_ADDRESS, address));
    let mut keys = vec![EmailClaim::key_of(&email), stranger.key(), everywhere.key()];
    keys.extend(attempt.device.map(|shown| Device::key_of(&shown.user_id, &shown.hash)));
    keys.extend(known.iter().chain(&address).map(Claim::key));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let owner = snapshot.get::<EmailClaim>(&EmailClaim::key_of(&email))?;
    let owner = owner.map(|claim| claim.value.user_id);
    let (own, shared) = match known {
        Some(claim) if is_known(app, &snapshot, (attempt.device, owner.as_ref()))? => (claim, None),
        Some(_) | None => (stranger, Some(everywhere)),
    };
    let claims: Vec<Claim> = std::iter::once(own.clone()).chain(address).chain(shared).collect();
    limits::take(app, &claims, &snapshot).await?;
    let entered = fitting(app, owner.as_ref(), attempt).await?;
    if snapshot.get::<Tab>(&own.key())?.is_some() {
        limits::forgive(app.store.as_ref(), &own).await;
    }
    Ok(entered)
}

/// Refuses a password that is too long to be worked on, at a place of the body.
pub(crate) fn short_enough(pointer: &str, password: &str) -> Result<(), AppError> {
    if password.len() > LONGEST_PASSWORD {
        return Err(AppError::invalid(pointer, "too_long", "the password is too long"));
    }
    Ok(())
}

/// Whether the browser that is shown is one from which the owner has logged in before.
pub(crate) fn is_known(
    app: &App,
    snapshot: &Snapshot,
    (shown, owner): (Option<&Shown>, Option<&UserId>),
) -> Result<bool, AppError> {
    let Some(shown) = shown else { return Ok(false) };
    let device = snapshot.get::<Device>(&Device::key_of(&shown.user_id, &shown.hash))?;
    let fresh = device.is_some_and(|device| app.now() < device.value.until);
    Ok(fresh && owner == Some(&shown.user_id))
}

/// In which part of [`BY_ALL`] an address is counted.
fn part_of(email: &str) -> String {
    let sum = Sha256::digest(email.as_bytes());
    sum.first().map_or(0, |byte| byte % PARTS).to_string()
}

/// The account of this owner, if the password fits it. The check is one evaluation whatever comes
/// of it; a hash made anew is one more, after a success alone.
async fn fitting(
    app: &App,
    owner: Option<&UserId>,
    attempt: &Attempt<'_>,
) -> Result<Entered, AppError> {
    let found = match owner {
        Some(id) => read(app, id).await?,
        None => None,
    };
    let hash = found.as_ref().map(|(_, credential)| credential.value.password_hash.as_str());
    let fits = app.passwords.verify(attempt.password, hash).await?;
    let (entered, credential) = found
        .filter(|(entered, _)| fits && entered.account.status != AccountStatus::Banned)
        .ok_or(AppError::InvalidCredentials)?;
    if app.passwords.is_weak(&credential.value.password_hash) {
        strengthen(app, &credential, attempt).await;
    }
    Ok(entered)
}

/// Stores a hash with the present parameters; the login goes on without it, and the next one tries
/// again.
async fn strengthen(app: &App, weak: &Stored<Credential>, attempt: &Attempt<'_>) {
    let user_id = &weak.value.user_id;
    let act = Act {
        actor: Actor::User { user_id: user_id.clone() },
        request_id: attempt.request_id.clone(),
    };
    let stored = async {
        let password_hash = app.passwords.hash(attempt.password).await?;
        let credential = Credential { password_hash, ..weak.value.clone() };
        let audit = act.audit(app.now(), "password.strengthen", user_id, serde_json::json!({}));
        let transaction = Transaction::new().replace(&credential, weak.version)?.put(&audit)?;
        app.commits(&transaction).await
    };
    // A race is lost to who chose another password meanwhile, whose hash is of today.
    if let Err(error) = stored.await {
        tracing::warn!(%error, "a weak hash could not be made anew");
    }
}

type Found = (Entered, Stored<Credential>);

async fn read(app: &App, id: &UserId) -> Result<Option<Found>, AppError> {
    let keys = [Account::key_of(id), Credential::key_of(id), SecondFactor::key_of(id)];
    let [account, credential, second] = &keys;
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let second = snapshot.get::<SecondFactor>(second)?;
    let wants_factor = second.is_some_and(|second| second.value.factor.is_some());
    let account = snapshot.get::<Account>(account)?.map(|stored| stored.value);
    let credential = snapshot.get::<Credential>(credential)?;
    Ok(account.map(|account| Entered { account, wants_factor }).zip(credential))
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
    /// When the second factor was shown, if one is asked for.
    pub factor_at: Option<Timestamp>,
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
            factor_at: self.factor_at,
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
