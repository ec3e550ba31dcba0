//! The port for subscriptions, answered by Cal.com.
//!
//! What is made or changed is signed with the newest secret from then on; without one nothing is
//! sent, because unsigned deliveries are refused.

use async_trait::async_trait;
use interlock_app::ports::scheduler::{CalAccount, Failure, SchedulerError};
use interlock_app::ports::subscriptions::{
    NewSubscription, PAGE, Subscription, SubscriptionChange, SubscriptionId, Subscriptions,
};

use crate::scheduler::{get, send, unreadable};
use crate::wire::request::{Pairs, SubscriptionBody};
use crate::{CalcomScheduler, Call, Calls, CredentialError, Operation, Reading, Secret};

const PATH: &str = "/v2/webhooks";

impl<C: Calls> CalcomScheduler<C> {
    /// The newest of the active secrets.
    async fn secret(&self) -> Result<Secret, SchedulerError> {
        let missing = || SchedulerError::of(Failure::Credential);
        let secrets = self.signing().ok_or_else(missing)?;
        match secrets.active().await {
            Ok(active) => active.newest().cloned().ok_or_else(missing),
            Err(CredentialError::Missing) => Err(missing()),
            Err(CredentialError::Unavailable(_)) => Err(SchedulerError::of(Failure::NotConnected)),
        }
    }
}

/// Subscriptions of an answer.
fn listed(reading: Reading) -> Result<Vec<Subscription>, SchedulerError> {
    match reading {
        Reading::Subscriptions(found) => Ok(found),
        Reading::Bookings(_)
        | Reading::Slots(_)
        | Reading::EventTypes(_)
        | Reading::Me(_)
        | Reading::Done => Err(unreadable()),
    }
}

/// The only one of an answer.
fn only(reading: Reading) -> Result<Subscription, SchedulerError> {
    listed(reading)?.pop().ok_or_else(unreadable)
}

#[async_trait]
impl<C: Calls> Subscriptions for CalcomScheduler<C> {
    async fn subscriptions(
        &self,
        account: &CalAccount,
        skip: usize,
    ) -> Result<Vec<Subscription>, SchedulerError> {
        let query: Pairs = vec![("skip", skip.to_string()), ("take", PAGE.to_string())];
        let call = get(Operation::Subscriptions, PATH, query);
        listed(self.calls().call(account, call).await?)
    }

    async fn subscribe(
        &self,
        account: &CalAccount,
        wanted: &NewSubscription,
    ) -> Result<Subscription, SchedulerError> {
        let secret = self.secret().await?;
        let body = SubscriptionBody::of(wanted, &secret);
        let call = send(Operation::Subscribe, PATH.to_owned(), &body)?;
        only(self.calls().call(account, call).await?)
    }

    async fn resubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
        change: &SubscriptionChange,
    ) -> Result<Subscription, SchedulerError> {
        let secret = self.secret().await?;
        let body = SubscriptionBody::changing(change, &secret);
        let call = send(Operation::Resubscribe, format!("{PATH}/{id}"), &body)?;
        let changed = only(self.calls().call(account, call).await?)?;
        if changed.id == *id { Ok(changed) } else { Err(unreadable()) }
    }

    async fn unsubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
    ) -> Result<(), SchedulerError> {
        let path = format!("{PATH}/{id}");
        let call =
            Call { operation: Operation::Unsubscribe, path, query: Pairs::new(), body: None };
        self.calls().call(account, call).await.map(|_| ())
    }
}
