//! What sweeps and deliveries tell the alarms; alone in its binary: subscribers are process-wide.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::Failure;
use interlock_app::{Lost, Received, give_up_delivery, receive_delivery, settle_due};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use serde_json::Value;
use support::{ask, deliver, uid};
use tracing::subscriber::DefaultGuard;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// How late and for how long, in seconds, as the last sweep told it.
    fn last_sweep(&self) -> (u64, u64) {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let told = lines.rfind(|line| !line["OldestDueSeconds"].is_null()).unwrap();
        let seconds = |name: &str| told[name].as_u64().unwrap();
        (seconds("OldestDueSeconds"), seconds("OldestPendingSeconds"))
    }

    /// How many deliveries were told to have failed since this was asked last.
    fn deliveries_failed(&self) -> u64 {
        let text = String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter_map(|line| line["DeliveriesFailed"].as_u64()).sum()
    }

    /// Takes what is told from now on.
    fn listen(&self) -> DefaultGuard {
        let sink = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(move || sink.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

#[tokio::test]
async fn a_sweep_tells_how_late_it_is_and_for_how_long_somebody_waits() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new().await;
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(lines.last_sweep(), (0, 0), "nothing is due");

    let ada = world.eligible("ada").await;
    world.scheduler.fail_before(Call::Create, Failure::UnknownOutcome);
    ask(&world, &ada, world.after(300), "k").await.unwrap();
    world.advance(100);
    world.scheduler.fail_before(Call::Bookings, Failure::NotConnected);
    settle_due(&world.app, &world.job()).await.unwrap();
    assert_eq!(lines.last_sweep(), (100, 100), "it was due at once and is pending since");

    world.advance(200);
    settle_due(&world.app, &world.job()).await.unwrap();
    let (_, pending) = lines.last_sweep();
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
    assert_eq!(lines.deliveries_failed(), 0, "it is applied");

    for (failure, told) in [
        (Failure::NotConnected, 0),
        (Failure::UnknownOutcome, 0),
        (Failure::BadRequest, 1),
        (Failure::Unreadable, 1),
    ] {
        world.scheduler.fail_before(Call::Booking, failure);
        let applied = deliver(&world, &body).await;
        assert!(matches!(applied.as_slice(), [Err(_)]), "{failure:?}: {applied:?}");
        assert_eq!(lines.deliveries_failed(), told, "{failure:?}");
    }
    deliver(&world, "not json").await;
    assert_eq!(lines.deliveries_failed(), 1, "nothing can be made of it");
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
        assert_eq!(lines.deliveries_failed(), told, "{why:?}");
    }
}
