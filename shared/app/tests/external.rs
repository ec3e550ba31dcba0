//! Bookings made inside Cal.com: matched, marked, refused, claimed later (PRODUCT D15).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/calendar.rs"]
mod calendar;
mod support;

use std::sync::Arc;

use calendar::Calendar;
use interlock_app::model::{Cause, HistoryEvent, Holder, Reservation, Status};
use interlock_app::ports::scheduler::Failure;
use interlock_app::{
    CancelRequest, ExternalPolicy, Pass, Report, Settings, cancel, reconcile, settle_due,
};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use interlock_testkit::world::HOUR;
use jiff::SignedDuration;

use support::{all, ask, books_agree, by_hand, deliver, reservation, uid};

async fn world(setting: ExternalPolicy) -> World {
    let mut world = World::new().await;
    let settings = Settings { external_on_machines: setting, ..(*world.app.settings).clone() };
    world.app.settings = Arc::new(settings);
    world
}

async fn run(world: &World, pass: Pass) -> Report {
    reconcile(&world.app, pass, &world.job()).await.unwrap()
}

fn book(world: &World, minutes: i64, email: &str) -> interlock_app::ports::scheduler::Booking {
    let booking = by_hand(world.after(minutes), email);
    world.scheduler.ui_create(&world.account(), booking).unwrap()
}

fn only(world: &World) -> Reservation {
    let mut found = all::<Reservation>(world);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[tokio::test]
async fn the_setting_says_whether_somebody_is_told_to_look() {
    for (setting, marks) in
        [(ExternalPolicy::Accept, 0), (ExternalPolicy::Flag, 1), (ExternalPolicy::Observe, 0)]
    {
        let world = world(setting).await;
        book(&world, 600, "Eve@Elsewhere.example");
        run(&world, Pass::Incremental).await;
        let found = only(&world);
        assert_eq!((found.status(), found.flags.len()), (Status::Confirmed, marks), "{setting:?}");
        assert_eq!(found.user_id(), None);
        books_agree(&world);
    }
}

#[tokio::test]
async fn one_on_time_that_its_holder_left_at_calcom_is_taken_in_at_once() {
    let world = world(ExternalPolicy::Accept).await;
    let ada = world.eligible("ada").await;
    let left = ask(&world, &ada, world.after(600), "k").await.unwrap().reservation;
    world.scheduler.ui_cancel(&world.account(), &uid(&left), "by hand").unwrap();
    let booking = book(&world, 600, "eve@elsewhere.example");
    let hint = serde_json::json!({
        "trigger": "BOOKING_CREATED", "uid": booking.uid.0, "eventTypeId": HOUR.0,
    });
    deliver(&world, &hint.to_string()).await;
    let taken = all::<Reservation>(&world).into_iter().find(|one| one.id != left.id).unwrap();
    assert_eq!(taken.status(), Status::Confirmed);
    assert_eq!(reservation(&world, &left.id).await.status(), Status::Cancelled);
    books_agree(&world);
}

#[tokio::test]
async fn one_whose_kind_was_deleted_before_its_webhook_came_is_taken_in() {
    let world = world(ExternalPolicy::Accept).await;
    let booking = book(&world, 600, "eve@elsewhere.example");
    world.scheduler.remove_event_type(&world.account().id, HOUR);
    let hint = serde_json::json!({
        "trigger": "BOOKING_CREATED", "uid": booking.uid.0, "eventTypeId": HOUR.0,
    });
    deliver(&world, &hint.to_string()).await;
    let taken = only(&world);
    assert_eq!((taken.status(), taken.event_type_id), (Status::Confirmed, HOUR));
    books_agree(&world);
}

#[tokio::test]
async fn one_of_an_address_longer_than_a_record_is_taken_in_without_it() {
    let world = world(ExternalPolicy::Accept).await;
    book(&world, 600, &format!("{}@elsewhere.example", "e".repeat(400 * 1024)));
    run(&world, Pass::Incremental).await;
    let found = only(&world);
    assert_eq!(found.status(), Status::Confirmed);
    assert!(matches!(found.holder, Holder::Unmatched { email: None }));
    books_agree(&world);
}

#[tokio::test]
async fn one_that_is_not_taken_ends_with_a_history_and_at_calcom() {
    let world = world(ExternalPolicy::Cancel).await;
    book(&world, 600, "eve@elsewhere.example");
    run(&world, Pass::Incremental).await;
    let found = only(&world);
    assert_eq!(
        (found.status(), found.state.cause()),
        (Status::Cancelled, Some(&Cause::NotAccepted))
    );
    let words: Vec<_> = all::<HistoryEvent>(&world).iter().map(|event| event.to).collect();
    assert_eq!(words, [Status::Cancelling, Status::Cancelled]);
    assert!(world.scheduler.live(&world.account()).is_empty());
    run(&world, Pass::Full).await;
    assert_eq!(all::<Reservation>(&world).len(), 1);
    books_agree(&world);
}

#[tokio::test]
async fn one_that_is_not_taken_ends_on_time_that_is_held_here_too() {
    let world = world(ExternalPolicy::Cancel).await;
    let bob = world.eligible("bob").await;
    let mine = ask(&world, &bob, world.after(600), "k").await.unwrap();
    world.scheduler.let_overlap(true);
    book(&world, 630, "eve@elsewhere.example");
    run(&world, Pass::Incremental).await;
    let found = all::<Reservation>(&world);
    let ended = found.iter().find(|found| found.id != mine.reservation.id).unwrap();
    assert_eq!(ended.state.cause(), Some(&Cause::NotAccepted));
    assert_eq!(world.scheduler.live(&world.account()).len(), 1, "the member's own stands");
    books_agree(&world);
}

#[tokio::test]
async fn a_refusal_that_calcom_did_not_hear_is_said_again() {
    let world = world(ExternalPolicy::Cancel).await;
    book(&world, 600, "eve@elsewhere.example");
    world.scheduler.fail_before(Call::Cancel, Failure::NotConnected);
    run(&world, Pass::Incremental).await;
    assert_eq!(only(&world).status(), Status::Cancelling);
    world.advance(60);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(only(&world).status(), Status::Cancelled);
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn whoever_has_an_account_later_is_given_what_was_booked_for_his_address() {
    let world = world(ExternalPolicy::Flag).await;
    book(&world, 600, "Ada@Test.example");
    run(&world, Pass::Incremental).await;
    assert_eq!(only(&world).user_id(), None);
    run(&world, Pass::Full).await;
    assert_eq!(only(&world).user_id(), None, "nobody has the address yet");
    let ada = world.eligible("ada").await;
    run(&world, Pass::Full).await;
    assert_eq!(only(&world).user_id(), Some(&ada));
    books_agree(&world);
    let other = ask(&world, &ada, world.after(600) + SignedDuration::from_mins(30), "k").await;
    assert!(other.is_err(), "his time counts as his");
    let events = all::<HistoryEvent>(&world).len();
    run(&world, Pass::Full).await;
    assert_eq!(all::<HistoryEvent>(&world).len(), events, "claimed once");
}

#[tokio::test]
async fn a_booking_moved_from_one_we_know_is_the_same_reservation() {
    let world = world(ExternalPolicy::Accept).await;
    let made = book(&world, 600, "eve@elsewhere.example");
    run(&world, Pass::Incremental).await;
    let id = only(&world).id;
    let start = world.after(900);
    let moved = world.scheduler.ui_reschedule(&world.account(), &made.uid, start).unwrap();
    // A delivery that does not say from where it was moved.
    let body = format!(
        r#"{{"trigger":"BOOKING_CREATED","uid":"{}","eventTypeId":{}}}"#,
        moved.uid.0, HOUR
    );
    deliver(&world, &body).await;
    assert_eq!(only(&world).id, id);
    assert_eq!(reservation(&world, &id).await.interval.start(), start);
    books_agree(&world);
}

#[tokio::test]
async fn what_is_moved_inside_cal_com_while_its_holder_cancels_it_does_not_stay_there() {
    let mut world = world(ExternalPolicy::Accept).await;
    let ada = world.eligible("ada").await;
    let email = world.account_of(&ada).unwrap().email;
    let booking = book(&world, 600, &email);
    run(&world, Pass::Incremental).await;
    let calendar = Calendar::before(&mut world);
    let (account, elsewhere) = (world.account(), world.after(900));
    *calendar.meanwhile.lock().unwrap() = Some(Box::new(move |inner| {
        inner.ui_reschedule(&account, &booking.uid, elsewhere).unwrap();
    }));
    let request = CancelRequest {
        reservation_id: only(&world).id,
        reason: "plans changed".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    cancel(&world.app, &ada, &request).await.unwrap();
    run(&world, Pass::Full).await;
    assert_eq!(only(&world).status(), Status::Cancelled);
    assert!(world.scheduler.live(&world.account()).is_empty());
    books_agree(&world);
}
