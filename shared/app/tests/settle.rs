//! What Cal.com says later: webhooks, looks and runs of reconciliation, each bringing to rest.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Cause, FindingClass, FollowUp, Reservation, State, Status};
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::store::Transaction;
use interlock_app::{
    AppError, Pass, apply_delivery, receive_delivery, reconcile, settle_due, sync,
};
use interlock_testkit::World;
use interlock_testkit::scheduler::{Call, plain_event_type};
use interlock_testkit::world::HOUR;
use jiff::SignedDuration;

use support::{all, ask, books_agree, by_hand, deliver, reservation, uid};

#[tokio::test]
async fn a_cancel_inside_calcom_arrives_by_webhook() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let uid = uid(&placed.reservation);
    world.scheduler.ui_cancel(&world.account(), &uid, "machine down").unwrap();
    let body = format!(r#"{{"trigger":"BOOKING_CANCELLED","uid":"{}"}}"#, uid.0);
    deliver(&world, &body).await;
    let ended = reservation(&world, &placed.reservation.id).await;
    assert_eq!(
        (ended.status(), ended.state.cause().unwrap().word()),
        (Status::Cancelled, "external")
    );
    books_agree(&world);
}

#[tokio::test]
async fn a_cancel_announced_before_it_is_so_comes_back_after_1_2_and_5_seconds() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let uid = uid(&placed.reservation);
    let body = format!(r#"{{"trigger":"BOOKING_CANCELLED","uid":"{}"}}"#, uid.0);
    receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
    let mut delays = Vec::new();
    loop {
        let messages = world.queue.drain(QueueName::Webhook);
        let Some(message) = messages.first() else { break };
        delays.push(message.delay.as_secs());
        if delays.len() == 3 {
            world.scheduler.ui_cancel(&world.account(), &uid, "late").unwrap();
        }
        apply_delivery(&world.app, &message.body, &world.job()).await.unwrap();
    }
    assert_eq!(delays, [0, 1, 2]);
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Cancelled);
}

#[tokio::test]
async fn a_forged_delivery_reaches_neither_queue_nor_table() {
    let world = World::new().await;
    let before = world.store.dump();
    let answer = receive_delivery(&world.app, b"{}", &["forged".to_owned()]).await;
    assert!(matches!(answer, Err(AppError::SignatureInvalid)));
    assert!(world.queue.sent().is_empty());
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn a_lost_webhook_is_repaired_by_one_run() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let cancelled = ask(&world, &ada, world.after(300), "a").await.unwrap();
    let moved = ask(&world, &ada, world.after(600), "b").await.unwrap();
    let account = world.account();
    world.scheduler.ui_cancel(&account, &uid(&cancelled.reservation), "x").unwrap();
    let new = world.after(900);
    world.scheduler.ui_reschedule(&account, &uid(&moved.reservation), new).unwrap();
    let report = reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    assert_eq!(report.repaired, 2, "{report:?}");
    assert_eq!(reservation(&world, &cancelled.reservation.id).await.status(), Status::Cancelled);
    let moved = reservation(&world, &moved.reservation.id).await;
    assert_eq!((moved.status(), moved.interval.start()), (Status::Confirmed, new));
    let again = reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    assert_eq!(again.repaired, 0, "{again:?}");
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_made_inside_calcom_holds_its_time_here() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let start = world.after(300);
    let booking = by_hand(start, "ada@test.example");
    world.scheduler.ui_create(&world.account(), booking).unwrap();
    let report = reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    assert_eq!(report.findings.len(), 1);
    assert!(matches!(ask(&world, &bob, start, "k").await, Err(AppError::SlotTaken { .. })));
    let id = report.findings.first().unwrap().reservation_id.clone().unwrap();
    assert_eq!(reservation(&world, &id).await.user_id(), Some(&ada));
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_moved_inside_calcom_onto_taken_time_is_moved_back() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let (mine, theirs) = (world.after(300), world.after(600));
    let placed = ask(&world, &ada, mine, "k").await.unwrap();
    ask(&world, &bob, theirs, "k").await.unwrap();
    world.scheduler.let_overlap(true);
    let half_past = theirs + SignedDuration::from_mins(30);
    world.scheduler.ui_reschedule(&world.account(), &uid(&placed.reservation), half_past).unwrap();
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let back = reservation(&world, &placed.reservation.id).await;
    assert_eq!((back.status(), back.interval.start()), (Status::Confirmed, mine));
    books_agree(&world);
}

#[tokio::test]
async fn one_that_a_longer_kind_keeps_from_going_back_ends_after_one_try() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let (mine, theirs) = (world.after(300), world.after(360));
    let placed = ask(&world, &ada, mine, "k").await.unwrap();
    ask(&world, &bob, theirs, "k").await.unwrap();
    world.scheduler.let_overlap(true);
    world.scheduler.set_event_type(&world.account().id, plain_event_type(HOUR, "Longer", 90));
    let half_past = mine + SignedDuration::from_mins(30);
    world.scheduler.ui_reschedule(&world.account(), &uid(&placed.reservation), half_past).unwrap();
    let settled = sync(&world.app, &placed.reservation.id, &[], &world.job()).await.unwrap();
    let cause = settled.reservation.state.cause().map(Cause::word);
    assert_eq!((settled.reservation.status(), cause), (Status::Cancelled, Some("conflict")));
    let moves = world.scheduler.calls().into_iter().filter(|call| *call == Call::Reschedule);
    assert_eq!(moves.count(), 1);
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_that_was_moved_twenty_times_between_two_looks_is_followed() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let mut last = uid(&placed.reservation);
    for hours in 1..=20 {
        let start = world.after(300 + 60 * hours);
        last = world.scheduler.ui_reschedule(&world.account(), &last, start).unwrap().uid;
    }
    let settled = sync(&world.app, &placed.reservation.id, &[], &world.job()).await.unwrap();
    assert_eq!(settled.reservation.state, State::Confirmed { cal_uid: last });
    books_agree(&world);
}

#[tokio::test]
async fn a_reservation_whose_time_has_passed_is_completed() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(120), "k").await.unwrap();
    world.advance(4 * 3600);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(reservation(&world, &placed.reservation.id).await.status(), Status::Completed);
}

#[tokio::test]
async fn a_look_that_comes_to_rest_never_puts_off_a_cancel_that_came_first() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let id = placed.reservation.id.clone();
    let before = reservation(&world, &id).await;
    let cause = Cause::Holder { reason: "plans changed".to_owned() };
    let cal_uid = Some(uid(&before));
    let state = State::Cancelling { cal_uid, target: None, attempt: None, cause };
    let cancelling = Reservation { state, ..before };
    // Due now, so that the look has to put it off.
    let due = FollowUp { reservation_id: id.clone(), due_at: world.clock_now(), attempts: 0 };
    world.put(&due).await;
    let slipped = Transaction::new().replace(&cancelling, 2).unwrap();
    world.store.slip_in(slipped);
    sync(&world.app, &id, &[], &world.job()).await.unwrap();
    assert_eq!(reservation(&world, &id).await.status(), Status::Cancelled);
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn an_external_booking_moved_onto_taken_time_is_never_touched() {
    let world = World::new().await;
    let bob = world.eligible("bob").await;
    let (mine, theirs) = (world.after(300), world.after(600));
    let booking = by_hand(mine, "eve@elsewhere.example");
    let made = world.scheduler.ui_create(&world.account(), booking).unwrap();
    let report = reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let id = report.findings.first().unwrap().reservation_id.clone().unwrap();
    ask(&world, &bob, theirs, "k").await.unwrap();
    world.scheduler.let_overlap(true);
    let half_past = theirs + SignedDuration::from_mins(30);
    world.scheduler.ui_reschedule(&world.account(), &made.uid, half_past).unwrap();
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let ended = reservation(&world, &id).await;
    assert_eq!(
        (ended.status(), ended.state.cause().unwrap().word()),
        (Status::Cancelled, "conflict")
    );
    for _ in 0..3 {
        world.advance(600);
        settle_due(&world.app, &world.job()).await.unwrap();
        reconcile(&world.app, Pass::Full, &world.job()).await.unwrap();
    }
    assert_eq!(world.scheduler.live(&world.account()).len(), 2, "the booking still stands");
    books_agree(&world);
}

#[tokio::test]
async fn a_booking_that_cannot_be_settled_holds_up_no_other_and_is_looked_at_again() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let one = ask(&world, &ada, world.after(300), "a").await.unwrap();
    let two = ask(&world, &ada, world.after(600), "b").await.unwrap();
    for placed in [&one, &two] {
        world.scheduler.ui_cancel(&world.account(), &uid(&placed.reservation), "x").unwrap();
    }
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    assert!(reconcile(&world.app, Pass::Incremental, &world.job()).await.is_err());
    let mut ended = 0;
    for placed in [&one, &two] {
        let status = reservation(&world, &placed.reservation.id).await.status();
        ended += usize::from(status == Status::Cancelled);
    }
    assert_eq!(ended, 1, "the other one was repaired all the same");
    let report = reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    assert_eq!(report.repaired, 1, "{report:?}");
}

#[tokio::test]
async fn a_booking_moved_after_its_kind_became_half_a_year_long_ends_and_nothing_fails() {
    let world = World::new().await;
    let (account, ada) = (world.account(), world.eligible("ada").await);
    let booking = by_hand(world.after(300), "eve@elsewhere.example");
    let theirs = world.scheduler.ui_create(&account, booking).unwrap().uid;
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let ours = uid(&ask(&world, &ada, world.after(600), "k").await.unwrap().reservation);
    world.scheduler.set_event_type(&account.id, plain_event_type(HOUR, "Laser", 60 * 24 * 180));
    world.scheduler.let_overlap(true);
    for (moved, start) in [(&theirs, 400), (&ours, 700)] {
        world.scheduler.ui_reschedule(&account, moved, world.after(start)).unwrap();
    }
    for _ in 0..2 {
        reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
        world.advance(600);
        settle_due(&world.app, &world.job()).await.unwrap();
    }
    for ended in all::<Reservation>(&world) {
        let cause = ended.state.cause().unwrap().word();
        assert_eq!((ended.status(), cause), (Status::Cancelled, "conflict"), "{ended:?}");
    }
    assert_eq!(world.scheduler.live(&account).len(), 1, "the external one still stands");
    books_agree(&world);
}

#[tokio::test]
async fn an_external_booking_of_half_a_year_is_left_to_a_person() {
    let world = World::new().await;
    let account = world.account();
    let long = plain_event_type(HOUR, "Laser", 60 * 24 * 180);
    world.scheduler.set_event_type(&account.id, long);
    let booking = by_hand(world.after(300), "eve@elsewhere.example");
    world.scheduler.ui_create(&account, booking).unwrap();
    let report = reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let classes: Vec<_> = report.findings.iter().map(|finding| finding.class).collect();
    assert_eq!(classes, [FindingClass::Conflict]);
    assert!(world.store.of_kind("reservation").is_empty());
}
