//! Getting a second factor: a secret is handed out once, and counts when a code of it was shown.

use interlock_policy::UserId;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{recovery, totp};
use crate::login::{NewSession, short_enough};
use crate::model::{
    Account, BegunFactor, Credential, Factor, FactorId, Letter, LetterKind, SecondFactor,
};
use crate::ports::store::Transaction;
use crate::{Act, App, AppError, Snapshot};

/// How long a secret that was handed out may be confirmed.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A wish for a second factor, or for another one.
pub struct BeginFactor {
    /// Whose.
    pub user_id: UserId,
    /// The present password.
    pub password: String,
    /// Who asks, in which request.
    pub act: Act,
}

/// What an app is told, once.
pub struct BegunTotp {
    /// The secret, to be typed.
    pub secret: String,
    /// The secret with its name, to be made a picture of.
    pub uri: String,
    /// First instant at which it can no longer be confirmed.
    pub until: Timestamp,
}

/// Hands out a secret; what was there before counts until the new one is confirmed. Exactly one
/// evaluation of the password function. Errors: `Invalid` at `/currentPassword`.
pub async fn begin_factor(app: &App, request: &BeginFactor) -> Result<BegunTotp, AppError> {
    short_enough("/currentPassword", &request.password)?;
    let id = &request.user_id;
    let keys = [Account::key_of(id), Credential::key_of(id), SecondFactor::key_of(id)];
    let [account, credential, second] = &keys;
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let found = read.get::<Account>(account)?.ok_or(AppError::NotFound { what: "person" })?;
    let hash = read.get::<Credential>(credential)?.map(|found| found.value.password_hash);
    if !app.passwords.verify(&request.password, hash.as_deref()).await? {
        let detail = "this is not the present password";
        return Err(AppError::invalid("/currentPassword", "wrong", detail));
    }
    let now = app.now();
    let begun =
        BegunFactor { id: app.id()?, until: now.saturating_add(LIFE).unwrap_or(Timestamp::MAX) };
    let told = told(app, &begun, &found.value)?;
    let (before, version) = match read.get::<SecondFactor>(second)? {
        Some(stored) => (stored.value, Some(stored.version)),
        None => (SecondFactor::none(id.clone()), None),
    };
    let transaction = Transaction::new()
        .save(&SecondFactor { begun: Some(begun), ..before }, version)?
        .unchanged(account.clone(), Some(found.version))
        .put(&request.act.audit(now, "factor.begin", id, json!({})))?;
    app.store.commit(&transaction).await?;
    Ok(told)
}

fn told(app: &App, begun: &BegunFactor, account: &Account) -> Result<BegunTotp, AppError> {
    let secret = totp::shown(&app.settings, &begun.id)?;
    let issuer = format!("Interlock {}", app.settings.deployment);
    let uri = totp::uri(&secret, (&issuer, &account.email));
    Ok(BegunTotp { secret, uri, until: begun.until })
}

/// The first code of a factor that was begun.
pub struct ConfirmFactor {
    /// Whose.
    pub user_id: UserId,
    /// As it was typed.
    pub code: String,
    /// The session to go on with.
    pub session: NewSession,
    /// Who asks, in which request.
    pub act: Act,
}

/// Makes a begun factor the one that is asked for, ends every session, opens a new one that has
/// shown it, and answers ten recovery codes. The person is told by mail. Errors: `StateConflict`
/// without one that was begun in the last ten minutes, `Invalid` at `/code`.
pub async fn confirm_factor(app: &App, request: ConfirmFactor) -> Result<Vec<String>, AppError> {
    let keys = [Account::key_of(&request.user_id), SecondFactor::key_of(&request.user_id)];
    let [account, second] = &keys;
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let account = read.get::<Account>(account)?.ok_or(AppError::NotFound { what: "person" })?;
    let now = app.now();
    let found = read.get::<SecondFactor>(second)?;
    let begun = found.as_ref().and_then(|found| found.value.begun.clone());
    let begun = begun.filter(|begun| now < begun.until);
    let (Some(found), Some(begun)) = (found, begun) else {
        return Err(AppError::conflict("no second factor was begun in the last ten minutes"));
    };
    let factor = confirmed(app, begun.id, &request.code)?;
    let (codes, recovery) = recovery::draw(app.ids.as_ref());
    let user_id = request.user_id.clone();
    let after = SecondFactor { user_id, factor: Some(factor), begun: None, recovery };
    let told = json!({ "before": found.value.factor.is_some(), "after": true });
    let version = account.version;
    let account = account.value.with_sessions_ended(now);
    let session = NewSession { factor_at: Some(now), ..request.session }.session(&account, now);
    let transaction = Transaction::new()
        .replace(&account, version)?
        .replace(&after, found.version)?
        .create(&session)?
        .create(&Letter::due(app, &account, LetterKind::FactorChanged)?)?
        .put(&request.act.audit(now, "factor.confirm", &account.id, told))?;
    app.store.commit(&transaction).await?;
    Ok(codes)
}

fn confirmed(app: &App, id: FactorId, code: &str) -> Result<Factor, AppError> {
    let now = app.now();
    match totp::step_of(&app.settings, &id, (code, now))? {
        Some(last_step) => Ok(Factor::Totp { id, confirmed_at: now, last_step }),
        None => Err(super::showing::wrong("/code")),
    }
}
