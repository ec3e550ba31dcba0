//! From a token and one read of the table to a caller, or to nobody.
//!
//! Nothing is cached: a ban or a raised epoch ends a session with the next request
//! (RELIABILITY A3).

use interlock_app::Snapshot;
use interlock_app::model::{Account, OpenReservations, Session, SessionUse, Standing};
use interlock_app::ports::store::{Key, StoreError, Stored};
use interlock_policy::{AccountStatus, UserId};
use jiff::Timestamp;

use crate::{Life, SessionToken};

/// Somebody whose session counts.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub user_id: UserId,
    /// The account as it is now.
    pub account: Stored<Account>,
    /// The session that was shown.
    pub session: Session,
    /// Its last use before this one, as far as it was noted.
    pub used_at: Timestamp,
}

impl Caller {
    /// The use of now, if the last note of one has become old.
    pub fn use_to_note(&self, now: Timestamp) -> Option<SessionUse> {
        let life = Life::of(&self.account.value.roles);
        let due = self.used_at.saturating_add(life.note_every).unwrap_or(self.used_at);
        (now >= due).then(|| SessionUse::of(&self.session, now))
    }
}

/// Why nobody is logged in. All but the last are told alike; the difference is for the log.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The table knows no such session, or no such account.
    #[error("no such session")]
    Unknown,
    /// The session's life is over, or it lay unused for too long.
    #[error("the session has expired")]
    Expired,
    /// The account has ended all sessions made before.
    #[error("the session was ended")]
    Ended,
    /// The account may do nothing.
    #[error("the account is banned")]
    Banned,
    /// A record cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keys that [`authenticate`] looks at, with those the gate asks next about the same person, so
/// that one read serves both (PRODUCT 10).
pub fn session_keys(token: &SessionToken) -> [Key; 5] {
    let user_id = token.user_id();
    [
        Session::key_of(user_id, &token.hash()),
        SessionUse::key_of(user_id, &token.hash()),
        Account::key_of(user_id),
        Standing::key_of(user_id),
        OpenReservations::key_of(user_id),
    ]
}

/// The caller behind a token, from a read of [`session_keys`].
pub fn authenticate(
    snapshot: &Snapshot,
    token: &SessionToken,
    now: Timestamp,
) -> Result<Caller, AuthError> {
    let (user_id, hash) = (token.user_id(), token.hash());
    let session =
        snapshot.get::<Session>(&Session::key_of(user_id, &hash))?.ok_or(AuthError::Unknown)?.value;
    let noted = snapshot.get::<SessionUse>(&SessionUse::key_of(user_id, &hash))?;
    let account = snapshot.get::<Account>(&Account::key_of(user_id))?.ok_or(AuthError::Unknown)?;
    let used_at = noted.map_or(session.created_at, |noted| noted.value.used_at);
    if now >= session.expires_at || idle(&account.value, used_at, now) {
        return Err(AuthError::Expired);
    }
    if session.epoch != account.value.session_epoch {
        return Err(AuthError::Ended);
    }
    match account.value.status {
        AccountStatus::Active | AccountStatus::Suspended => {}
        AccountStatus::Banned => return Err(AuthError::Banned),
    }
    Ok(Caller { user_id: user_id.clone(), account, session, used_at })
}

fn idle(account: &Account, used_at: Timestamp, now: Timestamp) -> bool {
    let idle = Life::of(&account.roles).idle;
    now >= used_at.saturating_add(idle).unwrap_or(used_at)
}
