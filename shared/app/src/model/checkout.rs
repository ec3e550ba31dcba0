//! Approvals as managers see them: those asked for, those given or taken back, and every step
//! between.
//!
//! The gate reads none of this; what it reads is in the standing, and both are written together.

use interlock_policy::{CheckoutId, CheckoutScope, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Actor, Checkout, Lane, keys};
use crate::ports::store::{Document, Indexes, Key};

/// In which list an approval is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    /// Asked for.
    Pending,
    /// Given.
    Granted,
    /// Taken back.
    Revoked,
    /// Given, and past its term.
    Expired,
}

impl CheckoutState {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Granted => "granted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// Index partition of all in this state. An approval expires without a write, so it stays
    /// among the granted ones and whoever reads tells them apart.
    pub fn partition(self) -> String {
        let word = match self {
            Self::Pending => "pending",
            Self::Granted | Self::Expired => "granted",
            Self::Revoked => "revoked",
        };
        format!("CHECKOUTS#{word}")
    }

    /// Index partition of those for a scope.
    pub fn partition_of(self, scope: &CheckoutScope) -> String {
        format!("{}#{}", self.partition(), word_of(scope))
    }
}

/// Who made a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WishOrigin {
    /// The person asked.
    Member,
    /// The last training that was missing was passed.
    Training,
    /// The first of two managers said yes unasked.
    Manager,
}

/// An approval asked for and not answered. Its id becomes that of the approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutWish {
    /// Its name.
    pub id: CheckoutId,
    /// For what.
    pub scope: CheckoutScope,
    /// Category of the machine it was asked for on.
    pub category: String,
    /// Since when it waits.
    pub since: Timestamp,
    /// Level asked for.
    pub level: u8,
    /// Who made it.
    pub origin: WishOrigin,
    /// What the person wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The first of two yeses, where two are needed and one was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_yes: Option<FirstYes>,
}

impl CheckoutWish {
    /// Whole seconds it has waited; none if a clock ran ahead.
    pub fn waited(&self, now: Timestamp) -> i64 {
        now.duration_since(self.since).as_secs().max(0)
    }
}

/// The first of two yeses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FirstYes {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// To which level.
    pub level: u8,
    /// For how many days; absent means for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for_days: Option<u32>,
    /// What the manager wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A wish where managers find it; gone when it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingCheckout {
    /// Whose.
    pub user_id: UserId,
    /// What was asked for.
    pub wish: CheckoutWish,
}

impl PendingCheckout {
    /// Address of a person's wish for a scope.
    pub fn key_of(user_id: &UserId, scope: &CheckoutScope) -> Key {
        Key::new(keys::user(user_id), format!("{}{}", Self::FIRST, word_of(scope)))
    }

    /// Partition of a person's wishes and approvals.
    pub fn partition(user_id: &UserId) -> String {
        keys::user(user_id)
    }

    /// First sort key of a person's wishes.
    pub const FIRST: &'static str = "ASKED#";
    /// First sort key after a person's wishes.
    pub const END: &'static str = "ASKED$";
}

impl Document for PendingCheckout {
    const KIND: &'static str = "pending_checkout";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.wish.scope)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.wish.since, self.wish.id.as_str());
        in_lists(CheckoutState::Pending, &self.wish.scope, &sort)
    }
}

/// How an approval was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// The last approval of a person on a scope, as managers list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutRecord {
    /// Whose.
    pub user_id: UserId,
    /// Category of the machine it was given on.
    pub category: String,
    /// The approval as it stands or stood.
    pub checkout: Checkout,
    /// Set when it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

impl CheckoutRecord {
    /// Address of a person's approval on a scope.
    pub fn key_of(user_id: &UserId, scope: &CheckoutScope) -> Key {
        Key::new(keys::user(user_id), format!("{}{}", Self::FIRST, word_of(scope)))
    }

    /// First sort key of a person's approvals.
    pub const FIRST: &'static str = "CHECKOUT#";
    /// First sort key after a person's approvals.
    pub const END: &'static str = "CHECKOUT$";

    /// How it stands at an instant.
    pub fn state(&self, now: Timestamp) -> CheckoutState {
        match &self.ended {
            Some(_) => CheckoutState::Revoked,
            None if self.checkout.lapsed(now) => CheckoutState::Expired,
            None => CheckoutState::Granted,
        }
    }
}

impl Document for CheckoutRecord {
    const KIND: &'static str = "checkout";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.checkout.scope)
    }

    fn indexes(&self) -> Indexes {
        let (state, at) = match &self.ended {
            Some(ended) => (CheckoutState::Revoked, ended.at),
            None => (CheckoutState::Granted, self.checkout.granted_at),
        };
        let sort = keys::by_time(at, self.checkout.id.as_str());
        in_lists(state, &self.checkout.scope, &sort)
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutStep {
    /// Somebody asked.
    Requested,
    /// The first of two managers said yes.
    FirstApproved,
    /// Given to somebody who had none that counted.
    Granted,
    /// Given again to somebody who had one.
    Renewed,
    /// Set to a lower level.
    Demoted,
    /// Taken back.
    Revoked,
    /// Refused to somebody who asked.
    Declined,
}

/// One step in the history of a person's approval on a scope (S0-040); never changed, but for the
/// note that people were told. Until then it is work of the lane that talks to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutEvent {
    /// Whose.
    pub user_id: UserId,
    /// On what.
    pub scope: CheckoutScope,
    /// Version of the standing the step made; the steps are in its order.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub step: CheckoutStep,
    /// Of which approval.
    pub checkout_id: CheckoutId,
    /// Level asked for, given or left.
    pub level: u8,
    /// When it lapses, for one that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Why, in the words of whoever did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the letters it calls for are written.
    #[serde(default = "told", skip_serializing_if = "std::clone::Clone::clone")]
    pub told: bool,
}

/// What was written before there were letters calls for none.
fn told() -> bool {
    true
}

impl CheckoutEvent {
    /// Address of the step that made a version of the standing.
    pub fn key_of(user_id: &UserId, scope: &CheckoutScope, version: u64) -> Key {
        Key::new(Self::partition_of(user_id, scope), format!("EVENT#{version:010}"))
    }

    /// Partition of a person's history on a scope.
    pub fn partition_of(user_id: &UserId, scope: &CheckoutScope) -> String {
        format!("{}#CHECKOUT#{}", keys::user(user_id), word_of(scope))
    }
}

impl Document for CheckoutEvent {
    const KIND: &'static str = "checkout_event";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id, &self.scope, self.version)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.at, self.checkout_id.as_str());
        let due = (!self.told).then(|| Key::new(Lane::Notify.partition(), sort));
        Indexes { one: due, two: None }
    }
}

fn in_lists(state: CheckoutState, scope: &CheckoutScope, sort: &str) -> Indexes {
    Indexes {
        one: Some(Key::new(state.partition(), sort)),
        two: Some(Key::new(state.partition_of(scope), sort)),
    }
}

fn word_of(scope: &CheckoutScope) -> String {
    match scope {
        CheckoutScope::Machine(id) => format!("machine:{id}"),
        CheckoutScope::Category(category) => format!("category:{category}"),
    }
}
