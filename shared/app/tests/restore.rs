//! The table goes back to an earlier instant and Cal.com does not: one full run makes both whole
//! again (promise R19).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/restored.rs"]
mod restored;
mod support;

use interlock_app::model::{Account, Cause, FindingClass, Holder, Origin, Reservation, State};
use interlock_app::ports::scheduler::{METADATA_DEPLOYMENT, METADATA_RESERVATION};
use interlock_app::{
    CancelRequest, Pass, Report, RescheduleRequest, cancel, reconcile, reschedule,
};
use interlock_policy::{AccountStatus, ReservationId, UserId};
use interlock_testkit::World;
use jiff::Timestamp;
use restored::restored;
use support::{all, ask, books_agree, by_hand, deliver, read, reservation};

async fn full(world: &World) -> Report {
    reconcile(&world.app, Pass::Full, &world.job()).await.unwrap()
}

/// One full run, after which the next finds nothing.
async fn made_whole(world: &World) -> Vec<(FindingClass, String)> {
    let report = full(world).await;
    books_agree(world);
    let again = full(world).await;
    assert_eq!(again.repaired, 0, "{again:?}");
    report.findings.into_iter().map(|finding| (finding.class, finding.action)).collect()
}

async fn booked(world: &World, user: &UserId, start: Timestamp, key: &str) -> ReservationId {
    let placed = ask(world, user, start, key).await.unwrap();
    assert_eq!(placed.status, 201);
    placed.reservation.id
}

async fn moved(world: &World, user: &UserId, id: &ReservationId, start: Timestamp) {
    let request = RescheduleRequest {
        reservation_id: id.clone(),
        start,
        reason: None,
        staff: false,
        idempotency: None,
        act: world.act(user),
    };
    let placed = reschedule(&world.app, user, &request).await.unwrap();
    assert_eq!((placed.status, placed.reservation.interval.start()), (200, start));
}

async fn given_back(world: &World, user: &UserId, id: &ReservationId) {
    let request = CancelRequest {
        reservation_id: id.clone(),
        reason: "plans changed".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(user),
    };
    let placed = cancel(&world.app, user, &request).await.unwrap();
    assert!(placed.reservation.state.is_final(), "{:?}", placed.reservation.state);
}

async fn with_status(world: &World, user: &UserId, status: AccountStatus) {
    let account = read::<Account>(world, Account::key_of(user)).await.unwrap();
    world.put(&Account { status, ..account }).await;
}

#[tokio::test]
async fn a_reservation_the_table_forgot_is_taken_back_for_its_person() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let before = world.store.dump();
    let start = world.after(600);
    let id = booked(&world, &ada, start, "k").await;
    let known = reservation(&world, &id).await;

    let world = restored(&world, &before);
    assert_eq!(made_whole(&world).await, [(FindingClass::Forgotten, "taken_back".to_owned())]);
    let back = reservation(&world, &id).await;
    assert_eq!((&back.state, &back.holder), (&known.state, &known.holder));
    assert_eq!((back.origin, back.interval), (Origin::Interlock, known.interval));
    assert!(ask(&world, &ada, start, "again").await.is_err(), "its time is held again");
    given_back(&world, &ada, &id).await;
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn a_delivery_brings_a_forgotten_reservation_back_as_well() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let before = world.store.dump();
    let id = booked(&world, &ada, world.after(600), "k").await;
    let booking = world.scheduler.live(&world.account()).remove(0);

    let world = restored(&world, &before);
    let body = serde_json::json!({
        "trigger": "BOOKING_CREATED", "uid": booking.uid.0, "reservationId": id,
        "eventTypeId": booking.event_type_id,
    });
    deliver(&world, &body.to_string()).await;
    assert!(matches!(reservation(&world, &id).await.state, State::Confirmed { .. }));
    books_agree(&world);
}

#[tokio::test]
async fn a_forgotten_reservation_of_nobody_we_know_is_kept_for_its_address() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let email = read::<Account>(&world, Account::key_of(&ada)).await.unwrap().email;
    let id = booked(&world, &ada, world.after(600), "k").await;

    // Before she had an account.
    let world = restored(&world, &World::new().await.store.dump());
    made_whole(&world).await;
    let holder = Holder::Unmatched { email: Some(email.to_lowercase()) };
    assert_eq!(reservation(&world, &id).await.holder, holder);
}

#[tokio::test]
async fn a_forgotten_reservation_of_somebody_banned_ends_with_that_cause() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let active = world.store.dump();
    let id = booked(&world, &ada, world.after(600), "k").await;

    let world = restored(&world, &active);
    with_status(&world, &ada, AccountStatus::Banned).await;
    made_whole(&world).await;
    let ended = State::Cancelled { cause: Cause::Eligibility };
    assert_eq!(reservation(&world, &id).await.state, ended);
    assert!(world.scheduler.live(&world.account()).is_empty());
}

#[tokio::test]
async fn a_forgotten_reservation_on_time_that_is_held_is_told_of_and_stands() {
    let world = World::new().await;
    let (ada, start) = (world.eligible("ada").await, world.after(600));
    let held = booked(&world, &ada, start, "k").await;
    let before = world.store.dump();
    world.scheduler.let_overlap(true);
    let mut twin = by_hand(start + jiff::SignedDuration::from_mins(30), "ada@test.example");
    twin.metadata.insert(METADATA_RESERVATION.to_owned(), "rsv_forgotten".to_owned());
    twin.metadata.insert(METADATA_DEPLOYMENT.to_owned(), "test".to_owned());
    world.scheduler.ui_create(&world.account(), twin).unwrap();

    let world = restored(&world, &before);
    let found = made_whole(&world).await;
    assert_eq!(found, [(FindingClass::Conflict, "none".to_owned())]);
    assert_eq!(world.scheduler.live(&world.account()).len(), 2, "nothing is cancelled on doubt");
    assert!(matches!(reservation(&world, &held).await.state, State::Confirmed { .. }));
}

#[tokio::test]
async fn what_was_given_back_after_the_instant_ends_and_its_time_goes_to_who_took_it() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let start = world.after(600);
    let first = booked(&world, &ada, start, "k").await;
    let before = world.store.dump();
    given_back(&world, &ada, &first).await;
    let second = booked(&world, &bob, start, "k").await;

    let world = restored(&world, &before);
    made_whole(&world).await;
    let ended = State::Cancelled { cause: Cause::External };
    assert_eq!(reservation(&world, &first).await.state, ended);
    let back = reservation(&world, &second).await;
    assert!(matches!(back.state, State::Confirmed { .. }), "{:?}", back.state);
    assert_eq!(back.user_id(), Some(&bob));
}

#[tokio::test]
async fn what_moved_onto_time_another_had_left_is_followed_and_not_sent_back() {
    let world = World::new().await;
    let (ada, bob) = (world.eligible("ada").await, world.eligible("bob").await);
    let (early, late, free) = (world.after(600), world.after(720), world.after(900));
    let first = booked(&world, &ada, early, "k").await;
    let second = booked(&world, &bob, late, "k").await;
    let before = world.store.dump();
    moved(&world, &bob, &second, free).await;
    moved(&world, &ada, &first, late).await;

    let world = restored(&world, &before);
    made_whole(&world).await;
    assert_eq!(reservation(&world, &first).await.interval.start(), late);
    assert_eq!(reservation(&world, &second).await.interval.start(), free);
    assert_eq!(all::<Reservation>(&world).len(), 2);
}
