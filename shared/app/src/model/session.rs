//! A login that lasts; only the hash of its token is known here.

use std::fmt;

use interlock_policy::{Id, IdKind, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Key};

/// SHA-256 of a session token, in lower-case hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionHash(pub String);

impl fmt::Debug for SessionHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SessionHash(…)")
    }
}

impl SessionHash {
    /// Letters of the hash that name a session towards its owner.
    pub(crate) const NAMED: usize = 32;

    /// The public name: half of the hash, which neither opens the session nor tells the rest.
    pub fn public(&self) -> Option<SessionId> {
        SessionId::from_body(self.0.get(..Self::NAMED)?).ok()
    }
}

/// Kind of the public names of sessions.
#[derive(Debug)]
pub enum SessionKind {}

impl IdKind for SessionKind {
    const PREFIX: &'static str = "ses";
}

/// How a session is called where its owner lists and ends it.
pub type SessionId = Id<SessionKind>;

/// A login that lasts until it expires or is ended (RELIABILITY A1, A2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whose.
    pub user_id: UserId,
    /// Its name in the table.
    pub hash: SessionHash,
    /// Must equal the account's to count.
    pub epoch: u32,
    /// When made.
    pub created_at: Timestamp,
    /// First instant at which it no longer counts, whatever happens.
    pub expires_at: Timestamp,
    /// What the browser called itself, cut short; shown to the owner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// When the second factor was last shown in it (RELIABILITY P6); absent only for somebody who
    /// has none, because every change of a factor ends all sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor_at: Option<Timestamp>,
}

impl Session {
    /// Most characters kept of what a browser calls itself.
    const LONGEST_DEVICE: usize = 200;

    /// What a browser calls itself, as it is kept.
    pub fn device_of(user_agent: Option<&str>) -> Option<String> {
        let plain = user_agent?.chars().filter(|letter| !letter.is_control());
        let text: String = plain.take(Self::LONGEST_DEVICE).collect();
        (!text.is_empty()).then_some(text)
    }

    /// Partition of a person's sessions, and the sort keys between which they lie.
    pub fn range_of(user_id: &UserId) -> (String, String, String) {
        (keys::user(user_id), "SESSION#".to_owned(), "SESSION$".to_owned())
    }

    /// Address of a session.
    pub fn key_of(user_id: &UserId, hash: &SessionHash) -> Key {
        keys::single(keys::user(user_id), &format!("SESSION#{}", hash.0))
    }
}

impl Document for Session {
    const KIND: &'static str = "session";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// When a session was last used; beside the session, so that a function which only reads needs no
/// right to write sessions, and noted now and then only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionUse {
    /// Whose.
    pub user_id: UserId,
    /// Of which session.
    pub hash: SessionHash,
    /// The last use that was noted.
    pub used_at: Timestamp,
    /// When the session ends.
    pub expires_at: Timestamp,
}

impl SessionUse {
    /// Of a session, used now.
    pub fn of(session: &Session, now: Timestamp) -> Self {
        Self {
            user_id: session.user_id.clone(),
            hash: session.hash.clone(),
            used_at: now,
            expires_at: session.expires_at,
        }
    }

    /// Partition of what is noted of a person's sessions.
    pub fn partition_of(user_id: &UserId) -> String {
        format!("SEEN#{user_id}")
    }

    /// Address of a session's last use.
    pub fn key_of(user_id: &UserId, hash: &SessionHash) -> Key {
        Key::new(Self::partition_of(user_id), hash.0.clone())
    }
}

impl Document for SessionUse {
    const KIND: &'static str = "session_use";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
