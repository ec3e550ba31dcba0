//! Cal.com's client, made at its first call.
//!
//! A function that never calls Cal.com neither needs its address nor pays for a client.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, EventType, Failure, NewBooking, SchedulerError,
};
use interlock_app::ports::subscriptions::{
    NewSubscription, Subscription, SubscriptionChange, SubscriptionId,
};
use interlock_app::ports::{Probe, Scheduler, Subscriptions};
use interlock_calcom::webhook::WebhookSecrets;
use interlock_calcom::{CalcomClient, CalcomConfig, Credentials};
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;

/// Cal.com, once it is needed.
pub(crate) struct LazyScheduler {
    url: Option<String>,
    credentials: Arc<dyn Credentials>,
    signing: Arc<dyn WebhookSecrets>,
    client: OnceLock<CalcomClient>,
}

impl LazyScheduler {
    pub(crate) fn new(
        url: Option<String>,
        credentials: Arc<dyn Credentials>,
        signing: Arc<dyn WebhookSecrets>,
    ) -> Self {
        Self { url, credentials, signing, client: OnceLock::new() }
    }

    /// The client; without a usable address nothing is ever sent.
    fn client(&self) -> Result<&CalcomClient, SchedulerError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let config = self.url.as_deref().and_then(|url| CalcomConfig::new(url).ok());
        let Some(config) = config else {
            tracing::error!("the address of cal.com is missing or not usable");
            return Err(SchedulerError::of(Failure::NotConnected));
        };
        let made = || {
            CalcomClient::new(config, self.credentials.clone()).signing_with(self.signing.clone())
        };
        Ok(self.client.get_or_init(made))
    }
}

#[async_trait]
impl Scheduler for LazyScheduler {
    fn subscriptions_port(&self) -> Option<&dyn Subscriptions> {
        Some(self)
    }

    fn probe_port(&self) -> Option<&dyn Probe> {
        self.url.as_ref()?;
        self.client().ok()?.probe_port()
    }

    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.client()?.slots(account, event_type, range).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        self.client()?.create(account, booking).await
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.client()?.booking(account, uid).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        self.client()?.bookings(account, filter).await
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.client()?.cancel(account, uid, reason).await
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.client()?.reschedule(account, uid, start, reason).await
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.client()?.event_types(account).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.client()?.me(account).await
    }
}

#[async_trait]
impl Subscriptions for LazyScheduler {
    async fn subscriptions(
        &self,
        account: &CalAccount,
        skip: usize,
    ) -> Result<Vec<Subscription>, SchedulerError> {
        self.client()?.subscriptions(account, skip).await
    }

    async fn subscribe(
        &self,
        account: &CalAccount,
        wanted: &NewSubscription,
    ) -> Result<Subscription, SchedulerError> {
        self.client()?.subscribe(account, wanted).await
    }

    async fn resubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
        change: &SubscriptionChange,
    ) -> Result<Subscription, SchedulerError> {
        self.client()?.resubscribe(account, id, change).await
    }

    async fn unsubscribe(
        &self,
        account: &CalAccount,
        id: &SubscriptionId,
    ) -> Result<(), SchedulerError> {
        self.client()?.unsubscribe(account, id).await
    }
}
