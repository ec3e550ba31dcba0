//! Queues that feed functions: windows, failures, redelivery, draining.
//! Fake functions stand behind the Runtime API.

#[cfg(test)]
mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use interlock_local::pump::{DrainReport, Pump};
use interlock_local::queue::{NewMessage, QueueService, QueueSettings, QueueStore};
use interlock_local::template::QueueEvent;
use serde_json::{Value, json};
use support::{Act, FakeLauncher, RuntimeRig, eventually};

const LONG: Duration = Duration::from_secs(20);

struct Rig {
    queues: QueueService,
    pump: Pump,
    batches: Arc<Mutex<Vec<Vec<String>>>>,
    _runtime: RuntimeRig,
}

/// What the function does with the bodies and the ids of a batch.
type Behaviour = fn(&[String], &[String]) -> Act;

/// `act` gets the bodies and the message ids of a batch.
#[cfg(test)]
async fn rig(window_seconds: u64, act: Behaviour) -> Rig {
    let batches = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&batches);
    let launcher = FakeLauncher::new(move |_, event: Value| {
        let records = event["Records"].as_array().unwrap();
        let field = |name: &str| -> Vec<String> {
            records.iter().map(|record| record[name].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(records[0]["eventSource"], "aws:sqs");
        let bodies = field("body");
        seen.lock().unwrap().push(bodies.clone());
        act(&bodies, &field("messageId"))
    });
    let runtime = RuntimeRig::new(&["worker"], LONG, launcher).await;
    let queues = QueueService::new(QueueStore::in_memory().unwrap());
    let settings = QueueSettings { visibility_seconds: 2, ..QueueSettings::default() };
    queues.store().put_queue("work", &settings, 0).unwrap();
    let event = QueueEvent {
        queue: "work".to_owned(),
        batch_size: 10,
        window_seconds,
        maximum_concurrency: 5,
        reports_item_failures: true,
    };
    let invoker = Arc::new(runtime.manager.clone());
    let pump = Pump::new("worker", event, queues.clone(), invoker);
    Rig { queues, pump, batches, _runtime: runtime }
}

#[cfg(test)]
impl Rig {
    fn send(&self, bodies: &[&str]) {
        for body in bodies {
            self.queues.send("work", &NewMessage::text(*body)).unwrap();
        }
    }

    fn left(&self) -> u64 {
        let depth = self.queues.store().depth("work", 0).unwrap();
        depth.visible + depth.in_flight + depth.delayed
    }

    fn delivered(&self) -> Vec<Vec<String>> {
        self.batches.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn messages_of_one_window_come_as_one_batch_and_are_deleted() {
    let rig = rig(1, |_, _| Act::Answer(json!({"batchItemFailures": []}))).await;
    let _running = rig.pump.start();
    rig.send(&["a", "b"]);
    tokio::time::sleep(Duration::from_millis(200)).await;
    rig.send(&["c"]);
    eventually("the queue is empty", || async { rig.left() == 0 }).await;
    assert_eq!(rig.delivered(), [["a", "b", "c"]]);
}

#[tokio::test]
async fn a_batch_is_at_most_ten_messages() {
    let rig = rig(0, |_, _| Act::Answer(Value::Null)).await;
    rig.send(&["x"; 23]);
    let report = rig.pump.drain().await.unwrap();
    assert_eq!(report, DrainReport { batches: 3, received: 23, failed: 0 });
    assert!(rig.delivered().iter().all(|batch| batch.len() <= 10));
}

#[tokio::test]
async fn only_the_named_message_comes_again() {
    let rig = rig(0, |bodies, ids| {
        let bad = bodies.iter().zip(ids).find(|(body, _)| *body == "bad");
        let failures: Vec<Value> =
            bad.iter().map(|(_, id)| json!({"itemIdentifier": id})).collect();
        Act::Answer(json!({"batchItemFailures": failures}))
    })
    .await;
    rig.send(&["good", "bad"]);
    let report = rig.pump.drain().await.unwrap();
    assert_eq!((report.received, report.failed, rig.left()), (2, 1, 1));
    tokio::time::sleep(Duration::from_millis(2100)).await;
    rig.pump.drain().await.unwrap();
    assert_eq!(rig.delivered()[1], ["bad"]);
}

#[tokio::test]
async fn an_error_or_an_unknown_id_leaves_the_whole_batch() {
    let acts: [Behaviour; 3] = [
        |_, _| Act::Fail("broken"),
        |_, _| Act::Crash,
        |_, _| Act::Answer(json!({"batchItemFailures": [{"itemIdentifier": "other"}]})),
    ];
    for act in acts {
        let rig = rig(0, act).await;
        rig.send(&["a", "b"]);
        let report = rig.pump.drain().await.unwrap();
        assert_eq!((report.failed, rig.left()), (2, 2));
    }
}

#[tokio::test]
async fn draining_ends_the_window_of_a_batch_that_is_being_collected() {
    let rig = rig(30, |_, _| Act::Answer(Value::Null)).await;
    let _running = rig.pump.start();
    rig.send(&["a"]);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let start = Instant::now();
    rig.pump.drain().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(rig.left(), 0);
}

#[tokio::test]
async fn one_poison_message_delays_no_other_and_is_set_aside_after_exactly_six_receives() {
    let rig = rig(0, |bodies, ids| {
        let bad = bodies.iter().zip(ids).filter(|(body, _)| *body == "poison");
        let failures: Vec<Value> = bad.map(|(_, id)| json!({"itemIdentifier": id})).collect();
        Act::Answer(json!({"batchItemFailures": failures}))
    })
    .await;
    rig.queues.store().put_queue("dead", &QueueSettings::default(), 0).unwrap();
    let settings = QueueSettings {
        visibility_seconds: 0,
        redrive: Some(("dead".to_owned(), 6)),
        ..QueueSettings::default()
    };
    rig.queues.store().put_queue("work", &settings, 0).unwrap();
    let good = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    rig.send(&good[..4]);
    rig.send(&["poison"]);
    rig.send(&good[4..]);
    rig.pump.drain().await.unwrap();
    let delivered = rig.delivered();
    assert_eq!(delivered[0].len(), 10, "all ten came at once, and nine were done");
    assert_eq!(&delivered[1..], vec![vec!["poison".to_owned()]; 5].as_slice());
    assert_eq!(rig.left(), 0);
    let dead = rig.queues.receive("dead", 10, Some(0), Duration::ZERO).await.unwrap();
    assert_eq!((dead.len(), dead[0].body.as_str()), (1, "poison"));

    // Its cause is repaired, and it is moved back.
    rig.queues.store().start_move("dead", None, 4_000_000_000_000).unwrap();
    assert_eq!(rig.left(), 1);
}
