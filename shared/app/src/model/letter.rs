//! A mail about an account that is due; written with what it tells of.
//!
//! It names the person and the occasion and holds neither address, text nor secret: the address is
//! the account's when it is sent, and a link in it is made from the key of the deployment.

use interlock_policy::{Id, IdKind, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use super::{Account, Lane};
use crate::ports::store::{Document, Indexes, Key};
use crate::{App, AppError};

/// Kind of the names of letters.
#[derive(Debug)]
pub enum LetterIdKind {}

impl IdKind for LetterIdKind {
    const PREFIX: &'static str = "ltr";
}

/// Name of a letter; the stable part of its `Message-ID`.
pub type LetterId = Id<LetterIdKind>;

/// What a letter tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A link with which to choose a new password.
    PasswordReset,
    /// A link with which a new person chooses the first password.
    Invitation,
    /// The password is another one now.
    PasswordChanged,
    /// The roles are other ones now.
    RolesChanged,
}

/// A mail that is due on the lane that talks to people (PRODUCT D19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// Its name.
    pub id: LetterId,
    /// To whom.
    pub user_id: UserId,
    /// What it tells.
    pub kind: LetterKind,
    /// When it is due.
    pub due_at: Timestamp,
    /// First instant at which it is worth nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Letter {
    /// To a person, due now.
    pub fn due(app: &App, account: &Account, kind: LetterKind) -> Result<Self, AppError> {
        let (id, user_id) = (app.id()?, account.id.clone());
        Ok(Self { id, user_id, kind, due_at: app.now(), until: None })
    }

    /// Address of a letter: beside the account, so that it is given out and erased with it.
    pub fn key_of(user_id: &UserId, id: &LetterId) -> Key {
        keys::single(keys::user(user_id), &format!("LETTER#{id}"))
    }
}

impl Document for Letter {
    const KIND: &'static str = "letter";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.id)
    }

    fn indexes(&self) -> Indexes {
        let due = keys::by_time(self.due_at, self.id.as_str());
        Indexes { one: Some(Key::new(Lane::Notify.partition(), due)), two: None }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.until
    }
}
