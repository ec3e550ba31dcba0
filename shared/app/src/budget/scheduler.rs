//! The port with its calls counted.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;

use super::Budget;
use crate::model::CallBudget;
use crate::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, EventType, Failure, NewBooking, SchedulerError,
    Urgency,
};
use crate::ports::{Probe, Scheduler, Subscriptions};

/// Cal.com behind the shared budget.
#[derive(Clone)]
pub struct Budgeted {
    pub(super) inner: Arc<dyn Scheduler>,
    pub(super) budget: Arc<Budget>,
    pub(super) urgency: Urgency,
}

impl Budgeted {
    /// Counts every call; what says nothing else works for a person.
    pub fn new(inner: Arc<dyn Scheduler>, budget: Arc<Budget>) -> Self {
        Self { inner, budget, urgency: Urgency::User }
    }

    pub(super) async fn counted<T: Send>(
        &self,
        account: &CalAccount,
        call: impl Future<Output = Result<T, SchedulerError>> + Send,
    ) -> Result<T, SchedulerError> {
        self.budget.take(account, self.urgency).await?;
        let answer = call.await;
        if answer.as_ref().is_err_and(|error| error.failure == Failure::RateLimited) {
            self.budget.blocked(&CallBudget::tracker_of(account)).await;
        }
        answer
    }
}

#[async_trait]
impl Scheduler for Budgeted {
    fn paced(&self, urgency: Urgency) -> Option<Arc<dyn Scheduler>> {
        Some(Arc::new(Self { urgency, ..self.clone() }))
    }

    fn subscriptions_port(&self) -> Option<&dyn Subscriptions> {
        self.inner.subscriptions_port().map(|_| self as &dyn Subscriptions)
    }

    fn probe_port(&self) -> Option<&dyn Probe> {
        self.inner.probe_port().map(|_| self as &dyn Probe)
    }

    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.counted(account, self.inner.slots(account, event_type, range)).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        self.counted(account, self.inner.create(account, booking)).await
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.counted(account, self.inner.booking(account, uid)).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        self.counted(account, self.inner.bookings(account, filter)).await
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.counted(account, self.inner.cancel(account, uid, reason)).await
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.counted(account, self.inner.reschedule(account, uid, start, reason)).await
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.counted(account, self.inner.event_types(account)).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.counted(account, self.inner.me(account)).await
    }
}
