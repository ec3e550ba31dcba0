//! Subscriptions with their calls counted, like all others.

use async_trait::async_trait;

use super::Budgeted;
use crate::ports::scheduler::{CalAccount, Failure, SchedulerError};
use crate::ports::subscriptions::{
    NewSubscription, Subscription, SubscriptionChange, SubscriptionId, Subscriptions,
};

impl Budgeted {
    fn port(&self) -> Result<&dyn Subscriptions, SchedulerError> {
        let none = || SchedulerError::of(Failure::NotConnected);
        self.inner.subscriptions_port().ok_or_else(none)
    }
}

#[async_trait]
impl Subscriptions for Budgeted {
    async fn subscriptions(
        &self,
        account: &CalAccount,
        skip: usize,
    ) -> Result<Vec<Subscription>, SchedulerError> {
        self.counted(account, self.port()?.subscriptions(account, skip)).await
    }

    async fn subscribe(
        &self,
        account: &CalAccount,
        wanted: &NewSubscription,
    ) -> Result<Subscription, SchedulerError> {
        self.counted(account, self.port()?.subscribe(account, wanted)).await
    }

    async fn resubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
        change: &SubscriptionChange,
    ) -> Result<Subscription, SchedulerError> {
        self.counted(account, self.port()?.resubscribe(account, id, change)).await
    }

    async fn unsubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
    ) -> Result<(), SchedulerError> {
        self.counted(account, self.port()?.unsubscribe(account, id)).await
    }
}
