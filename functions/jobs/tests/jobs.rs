//! Work without a caller: what a message or an event leads to, and what is answered.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interlock_app::model::{Reservation, Status};
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::{Chore, ChoreError, Chores, QueueName};
use interlock_app::{Received, Snapshot, receive_delivery, reserve};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use jobs::{audit_seal, calcom_cron, outbox_calcom, reconcile, webhook_worker};
use serde_json::{Value, json};

async fn booked(world: &World) -> Reservation {
    let ada = world.eligible("ada").await;
    let wish = world.wish(&ada, world.after(300), "k");
    reserve(&world.app, Snapshot::default(), &ada, &wish).await.unwrap().reservation
}

async fn present(world: &World, reservation: &Reservation) -> Status {
    let key = Reservation::key_of(&reservation.id);
    let snapshot =
        Snapshot::read(world.app.store.as_ref(), std::slice::from_ref(&key)).await.unwrap();
    snapshot.get::<Reservation>(&key).unwrap().unwrap().value.status()
}

#[tokio::test]
async fn a_nudge_settles_the_reservation_it_names() {
    let world = World::new().await;
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let reservation = booked(&world).await;
    assert_eq!(reservation.status(), Status::Pending);
    let nudge = json!({ "reservationId": reservation.id }).to_string();
    outbox_calcom::handle_nudge(world.app.clone(), world.job(), nudge).await.unwrap();
    assert_eq!(present(&world, &reservation).await, Status::Confirmed);
}

#[tokio::test]
async fn a_nudge_that_cannot_be_read_or_names_nothing_is_dropped() {
    let world = World::new().await;
    let unknown = r#"{"reservationId":"rsv_none"}"#;
    for message in ["", "{}", r#"{"reservationId":"usr_ada"}"#, unknown] {
        outbox_calcom::handle_nudge(world.app.clone(), world.job(), message.to_owned())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn the_sweep_tells_what_was_due_done_and_put_off() {
    let world = World::new().await;
    let sweep = async || {
        outbox_calcom::handle_sweep(world.app.clone(), world.job(), Value::Null).await.unwrap()
    };
    assert_eq!(sweep().await, json!({"due": 0, "done": 0, "failed": 0}));
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    booked(&world).await;
    world.advance(1);
    world.scheduler.fail_before(Call::Bookings, Failure::NotConnected);
    assert_eq!(sweep().await, json!({"due": 1, "done": 0, "failed": 1}));
    assert_eq!(sweep().await, json!({"due": 0, "done": 0, "failed": 0}), "it is put off");
    world.advance(60);
    assert_eq!(sweep().await, json!({"due": 1, "done": 1, "failed": 0}));
}

#[tokio::test]
async fn a_delivery_is_applied_and_a_failed_one_comes_back() {
    let world = World::new().await;
    let reservation = booked(&world).await;
    let uid = reservation.state.cal_uid().unwrap().clone();
    world.scheduler.ui_cancel(&world.account(), &uid, "x").unwrap();
    let body = json!({"trigger": "BOOKING_CANCELLED", "uid": uid.0}).to_string();
    receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
    let message = world.queue.drain(QueueName::Webhook).remove(0).body;
    world.scheduler.fail_before(Call::Booking, Failure::NotConnected);
    let work = async |body: &str| {
        webhook_worker::handle(world.app.clone(), world.job(), Received::first(body)).await
    };
    assert!(work(&message).await.is_err());
    work(&message).await.unwrap();
    assert_eq!(present(&world, &reservation).await, Status::Cancelled);
    work("nonsense").await.unwrap();
}

#[tokio::test]
async fn reconciliation_repairs_a_lost_delivery_in_either_mode() {
    for event in [Value::Null, json!({}), json!({"mode": "incremental"}), json!({"mode": "full"})] {
        let world = World::new().await;
        let reservation = booked(&world).await;
        let uid = reservation.state.cal_uid().unwrap().clone();
        world.scheduler.ui_cancel(&world.account(), &uid, "x").unwrap();
        let report = reconcile::handle(world.app.clone(), world.job(), event).await.unwrap();
        assert_eq!(report["repaired"], 1, "{report}");
        assert_eq!(report["findings"][0]["class"], "cancelled_at_calcom");
        assert_eq!(present(&world, &reservation).await, Status::Cancelled);
    }
    let world = World::new().await;
    let odd = json!({"mode": "everything"});
    let odd = reconcile::handle(world.app.clone(), world.job(), odd).await;
    assert!(odd.is_err());
}

#[tokio::test]
async fn the_audit_is_sealed_and_verified_in_either_mode() {
    let world = World::new().await;
    booked(&world).await;
    world.advance(600);
    let run = async |event: Value| audit_seal::handle(world.app.clone(), world.job(), event).await;
    let sealed = run(Value::Null).await.unwrap();
    assert!(sealed["seals"].as_u64() >= Some(1), "{sealed}");
    assert!(sealed["entries"].as_u64() >= Some(1), "{sealed}");
    let again = run(json!({ "mode": "seal" })).await.unwrap();
    assert_eq!((&again["seals"], &again["root"]), (&json!(0), &sealed["root"]));
    let verified = run(json!({ "mode": "verify" })).await.unwrap();
    assert_eq!((&verified["intact"], &verified["root"]), (&json!(true), &sealed["root"]));
    assert!(run(json!({ "mode": "mend" })).await.is_err());
}

/// A Cal.com whose schedules note that they were called, and of which some fail.
#[derive(Default)]
struct Called {
    chores: Mutex<Vec<Chore>>,
    failing: Option<(Chore, ChoreError)>,
}

#[async_trait]
impl Chores for Called {
    async fn call(&self, chore: Chore) -> Result<(), ChoreError> {
        self.chores.lock().unwrap().push(chore);
        match self.failing {
            Some((failing, error)) if failing == chore => Err(error),
            Some(_) | None => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_schedule_calls_the_one_chore_it_names() {
    for chore in Chore::ALL {
        let called = Arc::new(Called::default());
        let event = json!({ "call": chore.name() });
        let report = calcom_cron::handle(called.clone(), event).await.unwrap();
        assert_eq!(report, json!({"done": [chore.name()], "leftOut": [], "failed": []}));
        assert_eq!(*called.chores.lock().unwrap(), [chore]);
    }
}

#[tokio::test]
async fn a_call_by_hand_does_everything_that_needs_no_linked_calendar() {
    let called = Arc::new(Called::default());
    calcom_cron::handle(called.clone(), json!({})).await.unwrap();
    let mut chores = called.chores.lock().unwrap().clone();
    chores.sort();
    assert_eq!(chores, [Chore::Meetings, Chore::Tasks, Chore::TasksCleanup, Chore::TimeZones]);
}

#[tokio::test]
async fn a_chore_that_fails_fails_the_run_and_keeps_no_other_from_being_called() {
    for error in [ChoreError::Refused, ChoreError::Unknown, ChoreError::Failed(500)] {
        let failing = Some((Chore::Meetings, error));
        let called = Arc::new(Called { failing, ..Called::default() });
        assert!(calcom_cron::handle(called.clone(), json!({})).await.is_err());
        assert_eq!(called.chores.lock().unwrap().len(), 4);
    }
}

#[tokio::test]
async fn without_a_web_app_a_chore_is_left_out_and_no_failure() {
    let failing = Some((Chore::Tasks, ChoreError::Unaddressed));
    let called = Arc::new(Called { failing, ..Called::default() });
    let report = calcom_cron::handle(called, json!({"call": "tasks"})).await.unwrap();
    assert_eq!(report, json!({"done": [], "leftOut": ["tasks"], "failed": []}));
}

#[tokio::test]
async fn a_chore_that_nobody_knows_is_refused_before_anything_is_called() {
    for event in [json!({"call": "reminders"}), json!({"call": 1})] {
        let called = Arc::new(Called::default());
        assert!(calcom_cron::handle(called.clone(), event).await.is_err());
        assert!(called.chores.lock().unwrap().is_empty());
    }
}
