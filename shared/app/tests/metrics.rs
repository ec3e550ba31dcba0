//! What sweeps and deliveries tell the alarms; alone in its binary: subscribers are process-wide.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../testkit/lines/mod.rs"]
mod lines;
mod support;

use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::Failure;
use interlock_app::{
    BeatRequest, Lost, Received, Snapshot, give_up_delivery, receive_delivery, record_progress,
    settle_due,
};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use lines::Lines;
use support::{ask, deliver, uid};

/// How late and for how long, in seconds, as the last sweep told it.
fn last_sweep(lines: &Lines) -> (u64, u64) {
    let [late, pending] = lines.figures(["OldestDueSeconds", "OldestPendingSeconds"]);
    (*late.last().unwrap(), *pending.last().unwrap())
}

/// How many deliveries were told to have failed since this was asked last.
fn deliveries_failed(lines: &Lines) -> u64 {
    let [failed] = lines.figures(["DeliveriesFailed"]);
    failed.into_iter().sum()
}

#[tokio::test]
async fn a_sweep_tells_how_late_it_is_and_for_how_long_somebody_waits() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(last_sweep(&lines), (0, 0), "nothing is due");

    let ada = world.eligible("ada").await;
    world.scheduler.fail_before(Call::Create, Failure::UnknownOutcome);
    ask(&world, &ada, world.after(300), "k").await.unwrap();
    world.advance(100);
    world.scheduler.fail_before(Call::Bookings, Failure::NotConnected);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(last_sweep(&lines), (100, 100), "it was due at once and is pending since");

    world.advance(200);
    settle_due(&world.app, &world.job()).await.unwrap();
    let (_, pending) = last_sweep(&lines);
    assert_eq!(pending, 0, "it is settled, so nobody waits");
}

#[tokio::test]
async fn a_delivery_that_fails_is_told_unless_waiting_may_mend_it() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let body = format!(r#"{{"trigger":"BOOKING_PAID","uid":"{}"}}"#, uid(&placed.reservation).0);
    deliver(&world, &body).await;
    assert_eq!(deliveries_failed(&lines), 0, "it is applied");

    for (failure, told) in [
        (Failure::NotConnected, 0),
        (Failure::UnknownOutcome, 0),
        (Failure::BadRequest, 1),
        (Failure::Unreadable, 1),
    ] {
        world.scheduler.fail_before(Call::Booking, failure);
        let applied = deliver(&world, &body).await;
        assert!(matches!(applied.as_slice(), [Err(_)]), "{failure:?}: {applied:?}");
        assert_eq!(deliveries_failed(&lines), told, "{failure:?}");
    }
    deliver(&world, "not json").await;
    assert_eq!(deliveries_failed(&lines), 1, "nothing can be made of it");
}

#[tokio::test]
async fn a_delivery_that_ends_its_worker_is_told_and_one_that_is_not_begun_is_not() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let body = r#"{"trigger":"BOOKING_PAID","uid":"any"}"#;
    receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
    let message = world.queue.drain(QueueName::Webhook).remove(0).body;
    for (why, told) in [(Lost::Panicked, 1), (Lost::OutOfTime, 1), (Lost::NotBegun, 0)] {
        give_up_delivery(&world.app, &Received::first(&message), why).await;
        assert_eq!(deliveries_failed(&lines), told, "{why:?}");
    }
}

#[tokio::test]
async fn a_booking_that_is_made_and_one_that_is_refused_are_counted_and_a_repetition_is_not() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let (ada, eve) = (world.eligible("ada").await, world.person("eve").await);
    ask(&world, &ada, world.after(300), "k").await.unwrap();
    assert_eq!(lines.figures(["BookingsCreated"]), [[1]]);
    assert!(ask(&world, &ada, world.after(300), "k").await.unwrap().replayed);
    assert!(ask(&world, &ada, world.after(300), "other").await.is_err(), "it is taken");
    assert!(lines.figures(["BookingsCreated"])[0].is_empty());
    assert!(ask(&world, &eve, world.after(600), "k").await.is_err());
    assert_eq!(lines.figures(["BookingsRefused"]), [[1]]);
}

#[tokio::test]
async fn a_claim_of_progress_that_is_not_taken_is_counted() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let ada = world.person("ada").await;
    let claim = BeatRequest {
        module_id: "mod_of_nobody".parse().unwrap(),
        watch_id: None,
        sequence: 1,
        segments: Vec::new(),
        position: interlock_watch::Millis::default(),
        visible: true,
    };
    assert!(record_progress(&world.app, Snapshot::default(), &ada, &claim).await.is_err());
    assert_eq!(lines.figures(["ProgressRefused"]), [[1]]);
}

#[tokio::test]
async fn a_delivery_tells_how_late_it_is_and_in_which_request_its_booking_was_made() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let booking = world.scheduler.live(&world.account()).remove(0);
    let begun = &booking.metadata["interlockRequestId"];
    assert_eq!(*begun, world.act(&ada).request_id.to_string(), "as it goes to Cal.com");
    let sent_at = world.app.now();
    world.advance(7);
    let body = serde_json::json!({
        "trigger": "BOOKING_CREATED", "uid": uid(&placed.reservation).0, "sentAt": sent_at,
        "requestId": begun,
    });
    deliver(&world, &body.to_string()).await;
    let told = lines.taken();
    let line = told.iter().find(|line| line["message"] == "delivery tried").unwrap();
    assert_eq!(
        (&line["outcome"], &line["correlation_id"]),
        (&"done".into(), &begun.as_str().into())
    );
    let late: Vec<_> = told.iter().filter_map(|line| line["WebhookLagSeconds"].as_u64()).collect();
    assert_eq!(late, [7]);
    let kept: Vec<interlock_app::model::Delivery> = support::all(&world);
    assert_eq!(kept[0].correlation_id.as_ref().unwrap().as_str(), begun);
}
