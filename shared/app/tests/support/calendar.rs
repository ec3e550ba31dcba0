//! Cal.com with a clock that runs while it is listed or looked at, and with something that happens
//! then or while a booking is cancelled.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interlock_app::ports::probe::{Look, Seen, Unasked};
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, BookingStatus, CalAccount, CalUid, EventType, Failure, NewBooking,
    SchedulerError,
};
use interlock_app::ports::{Probe, Scheduler};
use interlock_policy::{EventTypeId, Interval};
use interlock_testkit::scheduler::Sight;
use interlock_testkit::{FakeScheduler, ManualClock, World};
use jiff::{SignedDuration, Timestamp};

type Happening = Box<dyn FnOnce(&FakeScheduler) + Send>;

/// The fake behind pages that take a second each.
pub(crate) struct Calendar {
    inner: Arc<FakeScheduler>,
    clock: Arc<ManualClock>,
    /// Sizes of the pages given out.
    pub(crate) pages: Mutex<Vec<usize>>,
    /// An account whose lists fail.
    pub(crate) down: Mutex<Option<CalAccount>>,
    /// What somebody does after the next page was read.
    pub(crate) next: Mutex<Option<Happening>>,
    /// What somebody does after the next cancel was let through and before it is carried out.
    pub(crate) meanwhile: Mutex<Option<Happening>>,
    /// What hangs when it is looked at; nothing can be looked at while there is none.
    pub(crate) slow: Mutex<Option<Sight>>,
}

impl Calendar {
    /// Before the world's own; the app sees it from now on.
    pub(crate) fn before(world: &mut World) -> Arc<Self> {
        let calendar = Arc::new(Self {
            inner: world.scheduler.clone(),
            clock: world.clock.clone(),
            pages: Mutex::default(),
            down: Mutex::default(),
            next: Mutex::default(),
            meanwhile: Mutex::default(),
            slow: Mutex::default(),
        });
        world.app.scheduler = calendar.clone();
        calendar
    }
}

#[async_trait]
impl Probe for Calendar {
    async fn look(&self, look: Look<'_>, patience: SignedDuration) -> Result<Seen, Unasked> {
        if *self.slow.lock().unwrap() == Some(Sight::of(look)) {
            self.clock.advance(patience);
            return Ok(Seen::Silent);
        }
        self.inner.look(look, patience).await
    }
}

#[async_trait]
impl Scheduler for Calendar {
    fn probe_port(&self) -> Option<&dyn Probe> {
        self.slow.lock().unwrap().is_some().then_some(self as &dyn Probe)
    }

    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.inner.slots(account, event_type, range).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        self.inner.create(account, booking).await
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.inner.booking(account, uid).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        self.clock.advance(SignedDuration::from_secs(1));
        if self.down.lock().unwrap().as_ref().is_some_and(|down| down.id == account.id) {
            return Err(SchedulerError::of(Failure::NotConnected));
        }
        let page = self.inner.bookings(account, filter).await?;
        self.pages.lock().unwrap().push(page.len());
        if let Some(happening) = self.next.lock().unwrap().take() {
            happening(&self.inner);
        }
        Ok(page)
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let Some(happening) = self.meanwhile.lock().unwrap().take() else {
            return self.inner.cancel(account, uid, reason).await;
        };
        happening(&self.inner);
        let booking = self.inner.booking(account, uid).await?.unwrap();
        Ok(Booking { status: BookingStatus::Cancelled, ..booking })
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.inner.reschedule(account, uid, start, reason).await
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.inner.event_types(account).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.inner.me(account).await
    }
}
