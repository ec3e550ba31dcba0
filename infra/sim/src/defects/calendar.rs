//! Sabotage of what is asked of Cal.com and of what it answers.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::AppError;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, BookingStatus, CalAccount, CalUid, EventType, Failure,
    METADATA_RESERVATION, NewBooking, SchedulerError,
};
use interlock_app::ports::{Deliveries, DeliveryHint, Scheduler};
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;

use super::Defect;
use crate::context::Ctx;
use crate::hub::lock;

/// The port, spoilt if the defect is there.
pub(crate) fn wrapped(ctx: &Arc<Ctx>, honest: Arc<dyn Scheduler>) -> Arc<dyn Scheduler> {
    match ctx.hub.defect {
        Some(defect) => Arc::new(Spoilt { ctx: ctx.clone(), honest, defect }),
        None => honest,
    }
}

struct Spoilt {
    ctx: Arc<Ctx>,
    honest: Arc<dyn Scheduler>,
    defect: Defect,
}

/// A time-out taken for a connection that never stood.
fn nothing_made(error: SchedulerError) -> SchedulerError {
    if error.failure == Failure::UnknownOutcome {
        SchedulerError::of(Failure::NotConnected)
    } else {
        error
    }
}

impl Spoilt {
    /// Whether a cancel is not sent at all.
    fn swallows(&self, uid: &CalUid) -> bool {
        if self.defect == Defect::CancelSwallowed {
            return true;
        }
        if ![Defect::NoOrphanRule, Defect::NoQuietNoOrphanRule].contains(&self.defect) {
            return false;
        }
        let rows = lock(&self.ctx.hub.desk).rows(METADATA_RESERVATION);
        let mark = rows.into_iter().find(|row| row.uid == uid.0).and_then(|row| row.mark);
        let id = mark.and_then(|mark| mark.parse().ok());
        id.is_some_and(|id| lock(&self.ctx.hub.checker).has_ended(&id))
    }
}

#[async_trait]
impl Scheduler for Spoilt {
    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.honest.slots(account, event_type, range).await
    }

    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError> {
        let mut booking = booking.clone();
        if self.defect == Defect::MarkDropped {
            booking.metadata.clear();
        }
        let made = self.honest.create(account, &booking).await;
        if self.defect == Defect::TimeoutIsFailure { made.map_err(nothing_made) } else { made }
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        self.honest.booking(account, uid).await
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        let mut page = self.honest.bookings(account, filter).await?;
        if self.defect == Defect::WindowUnsearched && !filter.event_type_ids.is_empty() {
            page.clear();
        }
        if self.defect == Defect::FirstRowOnly {
            page.truncate(1);
        }
        Ok(page)
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        if self.swallows(uid) {
            let read = self.honest.booking(account, uid).await?;
            let read = read.ok_or_else(|| SchedulerError::of(Failure::NotFound))?;
            return Ok(Booking { status: BookingStatus::Cancelled, ..read });
        }
        self.honest.cancel(account, uid, reason).await
    }

    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError> {
        let moved = self.honest.reschedule(account, uid, start, reason).await;
        if self.defect == Defect::MoveTimeoutIsFailure {
            moved.map_err(nothing_made)
        } else {
            moved
        }
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.honest.event_types(account).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.honest.me(account).await
    }
}

/// Takes every delivery for genuine, if the defect is there.
pub(crate) fn trusting(ctx: &Ctx, honest: Arc<dyn Deliveries>) -> Arc<dyn Deliveries> {
    if ctx.hub.defect == Some(Defect::ForgeryTaken) { Arc::new(Trusting(honest)) } else { honest }
}

struct Trusting(Arc<dyn Deliveries>);

#[async_trait]
impl Deliveries for Trusting {
    async fn verify(&self, _body: &[u8], _signatures: &[String]) -> Result<(), AppError> {
        Ok(())
    }

    fn read(&self, body: &[u8]) -> Result<DeliveryHint, AppError> {
        self.0.read(body)
    }

    fn masked(&self, body: &[u8]) -> Option<String> {
        self.0.masked(body)
    }

    fn shown(&self, masked: &str) -> serde_json::Value {
        self.0.shown(masked)
    }
}
