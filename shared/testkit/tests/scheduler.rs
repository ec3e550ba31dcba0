//! Cal.com in memory keeps what Cal.com promises, and nothing more.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that finds something missing has failed"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use interlock_app::ports::Scheduler;
use interlock_app::ports::scheduler::{
    Attendee, Booking, BookingFilter, BookingStatus, CalAccount, CalUid, CredentialMode, Failure,
    NewBooking, SchedulerError,
};
use interlock_policy::{EventTypeId, Interval};
use interlock_testkit::scheduler::{Call, HumanBooking, plain_event_type};
use interlock_testkit::{FakeScheduler, ManualClock};
use jiff::{SignedDuration, Timestamp};

const HOUR: EventTypeId = EventTypeId(41);
const SHORT: EventTypeId = EventTypeId(42);

struct Bench {
    clock: Arc<ManualClock>,
    calendar: FakeScheduler,
}

fn bench() -> Bench {
    let clock = Arc::new(ManualClock::default());
    let calendar = FakeScheduler::new(clock.clone());
    for name in ["cal_one", "cal_two"] {
        let id = account(name).id;
        calendar.set_event_type(&id, plain_event_type(HOUR, "Hour", 60));
        calendar.set_event_type(&id, plain_event_type(SHORT, "Short", 30));
    }
    Bench { clock, calendar }
}

fn account(id: &str) -> CalAccount {
    CalAccount {
        id: id.parse().unwrap(),
        username: "workshop".to_owned(),
        email: "workshop@example.org".to_owned(),
        mode: CredentialMode::ApiKey,
        credential_ref: "workshop".to_owned(),
    }
}

fn one() -> CalAccount {
    account("cal_one")
}

fn at(time: &str) -> Timestamp {
    format!("2026-06-02T{time}:00Z").parse().unwrap()
}

fn attendee() -> Attendee {
    Attendee {
        name: "Ada".to_owned(),
        email: "ada@example.org".to_owned(),
        time_zone: "Europe/Berlin".parse().unwrap(),
    }
}

fn new(event_type_id: EventTypeId, start: &str) -> NewBooking {
    let metadata = BTreeMap::from([("interlockReservationId".to_owned(), "rsv_1".to_owned())]);
    NewBooking { event_type_id, start: at(start), attendee: attendee(), metadata }
}

fn failure<T: std::fmt::Debug>(result: Result<T, SchedulerError>) -> Failure {
    result.unwrap_err().failure
}

async fn book(bench: &Bench, start: &str) -> Booking {
    bench.calendar.create(&one(), &new(HOUR, start)).await.unwrap()
}

#[tokio::test]
async fn a_booking_is_read_back_as_it_was_made() {
    let bench = bench();
    let made = book(&bench, "10:00").await;
    assert_eq!(made.status, BookingStatus::Accepted);
    assert_eq!(made.interval, Interval::new(at("10:00"), at("11:00")).unwrap());
    assert_eq!(made.metadata["interlockReservationId"], "rsv_1");
    let read = bench.calendar.booking(&one(), &made.uid).await.unwrap();
    assert_eq!(read, Some(made.clone()));
    let other = bench.calendar.booking(&account("cal_two"), &made.uid).await.unwrap();
    assert_eq!(other, None);
}

#[tokio::test]
async fn overlapping_times_are_refused_across_kinds_and_touching_ones_are_not() {
    let bench = bench();
    book(&bench, "10:00").await;
    for start in ["09:45", "10:00", "10:30"] {
        let refused = bench.calendar.create(&one(), &new(SHORT, start)).await;
        assert_eq!(failure(refused), Failure::SlotTaken);
    }
    for start in ["09:30", "11:00"] {
        bench.calendar.create(&one(), &new(SHORT, start)).await.unwrap();
    }
    bench.calendar.create(&account("cal_two"), &new(HOUR, "10:00")).await.unwrap();
}

#[tokio::test]
async fn under_a_race_only_equal_times_are_refused() {
    let bench = bench();
    bench.calendar.let_overlap(true);
    book(&bench, "10:00").await;
    book(&bench, "10:05").await;
    let refused = bench.calendar.create(&one(), &new(HOUR, "10:00")).await;
    assert_eq!(failure(refused), Failure::SlotTaken);
    assert_eq!(bench.calendar.live(&one()).len(), 2);
}

#[tokio::test]
async fn unknown_kinds_and_past_times_are_refused() {
    let bench = bench();
    let unknown = bench.calendar.create(&one(), &new(EventTypeId(9), "10:00")).await;
    assert_eq!(failure(unknown), Failure::MappingBroken);
    bench.clock.set(at("10:01"));
    let past = bench.calendar.create(&one(), &new(HOUR, "10:00")).await;
    assert_eq!(failure(past), Failure::OutOfBounds);
}

#[tokio::test]
async fn a_kind_that_needs_a_yes_makes_pending_bookings() {
    let bench = bench();
    let mut kind = plain_event_type(HOUR, "Hour", 60);
    kind.requires_confirmation = true;
    bench.calendar.set_event_type(&one().id, kind);
    assert_eq!(book(&bench, "10:00").await.status, BookingStatus::Pending);
}

#[tokio::test]
async fn a_move_makes_a_new_uid_and_links_both() {
    let bench = bench();
    let old = book(&bench, "10:00").await;
    bench.clock.advance(SignedDuration::from_secs(5));
    let new = bench.calendar.reschedule(&one(), &old.uid, at("10:30"), "later").await.unwrap();
    assert_ne!(new.uid, old.uid);
    assert_eq!(new.rescheduled_from.as_ref(), Some(&old.uid));
    assert_eq!((&new.ics_uid, &new.metadata), (&old.ics_uid, &old.metadata));
    let left = bench.calendar.booking(&one(), &old.uid).await.unwrap().unwrap();
    assert_eq!(left.status, BookingStatus::Cancelled);
    assert_eq!(left.rescheduled_to, Some(new.uid));
    let again = bench.calendar.reschedule(&one(), &old.uid, at("12:00"), "").await;
    assert_eq!(failure(again), Failure::AlreadyRescheduled);
    let cancel = bench.calendar.cancel(&one(), &old.uid, "").await;
    assert_eq!(failure(cancel), Failure::AlreadyCancelled);
}

#[tokio::test]
async fn a_move_onto_another_booking_is_refused_and_keeps_the_old() {
    let bench = bench();
    let first = book(&bench, "10:00").await;
    book(&bench, "11:00").await;
    let refused = bench.calendar.reschedule(&one(), &first.uid, at("10:30"), "").await;
    assert_eq!(failure(refused), Failure::SlotTaken);
    assert_eq!(bench.calendar.live(&one()).len(), 2);
}

#[tokio::test]
async fn an_ended_booking_frees_its_time_and_ends_once() {
    let bench = bench();
    let made = book(&bench, "10:00").await;
    let ended = bench.calendar.cancel(&one(), &made.uid, "ill").await.unwrap();
    assert_eq!(ended.status, BookingStatus::Cancelled);
    assert_eq!(ended.cancellation_reason.as_deref(), Some("ill"));
    let again = bench.calendar.cancel(&one(), &made.uid, "").await;
    assert_eq!(failure(again), Failure::AlreadyCancelled);
    let moved = bench.calendar.reschedule(&one(), &made.uid, at("12:00"), "").await;
    assert_eq!(failure(moved), Failure::AlreadyCancelled);
    let unknown = bench.calendar.cancel(&one(), &CalUid("none".to_owned()), "").await;
    assert_eq!(failure(unknown), Failure::NotFound);
    assert_ne!(book(&bench, "10:00").await.uid, made.uid);
}

#[tokio::test]
async fn a_kind_may_forbid_cancelling() {
    let bench = bench();
    let made = book(&bench, "10:00").await;
    let mut kind = plain_event_type(HOUR, "Hour", 60);
    kind.cancelling_disabled = true;
    bench.calendar.set_event_type(&one().id, kind);
    let refused = bench.calendar.cancel(&one(), &made.uid, "").await;
    assert_eq!(failure(refused), Failure::CancelRefused);
}

#[tokio::test]
async fn lists_filter_order_and_page() {
    let bench = bench();
    for start in ["14:00", "10:00", "12:00"] {
        book(&bench, start).await;
        bench.clock.advance(SignedDuration::from_secs(60));
    }
    bench.calendar.create(&one(), &new(SHORT, "16:00")).await.unwrap();
    let starts = async |filter: BookingFilter| -> Vec<String> {
        let filter = BookingFilter { take: filter.take.max(1), ..filter };
        let found = bench.calendar.bookings(&one(), &filter).await.unwrap();
        found.iter().map(|found| found.interval.start().strftime("%H").to_string()).collect()
    };
    let all = BookingFilter { take: 250, ..BookingFilter::default() };
    assert_eq!(starts(all.clone()).await, ["10", "12", "14", "16"]);
    assert_eq!(starts(BookingFilter { by_update: true, ..all.clone() }).await[..2], ["14", "10"]);
    assert_eq!(starts(BookingFilter { skip: 1, take: 2, ..all.clone() }).await, ["12", "14"]);
    let window = BookingFilter {
        after_start: Some(at("10:00")),
        before_end: Some(at("13:00")),
        ..all.clone()
    };
    assert_eq!(starts(window).await, ["10", "12"]);
    let kinds = BookingFilter { event_type_ids: vec![SHORT], ..all.clone() };
    assert_eq!(starts(kinds).await, ["16"]);
    let since = ManualClock::default();
    since.advance(SignedDuration::from_secs(60));
    let since = interlock_app::ports::Clock::now(&since);
    let changed = BookingFilter { after_updated: Some(since), ..all };
    assert_eq!(starts(changed).await, ["12", "16"]);
}

#[tokio::test]
async fn a_page_beyond_what_cal_com_gives_is_refused() {
    let bench = bench();
    for take in [0, 251] {
        let filter = BookingFilter { take, ..BookingFilter::default() };
        let refused = bench.calendar.bookings(&one(), &filter).await;
        assert_eq!(failure(refused), Failure::BadRequest);
    }
}

#[tokio::test]
async fn without_a_credential_nothing_is_listed() {
    let bench = bench();
    let nobody = CalAccount { mode: CredentialMode::None, ..one() };
    let filter = BookingFilter { take: 10, ..BookingFilter::default() };
    assert_eq!(failure(bench.calendar.bookings(&nobody, &filter).await), Failure::Credential);
    assert_eq!(failure(bench.calendar.me(&nobody).await), Failure::Credential);
    assert_eq!(bench.calendar.me(&one()).await.unwrap(), "workshop");
    bench.calendar.create(&nobody, &new(HOUR, "10:00")).await.unwrap();
}

#[tokio::test]
async fn offered_starts_are_free_until_something_overlaps_them() {
    let bench = bench();
    let day = Interval::new(at("09:00"), at("12:00")).unwrap();
    bench.calendar.offer_each(&one().id, HOUR, day, SignedDuration::from_mins(30));
    let free = bench.calendar.slots(&one(), HOUR, day).await.unwrap();
    assert_eq!(free.len(), 6);
    bench.calendar.create(&one(), &new(SHORT, "10:00")).await.unwrap();
    let free = bench.calendar.slots(&one(), HOUR, day).await.unwrap();
    assert_eq!(free, ["09:00", "10:30", "11:00", "11:30"].map(at));
    let unknown = bench.calendar.slots(&one(), EventTypeId(9), day).await;
    assert_eq!(failure(unknown), Failure::MappingBroken);
}

#[tokio::test]
async fn a_call_may_fail_before_or_after_its_effect() {
    let bench = bench();
    bench.calendar.fail_before(Call::Create, Failure::NotConnected);
    bench.calendar.fail_after(Call::Create, Failure::UnknownOutcome);
    let first = bench.calendar.create(&one(), &new(HOUR, "10:00")).await;
    assert_eq!(failure(first), Failure::NotConnected);
    assert!(bench.calendar.all(&one()).is_empty());
    let second = bench.calendar.create(&one(), &new(HOUR, "10:00")).await;
    assert_eq!(failure(second), Failure::UnknownOutcome);
    assert_eq!(bench.calendar.live(&one()).len(), 1);
    assert_eq!(bench.calendar.count(Call::Create), 2);
    bench.calendar.reset_counts();
    assert!(bench.calendar.calls().is_empty());
}

#[tokio::test]
async fn a_late_write_lands_when_it_is_told_to() {
    let bench = bench();
    bench.calendar.fail_late(Call::Create, Failure::UnknownOutcome);
    let late = bench.calendar.create(&one(), &new(HOUR, "10:00")).await;
    assert_eq!(failure(late), Failure::UnknownOutcome);
    assert!(bench.calendar.all(&one()).is_empty());
    assert_eq!(bench.calendar.land(), 1);
    assert_eq!(bench.calendar.live(&one()).len(), 1);
    assert_eq!(bench.calendar.land(), 0);
}

#[tokio::test]
async fn a_late_write_whose_time_is_taken_meanwhile_has_no_effect() {
    let bench = bench();
    bench.calendar.fail_late(Call::Create, Failure::UnknownOutcome);
    assert!(bench.calendar.create(&one(), &new(HOUR, "10:00")).await.is_err());
    book(&bench, "10:00").await;
    assert_eq!(bench.calendar.land(), 0);
    assert_eq!(bench.calendar.live(&one()).len(), 1);
}

#[tokio::test]
async fn a_person_acts_without_being_counted_or_disturbed() {
    let bench = bench();
    bench.calendar.fail_before(Call::Create, Failure::RateLimited);
    let booking = HumanBooking {
        event_type_id: HOUR,
        start: at("10:00"),
        attendee: attendee(),
        metadata: BTreeMap::new(),
    };
    let made = bench.calendar.ui_create(&one(), booking).unwrap();
    let moved = bench.calendar.ui_reschedule(&one(), &made.uid, at("12:00")).unwrap();
    bench.calendar.ui_cancel(&one(), &moved.uid, "by hand").unwrap();
    assert_eq!(bench.calendar.ui_cancel(&one(), &moved.uid, ""), Err(Failure::AlreadyCancelled));
    assert!(bench.calendar.calls().is_empty());
    assert_eq!(bench.calendar.all(&one()).len(), 2);
    let refused = bench.calendar.create(&one(), &new(HOUR, "10:00")).await;
    assert_eq!(failure(refused), Failure::RateLimited);
}

#[tokio::test]
async fn a_kind_taken_away_leaves_its_bookings_without_it() {
    let bench = bench();
    let made = book(&bench, "10:00").await;
    bench.calendar.remove_event_type(&one().id, HOUR);
    let read = bench.calendar.booking(&one(), &made.uid).await.unwrap().unwrap();
    assert_eq!(read.event_type_id, None);
    let kinds = bench.calendar.event_types(&one()).await.unwrap();
    assert_eq!(kinds.into_iter().map(|kind| kind.id).collect::<Vec<_>>(), [SHORT]);
}
