//! Cal.com behind the budget of calls, as every function is composed; with what an observer of the
//! promise must know of it (promise R18).
//!
//! The budget goes by true time: with clocks minutes apart all would wait for the one that is
//! ahead, and hardly a call would be made (docs/adr/0011).

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::model::CallBudget;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, CalAccount, CalUid, EventType, Failure, NewBooking, SchedulerError,
    Urgency,
};
use interlock_app::ports::{Clock, Ids, Pause, Scheduler, Store};
use interlock_app::{Budget, Budgeted};
use interlock_policy::{EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

use crate::context::Ctx;
use crate::defects::Defect;
use crate::faults::Fault;
use crate::hub::lock;

/// The port with its calls counted.
pub(crate) fn counted(
    ctx: &Arc<Ctx>,
    calcom: Arc<dyn Scheduler>,
    (store, ids): (Arc<dyn Store>, &dyn Ids),
) -> Arc<dyn Scheduler> {
    let (clock, pause) = (Arc::new(TrueClock(ctx.clone())), Arc::new(Patience(ctx.clone())));
    let budget = Budget::new((store, clock), (ids, pause), ctx.hub.limit());
    Arc::new(Watched { ctx: ctx.clone(), inner: Arc::new(Budgeted::new(calcom, Arc::new(budget))) })
}

struct TrueClock(Arc<Ctx>);

impl Clock for TrueClock {
    fn now(&self) -> Timestamp {
        self.0.hub.now()
    }
}

struct Patience(Arc<Ctx>);

#[async_trait]
impl Pause for Patience {
    async fn pause(&self, time: SignedDuration) {
        if self.0.hub.is_scarce() {
            self.0.hub.hit(self.0.number(), Fault::BudgetScarce);
        }
        self.0.sleep(i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 4)).await;
    }
}

/// Notices a person's request that gets no call.
struct Watched {
    ctx: Arc<Ctx>,
    inner: Arc<dyn Scheduler>,
}

impl Watched {
    async fn watch<T: Send>(
        &self,
        account: &CalAccount,
        call: impl Future<Output = Result<T, SchedulerError>> + Send,
    ) -> Result<T, SchedulerError> {
        self.ctx.asks();
        let answer = call.await;
        let limited = answer.as_ref().is_err_and(|error| error.failure == Failure::RateLimited);
        if limited && let Some(since) = self.ctx.was_refused() {
            let hub = &self.ctx.hub;
            let broken = lock(&hub.calls).refused(&CallBudget::tracker_of(account), since);
            hub.judge(broken);
        }
        answer
    }
}

#[async_trait]
impl Scheduler for Watched {
    fn paced(&self, urgency: Urgency) -> Option<Arc<dyn Scheduler>> {
        self.ctx.works_for(urgency);
        let ignored = self.ctx.hub.defect == Some(Defect::LaneIgnored);
        let told = if ignored { Urgency::User } else { urgency };
        Some(Arc::new(Self { ctx: self.ctx.clone(), inner: self.inner.paced(told)? }))
    }

    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.watch(account, self.inner.slots(account, event_type, range)).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        self.watch(account, self.inner.create(account, booking)).await
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.watch(account, self.inner.booking(account, uid)).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        self.watch(account, self.inner.bookings(account, filter)).await
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.watch(account, self.inner.cancel(account, uid, reason)).await
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        self.watch(account, self.inner.reschedule(account, uid, start, reason)).await
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.watch(account, self.inner.event_types(account)).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.watch(account, self.inner.me(account)).await
    }
}
