//! From a token and a read of the table to a caller, or to nobody.
//!
//! Nothing is cached: a ban or a raised epoch ends a session with the next request
//! (RELIABILITY A3).

use interlock_app::Snapshot;
use interlock_app::model::{
    Account, OpenReservations, SecondFactor, Session, SessionUse, Standing,
};
use interlock_app::ports::Identity;
use interlock_app::ports::store::{Key, StoreError, Stored};
use interlock_policy::{AccountStatus, UserId};
use jiff::Timestamp;

use crate::{Life, SessionToken};

/// Somebody whose session counts, or whom a token names that was verified.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub user_id: UserId,
    /// The account as it is now.
    pub account: Stored<Account>,
    /// By what.
    pub entry: Entry,
}

/// What let somebody in.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A session of ours.
    Session {
        /// The one that was shown.
        session: Session,
        /// Its last use before this one, as far as it was noted.
        used_at: Timestamp,
    },
    /// A token of the issuer outside.
    Bearer {
        /// When the issuer was shown a second factor, as far as it says so.
        factor_at: Option<Timestamp>,
        /// Whether the person has a second factor here, which a session would have shown.
        enrolled: bool,
    },
}

impl Caller {
    /// The use of now, if the last note of one has become old.
    pub fn use_to_note(&self, now: Timestamp) -> Option<SessionUse> {
        let Entry::Session { session, used_at } = &self.entry else { return None };
        let life = Life::of(&self.account.value.roles);
        let due = used_at.saturating_add(life.note_every).unwrap_or(*used_at);
        (now >= due).then(|| SessionUse::of(session, now))
    }

    /// The session that was shown, if it was one.
    pub fn session(&self) -> Option<&Session> {
        match &self.entry {
            Entry::Session { session, .. } => Some(session),
            Entry::Bearer { .. } => None,
        }
    }

    /// When a second factor was last shown.
    pub fn factor_at(&self) -> Option<Timestamp> {
        match &self.entry {
            Entry::Session { session, .. } => session.factor_at,
            Entry::Bearer { factor_at, .. } => *factor_at,
        }
    }

    /// Whether the person has a second factor here; no session of such a one opens without it.
    pub fn enrolled(&self) -> bool {
        match &self.entry {
            Entry::Session { session, .. } => session.factor_at.is_some(),
            Entry::Bearer { enrolled, .. } => *enrolled,
        }
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
    admitted(&account.value)?;
    let entry = Entry::Session { session, used_at };
    Ok(Caller { user_id: user_id.clone(), account, entry })
}

/// Keys that [`recognize`] looks at, with those the gate asks next about the same person.
pub fn bearer_keys(user_id: &UserId) -> [Key; 4] {
    [
        Account::key_of(user_id),
        SecondFactor::key_of(user_id),
        Standing::key_of(user_id),
        OpenReservations::key_of(user_id),
    ]
}

/// The caller whom a token names that was verified, from a read of [`bearer_keys`] and of the
/// record that links the name. Roles and status are ours and never the token's, and what ends all
/// sessions ends the tokens issued until then (RELIABILITY A3).
pub fn recognize(
    snapshot: &Snapshot,
    (hash, user_id): (&str, &UserId),
    said: &Identity,
) -> Result<Caller, AuthError> {
    let account = snapshot.get::<Account>(&Account::key_of(user_id))?.ok_or(AuthError::Unknown)?;
    // The account has the last word on its name, whatever was read of the link before.
    let own = account.value.identity.as_ref().filter(|link| link.hash == hash);
    if said.issued_at <= own.ok_or(AuthError::Unknown)?.issued_after {
        return Err(AuthError::Ended);
    }
    admitted(&account.value)?;
    let factor = snapshot.get::<SecondFactor>(&SecondFactor::key_of(user_id))?;
    let enrolled = factor.is_some_and(|found| found.value.factor.is_some());
    let entry = Entry::Bearer { factor_at: said.factor_at, enrolled };
    Ok(Caller { user_id: user_id.clone(), account, entry })
}

fn admitted(account: &Account) -> Result<(), AuthError> {
    match account.status {
        AccountStatus::Active | AccountStatus::Suspended => Ok(()),
        AccountStatus::Banned => Err(AuthError::Banned),
    }
}

fn idle(account: &Account, used_at: Timestamp, now: Timestamp) -> bool {
    let idle = Life::of(&account.roles).idle;
    now >= used_at.saturating_add(idle).unwrap_or(used_at)
}
