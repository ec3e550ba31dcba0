//! Webhook subscriptions, with the faults ordered for them.
//!
//! A name is never given twice, and an account never has an address twice.

use async_trait::async_trait;
use interlock_app::ports::Subscriptions;
use interlock_app::ports::scheduler::{CalAccount, Failure, SchedulerError};
use interlock_app::ports::subscriptions::{
    NewSubscription, PAGE, Subscription, SubscriptionChange, SubscriptionId,
};
use interlock_policy::CalAccountId;

use super::state::State;
use super::{Call, FakeScheduler, Fault, lock};

impl FakeScheduler {
    /// Subscriptions of an account, in order of making; not counted.
    pub fn subscribed(&self, account: &CalAccount) -> Vec<Subscription> {
        lock(&self.state).subscriptions(&account.id)
    }

    /// A late change lands at once: nothing else waits for it here.
    async fn work<T>(
        &self,
        call: Call,
        work: impl FnOnce(&mut State) -> Result<T, Failure>,
    ) -> Result<T, SchedulerError> {
        self.enter(call).await;
        let failure = match self.faults.take(&call) {
            None => return work(&mut lock(&self.state)).map_err(SchedulerError::of),
            Some(Fault::Before(failure)) => failure,
            Some(Fault::After(failure) | Fault::Late(failure)) => {
                // The caller hears of the ordered failure even where the work was refused.
                let _ = work(&mut lock(&self.state));
                failure
            }
        };
        Err(SchedulerError::of(failure))
    }
}

impl State {
    fn subscriptions(&self, account: &CalAccountId) -> Vec<Subscription> {
        let own = self.subscriptions.iter().filter(|(owner, _)| owner == account);
        own.map(|(_, one)| one.clone()).collect()
    }

    fn subscribe(
        &mut self,
        account: &CalAccountId,
        wanted: &NewSubscription,
    ) -> Result<Subscription, Failure> {
        if self.subscriptions(account).iter().any(|one| one.url == wanted.url) {
            return Err(Failure::Duplicate);
        }
        self.subscribed += 1;
        let id = format!("hook-{}", self.subscribed).parse().map_err(|_| Failure::Unreadable)?;
        let NewSubscription { url, active, triggers } = wanted.clone();
        let one = Subscription { id, url, active, triggers };
        self.subscriptions.push((account.clone(), one.clone()));
        Ok(one)
    }

    fn resubscribe(
        &mut self,
        account: &CalAccountId,
        id: &SubscriptionId,
        change: &SubscriptionChange,
    ) -> Result<Subscription, Failure> {
        let mut own = self.subscriptions.iter_mut().filter(|(owner, _)| owner == account);
        let (_, one) = own.find(|(_, one)| one.id == *id).ok_or(Failure::NotFound)?;
        let SubscriptionChange { url, active, triggers } = change.clone();
        one.url = url.unwrap_or_else(|| one.url.clone());
        one.active = active.unwrap_or(one.active);
        one.triggers = triggers.unwrap_or_else(|| one.triggers.clone());
        Ok(one.clone())
    }

    fn unsubscribe(&mut self, account: &CalAccountId, id: &SubscriptionId) -> Result<(), Failure> {
        let before = self.subscriptions.len();
        self.subscriptions.retain(|(owner, one)| owner != account || one.id != *id);
        if self.subscriptions.len() < before { Ok(()) } else { Err(Failure::NotFound) }
    }
}

#[async_trait]
impl Subscriptions for FakeScheduler {
    async fn subscriptions(
        &self,
        account: &CalAccount,
        skip: usize,
    ) -> Result<Vec<Subscription>, SchedulerError> {
        let page = |state: &mut State| {
            Ok(state.subscriptions(&account.id).into_iter().skip(skip).take(PAGE).collect())
        };
        self.work(Call::Subscriptions, page).await
    }

    async fn subscribe(
        &self,
        account: &CalAccount,
        wanted: &NewSubscription,
    ) -> Result<Subscription, SchedulerError> {
        self.work(Call::Subscribe, |state| state.subscribe(&account.id, wanted)).await
    }

    async fn resubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
        change: &SubscriptionChange,
    ) -> Result<Subscription, SchedulerError> {
        self.work(Call::Resubscribe, |state| state.resubscribe(&account.id, id, change)).await
    }

    async fn unsubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
    ) -> Result<(), SchedulerError> {
        self.work(Call::Unsubscribe, |state| state.unsubscribe(&account.id, id)).await
    }
}
