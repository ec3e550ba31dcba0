//! The second half of a login: after the password, what proves the second factor.

use interlock_policy::{AccountStatus, UserId};
use serde_json::json;

use super::Showing;
use crate::limits::{self, Claim, Rate};
use crate::login::{NewSession, is_known};
use crate::model::{
    Account, Actor, Device, Letter, LetterKind, PendingLogin, SecondFactor, SessionHash, Shown,
};
use crate::ports::store::{Key, Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// Tries of one person from browsers that are not known.
const BY_ACCOUNT: Rate = Rate::new("login-code", 5, 60).doubling();
/// Tries from one browser from which the person has logged in before.
const BY_DEVICE: Rate = Rate::new("login-code-device", 5, 60).doubling();
/// Tries from one address of the network.
const BY_ADDRESS: Rate = Rate::new("login-code-address", 60, 2);

/// Notes that a password was right and that the second factor is waited for, under the hash of a
/// token the caller has drawn.
pub async fn ask_for_factor(
    app: &App,
    account: &Account,
    hash: SessionHash,
    act: &Act,
) -> Result<PendingLogin, AppError> {
    let now = app.now();
    let pending = PendingLogin {
        user_id: account.id.clone(),
        hash,
        epoch: account.session_epoch,
        expires_at: now.saturating_add(PendingLogin::LIFE).unwrap_or(now),
    };
    let audit = act.audit(now, "session.ask-factor", &account.id, json!({}));
    let transaction = Transaction::new().create(&pending)?.put(&audit)?;
    app.store.commit(&transaction).await?;
    Ok(pending)
}

/// A try to complete a login.
pub struct CodeAttempt<'a> {
    /// Whose login waits, as the browser says.
    pub user_id: &'a UserId,
    /// Hash of the token the browser shows for it.
    pub hash: &'a SessionHash,
    /// What is shown.
    pub showing: Showing<'a>,
    /// Whence, as the gateway saw it.
    pub address: Option<&'a str>,
    /// The browser, if it shows that it is known.
    pub device: Option<&'a Shown>,
}

impl CodeAttempt<'_> {
    fn keys(&self) -> [Key; 3] {
        [
            PendingLogin::key_of(self.user_id, self.hash),
            Account::key_of(self.user_id),
            SecondFactor::key_of(self.user_id),
        ]
    }
}

/// Who is logged in now.
#[derive(Debug)]
pub struct Completed {
    /// The person.
    pub account: Account,
    /// How many recovery codes are left; told where one was used.
    pub recovery_left: Option<usize>,
}

/// What was read for a try.
struct Waiting {
    pending: Stored<PendingLogin>,
    account: Stored<Account>,
    second: Stored<SecondFactor>,
}

/// Opens the session of a login that waits, once; `open` draws it for the person, with a token
/// that makes the browser known. A code that does not count leaves the login waiting. Whoever has
/// the password of somebody else locks him out of no browser he has used before. Errors:
/// `RateLimited` before anything is compared, `InvalidCode` whatever is lacking.
pub async fn complete_login(
    app: &App,
    attempt: &CodeAttempt<'_>,
    open: impl FnOnce(&Account) -> (NewSession, Option<SessionHash>),
    act: impl FnOnce(Actor) -> Act,
) -> Result<Completed, AppError> {
    let (waiting, own) = counted(app, attempt).await?;
    let now = app.now();
    let proven = waiting.second.value.after(&app.settings, (attempt.showing, now))?;
    let after = proven.ok_or(AppError::InvalidCode)?;
    let account = waiting.account.value.clone();
    let (new, browser) = open(&account);
    let session = NewSession { factor_at: Some(now), ..new }.session(&account, now);
    let act = act(Actor::User { user_id: account.id.clone() });
    let told = json!({ "factor": attempt.showing.word() });
    let mut transaction = Transaction::new()
        .replace(&after, waiting.second.version)?
        .remove_at(PendingLogin::key_of(&account.id, attempt.hash), waiting.pending.version)
        .unchanged(Account::key_of(&account.id), Some(waiting.account.version))
        .create(&session)?
        .put(&act.audit(now, "session.open", &account.id, told))?;
    if let Some(hash) = browser {
        transaction = transaction.put(&Device::known(account.id.clone(), hash, now))?;
    }
    let recovery_left = match attempt.showing {
        Showing::Code(_) => None,
        Showing::Recovery(_) => {
            let letter = Letter::due(app, &account, LetterKind::RecoveryCodeUsed)?;
            transaction = transaction.create(&letter)?;
            Some(after.recovery.len())
        }
    };
    // Whoever lost the race showed what another has just used.
    if !app.commits(&transaction).await? {
        return Err(AppError::InvalidCode);
    }
    limits::forgive(app.store.as_ref(), &own).await;
    Ok(Completed { account, recovery_left })
}

/// The login that waits, after the try was counted. Only a token that is known is counted against
/// the person, because whoever has none compares nothing.
async fn counted(app: &App, attempt: &CodeAttempt<'_>) -> Result<(Waiting, Claim), AppError> {
    let stranger = Claim::new(BY_ACCOUNT, attempt.user_id.as_str());
    let known = attempt.device.map(|shown| Claim::new(BY_DEVICE, shown.hash.0.as_str()));
    let address = attempt.address.map(|address| Claim::new(BY_ADDRESS, address));
    let mut keys = attempt.keys().to_vec();
    keys.push(stranger.key());
    keys.extend(attempt.device.map(|shown| Device::key_of(&shown.user_id, &shown.hash)));
    keys.extend(known.iter().chain(&address).map(Claim::key));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let waiting = waiting(app, attempt, &snapshot)?;
    let own = match known {
        Some(claim) if is_known(app, &snapshot, (attempt.device, Some(attempt.user_id)))? => claim,
        Some(_) | None => stranger,
    };
    let claims: Vec<Claim> = waiting.iter().map(|_| own.clone()).chain(address).collect();
    if !claims.is_empty() {
        limits::take(app, &claims, &snapshot).await?;
    }
    Ok((waiting.ok_or(AppError::InvalidCode)?, own))
}

fn waiting(
    app: &App,
    attempt: &CodeAttempt<'_>,
    snapshot: &Snapshot,
) -> Result<Option<Waiting>, AppError> {
    let [pending, account, second] = attempt.keys();
    let pending = snapshot.get::<PendingLogin>(&pending)?;
    let (account, second) = (snapshot.get::<Account>(&account)?, snapshot.get(&second)?);
    let (Some(pending), Some(account), Some(second)) = (pending, account, second) else {
        return Ok(None);
    };
    let live = app.now() < pending.value.expires_at
        && pending.value.epoch == account.value.session_epoch
        && account.value.status != AccountStatus::Banned;
    Ok(live.then_some(Waiting { pending, account, second }))
}
