//! A person's calendar to subscribe to; only the hash of its token is known here.

use std::fmt;
use std::str::FromStr;

use interlock_policy::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::keys;
use crate::ports::store::{Document, Key};

/// That a person has a calendar to subscribe to, and by which token it is read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarFeed {
    /// Whose.
    pub user_id: UserId,
    /// SHA-256 of the token, in lower-case hex.
    pub hash: String,
    /// Since when it is this token.
    pub made_at: Timestamp,
}

impl fmt::Debug for CalendarFeed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CalendarFeed").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl CalendarFeed {
    /// Address of a person's feed: beside the account, so that it is erased with it.
    pub fn key_of(user_id: &UserId) -> Key {
        keys::single(keys::user(user_id), "CALENDAR")
    }
}

impl Document for CalendarFeed {
    const KIND: &'static str = "calendar_feed";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}

/// Hex digits of the secret part of a token.
const SECRET_LENGTH: usize = 64;

/// The token of a feed, `<user id>.<64 hex digits>`; its `Debug` prints no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedToken {
    user_id: UserId,
    secret: String,
}

/// The text is no token of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token of a calendar feed")]
pub struct FeedTokenError;

impl FeedToken {
    /// A new one of 256 random bits.
    pub fn new(user_id: UserId, random: [u8; 32]) -> Self {
        Self { user_id, secret: hex::encode(random) }
    }

    /// Whose feed it asks for.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.secret.as_bytes()))
    }

    /// The last part of its address, shown once.
    pub fn file_name(&self) -> String {
        format!("{}.{}.ics", self.user_id, self.secret)
    }
}

impl fmt::Debug for FeedToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("FeedToken").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// From the last part of an address.
impl FromStr for FeedToken {
    type Err = FeedTokenError;

    fn from_str(text: &str) -> Result<Self, FeedTokenError> {
        let token = text.strip_suffix(".ics").ok_or(FeedTokenError)?;
        let (user_id, secret) = token.split_once('.').ok_or(FeedTokenError)?;
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if secret.len() != SECRET_LENGTH || !secret.bytes().all(hex) {
            return Err(FeedTokenError);
        }
        let user_id = user_id.parse().map_err(|_| FeedTokenError)?;
        Ok(Self { user_id, secret: secret.to_owned() })
    }
}
