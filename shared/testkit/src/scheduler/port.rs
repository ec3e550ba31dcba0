//! The port, answered from the state, with the faults ordered for it.
//!
//! A call is counted whether or not it fails.

use async_trait::async_trait;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, CredentialMode, EventType, Failure, NewBooking,
    SchedulerError,
};
use interlock_app::ports::{Probe, Scheduler, Subscriptions};
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;

use super::{Call, FakeScheduler, Fault, Write, lock};

/// Most bookings a page may hold.
const MAX_TAKE: u32 = 250;

impl FakeScheduler {
    async fn ask<T>(
        &self,
        call: Call,
        answer: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, SchedulerError> {
        self.enter(call).await;
        match self.faults.take(&call) {
            None => answer().map_err(SchedulerError::of),
            Some(Fault::Before(failure) | Fault::After(failure) | Fault::Late(failure)) => {
                Err(SchedulerError::of(failure))
            }
        }
    }

    async fn change(&self, call: Call, write: Write) -> Result<Booking, SchedulerError> {
        self.enter(call).await;
        let fault = self.faults.take(&call);
        let now = self.clock.now();
        let failure = match fault {
            None => return lock(&self.state).apply(&write, now).map_err(SchedulerError::of),
            Some(Fault::Before(failure)) => failure,
            Some(Fault::After(failure)) => {
                // The caller hears of the ordered failure even where the work itself was refused.
                let _ = lock(&self.state).apply(&write, now);
                failure
            }
            Some(Fault::Late(failure)) => {
                lock(&self.late).push(write);
                failure
            }
        };
        Err(SchedulerError::of(failure))
    }

    pub(super) async fn enter(&self, call: Call) {
        lock(&self.calls).push(call);
        tokio::task::yield_now().await;
    }
}

#[async_trait]
impl Scheduler for FakeScheduler {
    fn subscriptions_port(&self) -> Option<&dyn Subscriptions> {
        Some(self)
    }

    fn probe_port(&self) -> Option<&dyn Probe> {
        Some(self)
    }

    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.ask(Call::Slots, || lock(&self.state).slots(&account.id, event_type, range)).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        self.change(Call::Create, Write::Create(account.id.clone(), booking.clone())).await
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.ask(Call::Booking, || Ok(lock(&self.state).booking(&account.id, uid))).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        let list = || match account.mode {
            CredentialMode::None => Err(Failure::Credential),
            _ if !(1..=MAX_TAKE).contains(&filter.take) => Err(Failure::BadRequest),
            CredentialMode::ApiKey | CredentialMode::PlatformClient | CredentialMode::Bearer => {
                Ok(lock(&self.state).list(&account.id, filter))
            }
        };
        self.ask(Call::Bookings, list).await
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let write = Write::Cancel(account.id.clone(), uid.clone(), reason.to_owned());
        self.change(Call::Cancel, write).await
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        _reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let write = Write::Reschedule(account.id.clone(), uid.clone(), start);
        self.change(Call::Reschedule, write).await
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.ask(Call::EventTypes, || Ok(lock(&self.state).event_types(&account.id))).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        let me = || match account.mode {
            CredentialMode::None => Err(Failure::Credential),
            CredentialMode::ApiKey | CredentialMode::PlatformClient | CredentialMode::Bearer => {
                Ok(account.username.clone())
            }
        };
        self.ask(Call::Me, me).await
    }
}
