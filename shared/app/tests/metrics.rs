//! What a sweep tells the alarms; alone in its binary, because subscribers are process-wide.

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

use interlock_app::ports::scheduler::Failure;
use interlock_app::settle_due;
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use serde_json::Value;
use support::ask;

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
}

#[tokio::test]
async fn a_sweep_tells_how_late_it_is_and_for_how_long_somebody_waits() {
    let lines = Lines::default();
    let sink = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || sink.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
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
