//! From a token and one read of the table to a caller, or to nobody.
//!
//! Nothing is cached: a ban or a raised epoch ends a session with the next request
//! (RELIABILITY A3).

use interlock_app::Snapshot;
use interlock_app::model::{Account, OpenReservations, Session, Standing};
use interlock_app::ports::store::{Key, StoreError, Stored};
use interlock_policy::{AccountStatus, UserId};
use jiff::Timestamp;

use crate::SessionToken;

/// Somebody whose session counts.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub user_id: UserId,
    /// The account as it is now.
    pub account: Stored<Account>,
    /// The session that was shown.
    pub session: Session,
}

/// Why nobody is logged in. All but the last are told alike; the difference is for the log.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The table knows no such session, or no such account.
    #[error("no such session")]
    Unknown,
    /// The session's life is over.
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
pub fn session_keys(token: &SessionToken) -> [Key; 4] {
    let user_id = token.user_id();
    [
        Session::key_of(user_id, &token.hash()),
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
    let user_id = token.user_id();
    let session = snapshot
        .get::<Session>(&Session::key_of(user_id, &token.hash()))?
        .ok_or(AuthError::Unknown)?
        .value;
    let account = snapshot.get::<Account>(&Account::key_of(user_id))?.ok_or(AuthError::Unknown)?;
    if now >= session.expires_at {
        return Err(AuthError::Expired);
    }
    if session.epoch != account.value.session_epoch {
        return Err(AuthError::Ended);
    }
    match account.value.status {
        AccountStatus::Active | AccountStatus::Suspended => {}
        AccountStatus::Banned => return Err(AuthError::Banned),
    }
    Ok(Caller { user_id: user_id.clone(), account, session })
}
