//! What a handler draws for a session it is about to open.

use interlock_app::model::{Account, SessionHash, Shown};
use interlock_app::{App, NewSession};
use interlock_http::Call;
use interlock_http::session::{Life, SessionToken};
use interlock_policy::UserId;

/// The token for the browser, and the session for the table.
pub(crate) fn session(app: &App, call: &Call, account: &Account) -> (SessionToken, NewSession) {
    let (token, hash) = SessionToken::issue(app.ids.as_ref(), account.id.clone());
    let life = Life::of(&account.roles).absolute;
    let new = NewSession { hash, life, device: call.device(), factor_at: None };
    (token, new)
}

/// A token that makes the browser known, unless it shows one of this person already.
pub(crate) fn browser(
    app: &App,
    user_id: &UserId,
    shown: Option<&Shown>,
) -> Option<(SessionToken, SessionHash)> {
    let own = shown.is_some_and(|shown| shown.user_id == *user_id);
    (!own).then(|| SessionToken::issue(app.ids.as_ref(), user_id.clone()))
}
