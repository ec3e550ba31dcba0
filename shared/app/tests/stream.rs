//! A full pass over more bookings than anybody wants in memory.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use interlock_app::ports::Scheduler;
use interlock_app::ports::scheduler::{
    Booking, BookingFilter, BookingStatus, CalAccount, CalUid, EventType, Failure, NewBooking,
    SchedulerError,
};
use interlock_app::{Pass, reconcile};
use interlock_policy::{EventTypeId, Interval};
use interlock_testkit::World;
use interlock_testkit::scheduler::plain_event_type;
use interlock_testkit::world::{HALF_HOUR, HOUR};
use jiff::{SignedDuration, Timestamp};

const MINUTES_APART: i64 = 5;

/// So many ended bookings, five minutes apart, each made up when its page is asked for.
struct Many {
    from: Timestamp,
    count: i64,
    pages: AtomicUsize,
    largest: AtomicUsize,
}

impl Many {
    fn booking(&self, number: i64) -> Booking {
        let start = self.from + SignedDuration::from_mins(MINUTES_APART * number);
        Booking {
            uid: CalUid(format!("many{number:016}")),
            status: BookingStatus::Cancelled,
            interval: Interval::lasting(start, SignedDuration::from_mins(5)).unwrap(),
            event_type_id: Some(HOUR),
            rescheduled_to: None,
            rescheduled_from: None,
            title: String::new(),
            attendee_email: None,
            attendee_name: None,
            metadata: BTreeMap::new(),
            ics_uid: None,
            cancellation_reason: None,
            updated_at: None,
        }
    }
}

fn unasked<T>() -> Result<T, SchedulerError> {
    Err(SchedulerError::of(Failure::BadRequest))
}

#[async_trait]
impl Scheduler for Many {
    async fn bookings(
        &self,
        _: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        let after = filter.after_start.unwrap().duration_since(self.from).as_secs();
        let first = (after + MINUTES_APART * 60 - 1).div_euclid(MINUTES_APART * 60).max(0);
        let first = first + i64::from(filter.skip);
        let last = (first + i64::from(filter.take)).min(self.count);
        let page: Vec<Booking> = (first..last).map(|number| self.booking(number)).collect();
        self.pages.fetch_add(1, Ordering::Relaxed);
        self.largest.fetch_max(page.len(), Ordering::Relaxed);
        Ok(page)
    }

    async fn event_types(&self, _: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        Ok(vec![plain_event_type(HOUR, "Laser", 60), plain_event_type(HALF_HOUR, "Laser", 30)])
    }

    async fn slots(
        &self,
        _: &CalAccount,
        _: EventTypeId,
        _: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        unasked()
    }

    async fn create(&self, _: &CalAccount, _: &NewBooking) -> Result<Booking, SchedulerError> {
        unasked()
    }

    async fn booking(&self, _: &CalAccount, _: &CalUid) -> Result<Option<Booking>, SchedulerError> {
        unasked()
    }

    async fn cancel(&self, _: &CalAccount, _: &CalUid, _: &str) -> Result<Booking, SchedulerError> {
        unasked()
    }

    async fn reschedule(
        &self,
        _: &CalAccount,
        _: &CalUid,
        _: Timestamp,
        _: &str,
    ) -> Result<Booking, SchedulerError> {
        unasked()
    }

    async fn me(&self, _: &CalAccount) -> Result<String, SchedulerError> {
        unasked()
    }
}

#[tokio::test]
async fn a_hundred_thousand_bookings_pass_by_one_page_at_a_time() {
    let mut world = World::unlisted().await;
    let many = Arc::new(Many {
        from: world.clock_now(),
        count: 100_000,
        pages: AtomicUsize::new(0),
        largest: AtomicUsize::new(0),
    });
    world.app.scheduler = many.clone();
    let report = reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert_eq!((report.checked, report.findings.len()), (100_000, 0));
    assert_eq!(many.largest.load(Ordering::Relaxed), 250, "what is held at once");
    // Pages overlap by the bookings of one instant.
    assert!(many.pages.load(Ordering::Relaxed) <= 100_000 / 249 + 2);
}
