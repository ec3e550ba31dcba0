//! Answers of Cal.com as nobody has seen them: read by the client, and met by whoever asks Cal.com
//! through it.
//!
//! What a use case makes of them is its own; it ends, it says nothing of them, and once Cal.com
//! tells the truth again, so does everything here.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::{CalAccount, Failure, SchedulerError};
use interlock_app::{App, AppError, Pass, apply_delivery, receive_delivery, reconcile, settle_due};
use interlock_calcom::{CalcomScheduler, Call, Calls, Operation, Reading, read};
use interlock_http::cause;
use interlock_testkit::{ManualClock, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::oracle::{Promised, sent};
use super::{Door, Tally, doors, ours, samples};
use crate::cast::Cast;
use crate::chance::bend::Bender;
use crate::chance::dice::Dice;
use crate::chance::odd::MARK;
use crate::chance::pace::spent;
use crate::chance::{one_of, pace};
use crate::recorded::operation;

/// What the client asks.
const OPERATIONS: [Operation; 14] = [
    Operation::Slots,
    Operation::Create,
    Operation::Read,
    Operation::List,
    Operation::Cancel,
    Operation::Reschedule,
    Operation::EventTypes,
    Operation::Me,
    Operation::Subscriptions,
    Operation::Subscribe,
    Operation::Resubscribe,
    Operation::Unsubscribe,
    Operation::Health,
    Operation::Other,
];

/// Statuses as servers, proxies and nobody send them.
const STATUSES: [u16; 24] = [
    100, 199, 201, 202, 204, 206, 299, 301, 304, 400, 401, 403, 404, 408, 409, 413, 418, 422, 429,
    500, 502, 503, 504, 599,
];

/// What asks Cal.com while it serves a call.
const ASKING: [&str; 8] = [
    "reservations.create",
    "reservations.create",
    "reservations.cancel",
    "reservations.reschedule",
    "machines.availability",
    "machines.create",
    "calcom.webhooks-list",
    "calcom.webhooks-create",
];

/// An answer that was recorded.
#[derive(Clone)]
struct Recorded {
    operation: Operation,
    status: u16,
    body: Value,
}

/// The answers of the samples, about what is in the workshop; and those of the same kind that no
/// sample has.
fn recorded(cast: &Cast) -> Vec<Recorded> {
    let mut all = Vec::new();
    for file in samples() {
        let file = ours(cast, &file);
        let (request, response) = (&file["request"], &file["response"]);
        let (Some(status), Some(path)) = (response["status"].as_u64(), request["path"].as_str())
        else {
            continue;
        };
        let operation = operation(request["method"].as_str().unwrap(), path);
        let status = u16::try_from(status).unwrap();
        all.push(Recorded { operation, status, body: response["body"].clone() });
    }
    let hook = json!({"id": "3f1c2b7e-0c54-4a5e-9a47-2d1f5f1f0a11", "active": true,
        "subscriberUrl": "https://hooks.test/in", "triggers": ["BOOKING_CREATED"],
        "payloadTemplate": null, "version": "2021-10-20"});
    for (operation, data) in
        [(Operation::Subscriptions, json!([hook])), (Operation::Subscribe, hook.clone())]
    {
        let body = json!({"status": "success", "data": data});
        all.push(Recorded { operation, status: 200, body });
    }
    assert!(all.len() >= 15, "{}", all.len());
    all
}

/// Makes an answer of one that was recorded, mostly for what was asked.
fn bent(
    dice: &mut Dice,
    asked: Operation,
    (bender, recorded): (&Bender, &[Recorded]),
) -> (u16, Vec<u8>) {
    let fitting: Vec<&Recorded> = recorded.iter().filter(|one| one.operation == asked).collect();
    let any = fitting.is_empty() || dice.one_in(5);
    let from = if any { one_of(dice, recorded) } else { one_of(dice, &fitting) };
    let (mut status, mut body) = (from.status, from.body.clone());
    if dice.one_in(6) {
        status = dice.pick(&STATUSES);
    }
    for _ in 0..dice.between(0, 4) {
        bender.bend(dice, &mut body);
    }
    (status, bender.bytes(dice, &body))
}

/// Whether a list was read and is empty; a booking that is left out would count as gone.
fn says_none(reading: &Reading) -> bool {
    match reading {
        Reading::Slots(starts) => starts.is_empty(),
        Reading::Bookings(bookings) => bookings.is_empty(),
        Reading::EventTypes(kinds) => kinds.is_empty(),
        Reading::Subscriptions(found) => found.is_empty(),
        Reading::Me(_) | Reading::Done => false,
    }
}

/// An answer without what is beside its data, which may be nested deeper than a value can be.
#[derive(Default, Deserialize)]
struct Bare {
    data: Value,
}

/// Whether an answer really lists nothing, not even by days.
fn has_none(body: &[u8]) -> bool {
    let answer: Bare = serde_json::from_slice(body).unwrap_or_default();
    match &answer.data {
        Value::Array(items) => items.is_empty(),
        Value::Object(days) => days.values().all(|day| day.as_array().is_some_and(Vec::is_empty)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[test]
fn no_answer_of_calcom_is_more_than_unreadable() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let cast = runtime.block_on(Cast::new());
    let recorded = recorded(&cast);
    let mut bender = Bender::default();
    for one in &recorded {
        bender.learn(&one.body);
    }
    let mut tally = Tally::default();
    runtime.block_on(pace::play("Cal.com answers", 2000, async |round| {
        let mut dice = Dice::new(round);
        let asked = dice.pick(&OPERATIONS);
        let (status, body) = bent(&mut dice, asked, (&bender, &recorded));
        let began = spent();
        let told = read(asked, status, &body);
        let took = spent().saturating_sub(began);
        let shown = String::from_utf8_lossy(&body);
        let fine = (200..300).contains(&status);
        assert!(fine || told.is_err(), "{asked:?} {status} {shown}: {told:?}");
        let unread = !matches!(told, Err(failure) if failure != Failure::Unreadable);
        assert!(!fine || unread, "{asked:?} {status} {shown}: {told:?}");
        let none = told.as_ref().is_ok_and(says_none);
        assert!(!none || has_none(&body), "{asked:?} {status} {shown}: {told:?}");
        tally.count(if told.is_ok() { 200 } else { 400 });
        took
    }));
    tally.tell("Cal.com answers");
}

/// A Cal.com that answers anything; each of its answers takes a second, so that no page after page
/// without end holds a run.
struct Mad {
    dice: Mutex<Dice>,
    recorded: Arc<(Bender, Vec<Recorded>)>,
    clock: Arc<ManualClock>,
    given: Arc<AtomicU32>,
}

impl fmt::Debug for Mad {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Mad")
    }
}

#[async_trait]
impl Calls for Mad {
    async fn call(&self, _account: &CalAccount, call: Call) -> Result<Reading, SchedulerError> {
        self.given.fetch_add(1, Ordering::Relaxed);
        self.clock.advance(Duration::from_secs(1).try_into().unwrap());
        let (bender, recorded) = self.recorded.as_ref();
        let (status, body) =
            bent(&mut self.dice.lock().unwrap(), call.operation, (bender, recorded));
        read(call.operation, status, &body).map_err(|failure| SchedulerError {
            status: Some(status),
            ..SchedulerError::of(failure)
        })
    }
}

/// A run that nobody waits for; its error is for the log, and says nothing of an answer.
async fn worked(world: &World, dice: &mut Dice, uid: &str) {
    let app: &App = &world.app;
    let outcome: Result<(), AppError> = match dice.between(0, 4) {
        0 => reconcile(app, Pass::Incremental, &world.job()).await.map(drop),
        1 => reconcile(app, Pass::Full, &world.job()).await.map(drop),
        2 => settle_due(app, &world.job()).await.map(drop),
        _ => {
            let body = json!({"trigger": "BOOKING_CANCELLED", "uid": uid, "eventTypeId": 101});
            let signed = ["signed".to_owned()];
            receive_delivery(app, body.to_string().as_bytes(), &signed).await.unwrap();
            let message = world.queue.drain(QueueName::Webhook).remove(0);
            apply_delivery(app, &message.body, &world.job()).await.map(drop)
        }
    };
    if let Err(error) = outcome {
        let told = cause(&error);
        assert!(!told.to_lowercase().contains(MARK), "{told}");
        assert!(!matches!(error, AppError::Internal { .. }), "{told}");
    }
}

#[tokio::test]
async fn no_answer_of_calcom_makes_a_use_case_fail_or_leaves_a_trace_for_good() {
    let cast = Cast::new().await;
    let promised = Promised::read().while_calcom_is_mad();
    let mut tally = Tally::default();
    let mut doors = doors(&cast).await;
    doors.retain(|door| ASKING.contains(&door.route.name));
    let door = |name: &str| doors.iter().find(|door| door.route.name == name).unwrap();
    let recorded = recorded(&cast);
    let mut bender = Bender::default();
    for one in &recorded {
        bender.learn(&one.body);
    }
    let booking = cast.world().scheduler.live(&cast.world().account()).remove(0);
    bender.learn(&json!([booking.uid.0, booking.interval, 101, 102, "test"]));
    let recorded = Arc::new((bender, recorded));
    pace::play("Cal.com answers met", 200, async |round| {
        let mut dice = Dice::new(round);
        let mut world = cast.world().fork();
        let honest = world.app.scheduler.clone();
        let (dice_of_calcom, recorded) = (Dice::new(dice.throw()), recorded.clone());
        let (dice_of_calcom, clock) = (Mutex::new(dice_of_calcom), world.clock.clone());
        let given = Arc::new(AtomicU32::new(0));
        let mad = Mad { dice: dice_of_calcom, recorded, clock, given: given.clone() };
        world.app.scheduler = Arc::new(CalcomScheduler::over(mad));
        let mut took = Duration::ZERO;
        if dice.one_in(2) {
            let door: &Door = door(dice.pick(&ASKING));
            let cookie = if door.route.name.starts_with("reserv") { "owner" } else { "admin" };
            let raw = door.raw.clone().header("cookie", cast.cookie(cookie).unwrap());
            let (answer, spent) = sent(&world, door, raw, &promised).await;
            tally.count(answer.status);
            took = spent;
        }
        let began = spent();
        worked(&world, &mut dice, &booking.uid.0).await;
        took += spent().saturating_sub(began);
        world.app.scheduler = honest;
        world.advance(3600);
        let repaired = reconcile(&world.app, Pass::Full, &world.job()).await;
        assert!(repaired.is_ok(), "{repaired:?}");
        // A run may meet hundreds of answers; each is an input.
        took / given.load(Ordering::Relaxed).max(1)
    })
    .await;
    tally.tell("Cal.com answers met");
}
