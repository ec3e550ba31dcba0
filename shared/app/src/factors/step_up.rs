//! Showing the second factor again before what is dangerous (RELIABILITY P6).

use serde_json::json;

use super::Showing;
use super::showing::wrong;
use crate::model::{Account, SecondFactor, Session, SessionHash, SessionUse};
use crate::ports::store::Transaction;
use crate::{Act, App, AppError, Snapshot};

/// Goes on under a new name with a session that has just shown the second factor; the old name is
/// dead at once, and the session ends when it would have ended (RELIABILITY A2). Errors: `Invalid`
/// at `/code`, `StateConflict` without a second factor, `Unauthenticated` if the session ended
/// meanwhile.
pub async fn step_up(
    app: &App,
    session: &Session,
    (code, hash): (&str, SessionHash),
    act: &Act,
) -> Result<Session, AppError> {
    let id = &session.user_id;
    let old = Session::key_of(id, &session.hash);
    let keys = [old.clone(), Account::key_of(id), SecondFactor::key_of(id)];
    let [_, account, second] = &keys;
    let read = Snapshot::read(app.store.as_ref(), &keys).await?;
    let found = read.get::<Session>(&old)?.ok_or(AppError::Unauthenticated)?;
    let account = (account.clone(), read.get::<Account>(account)?.map(|read| read.version));
    let second = read.get::<SecondFactor>(second)?;
    let second = second.filter(|second| second.value.factor.is_some());
    let second = second.ok_or_else(|| AppError::conflict("there is no second factor to show"))?;
    let now = app.now();
    let shown = second.value.after(&app.settings, (Showing::Code(code), now))?;
    let after = shown.ok_or_else(|| wrong("/code"))?;
    let renewed = Session { hash, factor_at: Some(now), ..found.value };
    let transaction = Transaction::new()
        .replace(&after, second.version)?
        .remove_at(old, found.version)
        .remove(SessionUse::key_of(id, &session.hash))
        .unchanged(account.0, account.1)
        .create(&renewed)?
        .put(&SessionUse::of(&renewed, now))?
        .put(&act.audit(now, "session.step-up", id, json!({ "factor": "totp" })))?;
    if app.commits(&transaction).await? { Ok(renewed) } else { Err(wrong("/code")) }
}
