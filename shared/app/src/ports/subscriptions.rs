//! Webhook subscriptions of an account at Cal.com (CONTRACT 9.1).
//!
//! The secret deliveries are signed with is in no type here: the adapter sends the one in force and
//! drops the one Cal.com answers in clear, so no use case can tell it.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use serde::Serialize;

use super::scheduler::{CalAccount, SchedulerError};

/// Most subscriptions of a page at Cal.com; a shorter page is the last.
pub const PAGE: usize = 250;

/// Longest id of a subscription, in characters.
const MAX_ID: usize = 64;

/// Every word Cal.com knows for what it tells (CONTRACT 9.2).
pub const TRIGGERS: [&str; 19] = [
    "BOOKING_CREATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
    "BOOKING_NO_SHOW_UPDATED",
    "MEETING_STARTED",
    "MEETING_ENDED",
    "RECORDING_READY",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "INSTANT_MEETING",
    "FORM_SUBMITTED",
    "FORM_SUBMITTED_NO_EVENT",
    "OOO_CREATED",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "DELEGATION_CREDENTIAL_ERROR",
];

/// What changes who holds which time: all that the product needs to be told.
pub const NEEDED: [&str; 5] = [
    "BOOKING_CREATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
];

/// Cal.com's name of a subscription: up to 64 letters, digits and hyphens, so that it can stand in
/// a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SubscriptionId(String);

/// A text that names no subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the id of a webhook has up to 64 letters, digits and hyphens")]
pub struct SubscriptionIdError;

impl SubscriptionId {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SubscriptionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for SubscriptionId {
    type Err = SubscriptionIdError;

    fn from_str(text: &str) -> Result<Self, SubscriptionIdError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (1..=MAX_ID).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SubscriptionIdError)
        }
    }
}

/// Where Cal.com sends what happens on an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Name.
    pub id: SubscriptionId,
    /// Address it is sent to.
    pub url: String,
    /// Whether anything is sent.
    pub active: bool,
    /// What is told; may hold words that are not among [`TRIGGERS`].
    pub triggers: Vec<String>,
}

/// A subscription to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscription {
    /// Address.
    pub url: String,
    /// Whether anything is sent.
    pub active: bool,
    /// What is told.
    pub triggers: Vec<String>,
}

/// What becomes different; what is absent stays. The secret in force is sent anew in any case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscriptionChange {
    /// Address.
    pub url: Option<String>,
    /// Whether anything is sent.
    pub active: Option<bool>,
    /// What is told.
    pub triggers: Option<Vec<String>>,
}

/// Subscriptions at Cal.com. One attempt each, never retried where something changes.
#[async_trait]
pub trait Subscriptions: Send + Sync {
    /// A page of at most [`PAGE`] of the account's own, without the first `skip`.
    async fn subscriptions(
        &self,
        account: &CalAccount,
        skip: usize,
    ) -> Result<Vec<Subscription>, SchedulerError>;

    /// Makes one. `Duplicate` if the account has one with this address.
    async fn subscribe(
        &self,
        account: &CalAccount,
        wanted: &NewSubscription,
    ) -> Result<Subscription, SchedulerError>;

    /// Changes one. `NotFound` if the account has none with this name.
    async fn resubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
        change: &SubscriptionChange,
    ) -> Result<Subscription, SchedulerError>;

    /// Removes one. `NotFound` if the account has none with this name.
    async fn unsubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
    ) -> Result<(), SchedulerError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_would_leave_its_place_in_a_path_is_none() {
        for text in ["", "a/b", "..", "a?b", "a%2Fb", "ä", &"a".repeat(65)] {
            assert!(text.parse::<SubscriptionId>().is_err(), "{text}");
        }
        assert!("3f1c2b7e-0c54-4a5e-9a47-2d1f5f1f0a11".parse::<SubscriptionId>().is_ok());
    }
}
