//! A dry run says what the worker would do, and leaves table, Cal.com and queue as they were.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::Arc;

use interlock_app::model::{Delivery, Reservation};
use interlock_app::ports::scheduler::Failure;
use interlock_app::{
    AppError, ExternalPolicy, Settings, Simulation, simulate_delivery, simulate_kept,
};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use serde_json::{Value, json};
use support::{all, ask, by_hand, deliver, reservation, uid};

/// Runs dry and proves that nothing changed.
async fn simulated(world: &World, body: &str) -> Result<Simulation, AppError> {
    let (table, bookings) = (world.store.dump(), world.scheduler.live(&world.account()));
    let simulation = simulate_delivery(&world.app, body.as_bytes(), &world.job()).await;
    assert_eq!(world.store.dump(), table);
    assert_eq!(world.scheduler.live(&world.account()), bookings);
    assert!(world.queue.sent().is_empty());
    let writes = [Call::Create, Call::Cancel, Call::Reschedule];
    let made = world.scheduler.calls().iter().filter(|call| writes.contains(call)).count();
    assert!(made <= all::<Reservation>(world).len(), "only the reservation itself was made");
    simulation
}

async fn told(world: &World, body: &str) -> Value {
    serde_json::to_value(simulated(world, body).await.unwrap()).unwrap()
}

fn of(trigger: &str, uid: &str) -> String {
    json!({ "trigger": trigger, "uid": uid, "eventTypeId": 101 }).to_string()
}

#[tokio::test]
async fn an_end_inside_calcom_would_end_the_reservation_and_then_does() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap().reservation;
    world.scheduler.ui_cancel(&world.account(), &uid(&placed), "x").unwrap();
    let body = of("BOOKING_CANCELLED", &uid(&placed).0);
    let told = told(&world, &body).await;
    assert_eq!((&told["outcome"], &told["step"]), (&json!("applied"), &json!("end")));
    assert_eq!(told["reservationId"], placed.id.as_str());
    assert_eq!(told["bookings"][0]["status"], "cancelled");
    let change = &told["changes"][0];
    assert_eq!(change["before"], "confirmed");
    assert_eq!((&change["after"], &change["cause"]), (&json!("cancelled"), &json!("external")));
    assert!(!told.to_string().contains(&uid(&placed).0), "{told}");
    deliver(&world, &body).await;
    let ended = reservation(&world, &placed.id).await;
    assert_eq!(change["after"], json!(ended.status()));
    let kept = all::<Delivery>(&world).remove(0);
    let again = simulate_kept(&world.app, &kept.hash, &world.job()).await.unwrap();
    assert!(again.changes.is_empty(), "it is done already: {again:?}");
}

#[tokio::test]
async fn a_move_inside_calcom_would_be_followed_where_the_time_is_free() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap().reservation;
    let start = world.after(600);
    let new = world.scheduler.ui_reschedule(&world.account(), &uid(&placed), start).unwrap();
    let body = json!({"trigger": "BOOKING_RESCHEDULED", "uid": new.uid.0,
        "movedFrom": uid(&placed).0});
    let told = told(&world, &body.to_string()).await;
    assert_eq!((&told["outcome"], &told["step"]), (&json!("applied"), &json!("relocate")));
    assert_eq!(told["changes"][0]["start"], start.to_string());
    assert_eq!(told["calls"], json!([]));
}

#[tokio::test]
async fn a_move_onto_time_that_is_taken_would_ask_calcom_to_move_it_back() {
    let world = World::new().await;
    world.scheduler.let_overlap(true);
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap().reservation;
    let start = world.after(600);
    ask(&world, &ada, start, "other").await.unwrap();
    let half = jiff::SignedDuration::from_mins(30);
    let new = world.scheduler.ui_reschedule(&world.account(), &uid(&placed), start + half);
    let body = json!({"trigger": "BOOKING_RESCHEDULED", "uid": new.unwrap().uid.0,
        "movedFrom": uid(&placed).0});
    let told = told(&world, &body.to_string()).await;
    assert_eq!(told["outcome"], "applied");
    assert_eq!(told["reason"], "asks_cal_com_to_move_it_back");
    assert_eq!((&told["calls"], &told["changes"]), (&json!(["reschedule"]), &json!([])));
}

#[tokio::test]
async fn an_end_that_is_not_so_yet_would_wait() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap().reservation;
    let told = told(&world, &of("BOOKING_CANCELLED", &uid(&placed).0)).await;
    assert_eq!(told["outcome"], "waiting");
    assert_eq!((&told["step"], &told["changes"]), (&json!("rest"), &json!([])));
}

#[tokio::test]
async fn an_external_booking_is_judged_by_the_setting_without_touching_it() {
    for (setting, outcome, reason, calls, after) in [
        (ExternalPolicy::Flag, "applied", "external_taken_in", json!([]), "confirmed"),
        (ExternalPolicy::Cancel, "ignored", "external_cancelled", json!(["cancel"]), "cancelled"),
    ] {
        let mut world = World::new().await;
        let settings =
            Settings { external_on_machines: setting, ..world.app.settings.as_ref().clone() };
        world.app.settings = Arc::new(settings);
        let booking = by_hand(world.after(300), "cy@test.example");
        let booking = world.scheduler.ui_create(&world.account(), booking).unwrap();
        let told = told(&world, &of("BOOKING_CREATED", &booking.uid.0)).await;
        assert_eq!((&told["outcome"], &told["reason"]), (&json!(outcome), &json!(reason)));
        assert_eq!(told["calls"], calls);
        let changes = told["changes"].as_array().unwrap();
        assert_eq!((changes.len(), &changes[0]["after"]), (1, &json!(after)));
    }
}

#[tokio::test]
async fn an_external_booking_on_time_held_here_is_told_as_a_conflict() {
    let world = World::new().await;
    world.scheduler.let_overlap(true);
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(300), "k").await.unwrap();
    let booking = by_hand(world.after(330), "cy@test.example");
    let booking = world.scheduler.ui_create(&world.account(), booking).unwrap();
    let told = told(&world, &of("BOOKING_CREATED", &booking.uid.0)).await;
    assert_eq!(told["reason"], "external_conflict");
    assert_eq!(told["changes"], json!([]));
}

#[tokio::test]
async fn what_the_worker_would_leave_alone_is_told_with_its_reason() {
    let world = World::new().await;
    let foreign = json!({"trigger": "BOOKING_CREATED", "uid": "x", "deployment": "other"});
    for (body, outcome, reason) in [
        ("not json".to_owned(), "quarantined", "malformed"),
        (json!({"trigger": "PING"}).to_string(), "ignored", "ping"),
        (json!({"trigger": "FORM_SUBMITTED"}).to_string(), "ignored", "no_booking_concerned"),
        (foreign.to_string(), "ignored", "foreign_deployment"),
        (json!({"trigger": "BOOKING_PAID"}).to_string(), "ignored", "no_booking_named"),
        (
            json!({"trigger": "BOOKING_CREATED", "uid": "x", "eventTypeId": 999}).to_string(),
            "quarantined",
            "event_type_unknown",
        ),
    ] {
        let told = told(&world, &body).await;
        assert_eq!((&told["outcome"], &told["reason"]), (&json!(outcome), &json!(reason)));
    }
}

#[tokio::test]
async fn without_calcom_there_is_no_plan() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap().reservation;
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    let answer = simulated(&world, &of("BOOKING_CREATED", &uid(&placed).0)).await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })), "{answer:?}");
}
