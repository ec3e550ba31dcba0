//! Choosing a password with a link that was mailed (RELIABILITY P5).
//!
//! Nothing here tells whether an address has an account: the answer, the number of requests to the
//! table and what is counted are the same. The token is in no record; it is made from the name of
//! the letter and the key of the deployment when the letter is sent.

use hmac::{Hmac, KeyInit, Mac};
use interlock_notify::Address;
use interlock_policy::{AccountStatus, UserId};
use jiff::SignedDuration;
use sha2::Sha256;

use crate::limits::{self, Claim, Rate};
use crate::login::short_enough;
use crate::model::{
    Account, Actor, AuditEntry, Credential, Device, EmailClaim, Letter, LetterId, LetterKind,
    ResetGrant, SessionHash,
};
use crate::password_rules;
use crate::ports::store::{CommitError, Stored, Transaction};
use crate::{Act, App, AppError, Settings, Snapshot};

/// Letters to one address of e-mail.
const BY_EMAIL: Rate = Rate::new("reset", 3, 300);
/// Letters asked for from one address of the network.
const BY_ADDRESS: Rate = Rate::new("reset-address", 20, 30);
/// Tokens tried from one address of the network.
const TRIES: Rate = Rate::new("reset-use", 20, 30);
/// Hex digits of a token.
const TOKEN_LENGTH: usize = 64;

/// The token of a letter's link; everybody who knows the key of the deployment makes the same.
pub fn token_of(settings: &Settings, letter: &LetterId) -> Result<String, AppError> {
    let unusable = |_| AppError::internal("the key of the deployment cannot be used");
    let mut mac = Hmac::<Sha256>::new_from_slice(&settings.cursor_key).map_err(unusable)?;
    mac.update(b"interlock password letter\0");
    mac.update(letter.as_str().as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

/// A letter with a link, and the grant that its token stands for.
pub(crate) fn invite(
    app: &App,
    account: &Account,
    (kind, life): (LetterKind, SignedDuration),
) -> Result<(Letter, ResetGrant), AppError> {
    let until = app.now().saturating_add(life).unwrap_or(app.now());
    let letter = Letter { until: Some(until), ..Letter::due(app, account, kind)? };
    let grant = ResetGrant {
        hash: ResetGrant::hash_of(&token_of(&app.settings, &letter.id)?),
        user_id: Some(account.id.clone()),
        epoch: account.session_epoch,
        expires_at: until,
    };
    Ok((letter, grant))
}

/// Sends a link to an address, if it has an account that may log in. Errors: `Invalid` for what is
/// longer than any address, and `RateLimited`, for addresses with and without an account alike.
pub async fn request_reset(
    app: &App,
    email: &str,
    address: Option<&str>,
    act: &Act,
) -> Result<(), AppError> {
    let email = email.trim().to_lowercase();
    if email.len() > Address::LONGEST {
        return Err(AppError::invalid("/email", "too_long", "no address is that long"));
    }
    let key = EmailClaim::key_of(&email);
    let mut claims = vec![Claim::new(BY_EMAIL, email.as_str())];
    claims.extend(address.map(|address| Claim::new(BY_ADDRESS, address)));
    let keys: Vec<_> = claims.iter().map(Claim::key).chain([key.clone()]).collect();
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    limits::take(app, &claims, &snapshot).await?;
    let owner = snapshot.get::<EmailClaim>(&key)?.map(|claim| claim.value.user_id);
    // Nobody's account is looked for too, so that both ways cost the same.
    let nobody = app.id()?;
    let account = Account::key_of(owner.as_ref().unwrap_or(&nobody));
    let found = app.find::<Account>(&account).await?.map(|stored| stored.value);
    let transaction = match found.filter(may_choose) {
        Some(account) => asked(app, &account, act)?,
        None => asked_for_nobody(app, act)?,
    };
    Ok(app.store.commit(&transaction).await?)
}

fn may_choose(account: &Account) -> bool {
    match account.status {
        AccountStatus::Active | AccountStatus::Suspended => true,
        AccountStatus::Banned => false,
    }
}

fn asked(app: &App, account: &Account, act: &Act) -> Result<Transaction, AppError> {
    let kind = (LetterKind::PasswordReset, ResetGrant::ASKED);
    let (letter, grant) = invite(app, account, kind)?;
    let audit = audit(app, act, "password.reset-request", account.id.as_str());
    Ok(Transaction::new().create(&grant)?.create(&letter)?.put(&audit)?)
}

/// A grant that no token opens, so that the table is written to in both cases.
fn asked_for_nobody(app: &App, act: &Act) -> Result<Transaction, AppError> {
    let until = app.now().saturating_add(ResetGrant::ASKED).unwrap_or(app.now());
    let hash = hex::encode(app.ids.random());
    let grant = ResetGrant { hash, user_id: None, epoch: 0, expires_at: until };
    let audit = audit(app, act, "password.reset-request", "nobody");
    Ok(Transaction::new().create(&grant)?.put(&audit)?)
}

fn audit(app: &App, act: &Act, action: &str, object: &str) -> AuditEntry {
    act.audit(app.now(), action, object, serde_json::json!({}))
}

/// A password chosen with a token.
pub struct Chosen<'a> {
    /// From the link.
    pub token: &'a str,
    /// The wanted one.
    pub password: &'a str,
    /// Whence, as the gateway saw it.
    pub address: Option<&'a str>,
}

/// Whose password is chosen, and with which grant.
struct Granted {
    grant: Stored<ResetGrant>,
    account: Stored<Account>,
    credential: Option<u64>,
}

/// Whose password a token chooses, without choosing one. Errors: `Invalid` at `/token`, whatever
/// it lacks.
async fn granted(app: &App, token: &str) -> Result<Granted, AppError> {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if token.len() != TOKEN_LENGTH || !token.bytes().all(hex) {
        return Err(not_valid());
    }
    let key = ResetGrant::key_of(&ResetGrant::hash_of(token));
    let grant = app.find::<ResetGrant>(&key).await?.ok_or_else(not_valid)?;
    let id: UserId = grant.value.user_id.clone().ok_or_else(not_valid)?;
    let (account, credential) = (Account::key_of(&id), Credential::key_of(&id));
    let keys = [account.clone(), credential.clone()];
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let account = read.get::<Account>(&account)?.ok_or_else(not_valid)?;
    let live =
        app.now() < grant.value.expires_at && grant.value.epoch == account.value.session_epoch;
    if !live || !may_choose(&account.value) {
        return Err(not_valid());
    }
    let credential = read.get::<Credential>(&credential)?.map(|found| found.version);
    Ok(Granted { grant, account, credential })
}

fn not_valid() -> AppError {
    AppError::invalid("/token", "not_valid", "the link was used, has expired or never was")
}

/// Chooses a password with a token, once. Every session is dead, none is opened, and the browser
/// that did it is known from now on, so its owner gets in whatever strangers do. `browser` draws
/// the name of that browser for the person it turns out to be. Errors: `Invalid` at `/token` or
/// `/newPassword`, `RateLimited`.
pub async fn choose_password(
    app: &App,
    chosen: &Chosen<'_>,
    browser: impl FnOnce(&UserId) -> SessionHash,
    act: impl FnOnce(Actor) -> Act,
) -> Result<(), AppError> {
    short_enough("/newPassword", chosen.password)?;
    if let Some(address) = chosen.address {
        let claim = Claim::new(TRIES, address);
        limits::take(app, &[claim], &Snapshot::default()).await?;
    }
    let granted = granted(app, chosen.token).await?;
    password_rules::judge("/newPassword", chosen.password, &granted.account.value)?;
    let password_hash = app.passwords.hash(chosen.password).await?;
    let user_id = granted.account.value.id.clone();
    let device = Device::known(user_id.clone(), browser(&user_id), app.now());
    let act = act(Actor::User { user_id });
    let transaction = written(app, granted, password_hash, &act)?.put(&device)?;
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => Err(not_valid()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn written(
    app: &App,
    granted: Granted,
    password_hash: String,
    act: &Act,
) -> Result<Transaction, AppError> {
    let Granted { grant, account: read, credential } = granted;
    let account = read.value.with_sessions_ended(app.now());
    Ok(Transaction::new()
        .remove_at(ResetGrant::key_of(&grant.value.hash), grant.version)
        .replace(&account, read.version)?
        .save(&Credential { user_id: account.id.clone(), password_hash }, credential)?
        .create(&Letter::due(app, &account, LetterKind::PasswordChanged)?)?
        .put(&audit(app, act, "password.reset", account.id.as_str()))?)
}
