//! A message that is due to a person; written in the transaction of what it tells of.
//!
//! It names the reader and the occasion and holds neither address, text nor secret: the address is
//! the account's when it is sent, the words are made then, and a link in it is made from the key
//! of the deployment.

use interlock_policy::{CheckoutScope, Id, IdKind, ReservationId, ResourceId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::letter_kind::{Channel, LetterKind};
use super::letter_state::LetterState;
use super::{Account, Lane, keys};
use crate::ports::store::{Document, Indexes, Key};
use crate::{App, AppError};

/// Kind of the names of letters.
#[derive(Debug)]
pub enum LetterIdKind {}

impl IdKind for LetterIdKind {
    const PREFIX: &'static str = "ltr";
}

/// Name of a letter; what its `Message-ID` is made of.
pub type LetterId = Id<LetterIdKind>;

/// What a letter speaks of, in the version it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "kind")]
pub enum About {
    /// An account.
    Account {
        /// Whose.
        user_id: UserId,
    },
    /// A reservation.
    Reservation {
        /// Which.
        reservation_id: ReservationId,
        /// Of what.
        resource_id: ResourceId,
        /// The version; its event in the history says what was true then.
        version: u64,
    },
    /// An approval, or the wish for one.
    Checkout {
        /// Whose.
        user_id: UserId,
        /// For what.
        scope: CheckoutScope,
        /// Version of the standing; its event in the history says what was done.
        version: u64,
    },
}

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", tag = "kind")]
pub enum Addressee {
    /// A person.
    User {
        /// Who.
        user_id: UserId,
    },
    /// Whoever is the host of the reservation's resource.
    Host,
    /// Everybody who may say yes; the sweep writes a letter to each.
    Deciders {
        /// What the yes is for.
        scope: CheckoutScope,
        /// The category it lies in.
        category: String,
    },
    /// One of those.
    Decider {
        /// Who.
        user_id: UserId,
    },
}

/// A message that is due or was sent, on the lane that talks to people (PRODUCT D19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// Its name.
    pub id: LetterId,
    /// Of what.
    pub about: About,
    /// To whom.
    pub to: Addressee,
    /// What it tells.
    pub kind: LetterKind,
    /// By which way.
    #[serde(default, skip_serializing_if = "Channel::is_email")]
    pub channel: Channel,
    /// When it was written, with what it tells.
    #[serde(default)]
    pub made_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// First instant at which it is worth nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How often it was begun to be sent.
    #[serde(default)]
    pub attempts: u32,
    /// Whether staff sent it again; what goes beside it was written the first time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resent: bool,
    /// What became of it.
    #[serde(default)]
    pub state: LetterState,
}

/// For how long a letter about an account or an approval is kept after it was due.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

impl Letter {
    /// To a person about his account, due now.
    pub fn due(app: &App, account: &Account, kind: LetterKind) -> Result<Self, AppError> {
        let user_id = account.id.clone();
        let about = About::Account { user_id: user_id.clone() };
        Ok(Self::new(app.id()?, about, Addressee::User { user_id }, (kind, app.now())))
    }

    /// One by mail that is due when it is written.
    pub(crate) fn new(
        id: LetterId,
        about: About,
        to: Addressee,
        (kind, made_at): (LetterKind, Timestamp),
    ) -> Self {
        Self {
            id,
            about,
            to,
            kind,
            channel: Channel::Email,
            made_at,
            due_at: made_at,
            until: None,
            attempts: 0,
            resent: false,
            state: LetterState::Due,
        }
    }

    /// First sort key of the letters in the partition of what they speak of.
    pub const FIRST: &'static str = "LETTER#";
    /// First sort key after them.
    pub const END: &'static str = "LETTER$";

    /// Index partition in which a letter is found by its name alone.
    pub fn partition_of(id: &LetterId) -> String {
        format!("{}{id}", Self::FIRST)
    }

    /// Address of a letter: beside what it speaks of, so that it is given out and erased with it.
    pub fn key_of(about: &About, id: &LetterId) -> Key {
        let partition = match about {
            About::Account { user_id } | About::Checkout { user_id, .. } => keys::user(user_id),
            About::Reservation { reservation_id, .. } => keys::reservation(reservation_id),
        };
        Key::new(partition, format!("{}{id}", Self::FIRST))
    }

    /// The resource whose host it goes to.
    pub fn host_of(&self) -> Option<&ResourceId> {
        match (&self.to, &self.about) {
            (Addressee::Host, About::Reservation { resource_id, .. }) => Some(resource_id),
            (Addressee::Host, About::Account { .. } | About::Checkout { .. })
            | (
                Addressee::User { .. } | Addressee::Decider { .. } | Addressee::Deciders { .. },
                _,
            ) => None,
        }
    }

    /// The person it goes to, as far as the letter itself knows.
    pub fn reader(&self) -> Option<&UserId> {
        match &self.to {
            Addressee::User { user_id } | Addressee::Decider { user_id } => Some(user_id),
            Addressee::Host | Addressee::Deciders { .. } => None,
        }
    }
}

impl Document for Letter {
    const KIND: &'static str = "letter";
    const SCHEMA: u32 = 2;

    fn key(&self) -> Key {
        Self::key_of(&self.about, &self.id)
    }

    fn indexes(&self) -> Indexes {
        let list = match &self.state {
            LetterState::Due => Some((Lane::Notify.partition(), self.due_at)),
            LetterState::Sent { at, .. } | LetterState::Delivered { at } => {
                Some((LetterState::SENT, *at))
            }
            LetterState::Bounced { at, .. }
            | LetterState::Complained { at }
            | LetterState::Failed { at, .. } => Some((LetterState::FAILED, *at)),
            LetterState::Dropped { .. } => None,
        };
        let one = list.map(|(list, at)| Key::new(list, keys::by_time(at, self.id.as_str())));
        let two = Some(Key::new(Self::partition_of(&self.id), Self::KIND));
        Indexes { one, two }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        match &self.about {
            About::Account { .. } | About::Checkout { .. } => self.due_at.saturating_add(KEPT).ok(),
            About::Reservation { .. } => None,
        }
    }

    /// The first shape knew accounts only.
    fn upgrade(_schema: u32, mut body: Value) -> Value {
        let (user_id, due_at) = (body.get("userId").cloned(), body.get("dueAt").cloned());
        if let Some((own, user_id)) = body.as_object_mut().zip(user_id) {
            let of = |kind: &str| serde_json::json!({ "kind": kind, "userId": user_id });
            own.insert("about".to_owned(), of("account"));
            own.insert("to".to_owned(), of("user"));
            own.insert("madeAt".to_owned(), due_at.unwrap_or_default());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_the_first_shape_is_still_sent_to_its_person() {
        let old = serde_json::json!({
            "id": "ltr_one", "userId": "usr_ada", "kind": "password_changed",
            "dueAt": "2026-11-20T09:00:00Z",
        });
        let letter: Letter = serde_json::from_value(Letter::upgrade(1, old)).unwrap();
        assert_eq!(letter.reader().unwrap().as_str(), "usr_ada");
        assert_eq!((letter.state, letter.made_at), (LetterState::Due, letter.due_at));
    }
}
