//! Bodies no page sends, thrown at the progress route: none makes it panic, and none earns a thing.
//!
//! The clock stands still, so that all a person can ever be credited with is the one grace.
//! Every body follows from the number of its round; the whole way from bytes to answer is gone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;
#[path = "../../../shared/watch/tests/support/dice.rs"]
mod dice;

use std::sync::Arc;

use browser::{by, kept, post, request, send};
use dice::{Dice, count};
use interlock_app::Settings;
use interlock_testkit::World;
use serde_json::{Value, json};
use training::ROUTES;

const PROGRESS: &str = "/api/training/progress";

/// What stands where a number, a word or a list was expected.
const ODD: [&str; 24] = [
    "null",
    "true",
    "-1",
    "-0",
    "0",
    "0.0005",
    "5",
    "86400",
    "86400.001",
    "1e308",
    "-1e308",
    "1e-320",
    "18446744073709551615",
    "18446744073709551616",
    "9007199254740993",
    "\"5\"",
    "\"\"",
    "\"NaN\"",
    "[]",
    "{}",
    "[[]]",
    "\"mod_basics\"",
    "\"wat_0\"",
    "\"\\u0000\\ud83d\\ude00\"",
];

fn honest(dice: &mut Dice, watch_id: &str) -> Value {
    let parts = dice.between(0, 4);
    let segments: Vec<Value> = (0..parts)
        .map(|_| {
            let from = dice.between(0, 70);
            let to = from + dice.between(0, 20);
            let rate = dice.pick(&[0.5, 1.0, 1.5, 16.0]);
            json!({"from": from, "to": to, "rate": rate, "wallMs": 5000})
        })
        .collect();
    json!({
        "moduleId": "mod_basics", "watchId": watch_id, "sequence": dice.between(0, 1_000_000),
        "segments": segments, "position": dice.between(0, 70), "visible": true,
    })
}

/// Puts an odd value in the place of one, or takes it away, or adds one.
fn bend(dice: &mut Dice, value: &mut Value) {
    let odd = |dice: &mut Dice| serde_json::from_str(dice.pick(&ODD)).unwrap_or(Value::Null);
    match value {
        Value::Object(map) if !map.is_empty() && !dice.one_in(6) => {
            let names: Vec<String> = map.keys().cloned().collect();
            let name = &names[usize::try_from(dice.between(0, names.len() as u64)).unwrap()];
            match dice.between(0, 8) {
                0 => drop(map.remove(name)),
                1 => drop(map.insert(format!("{name}_"), odd(dice))),
                _ => bend(dice, &mut map[name]),
            }
        }
        Value::Array(items) if !items.is_empty() && !dice.one_in(4) => {
            let index = usize::try_from(dice.between(0, items.len() as u64)).unwrap();
            if dice.one_in(5) {
                let many = usize::try_from(dice.between(1, 80)).unwrap();
                let copy = items[index].clone();
                items.extend(std::iter::repeat_n(copy, many));
            } else {
                bend(dice, &mut items[index]);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => *value = odd(dice),
    }
}

fn body(dice: &mut Dice, watch_id: &str) -> Vec<u8> {
    if dice.one_in(6) {
        return (0..dice.between(0, 200)).map(|_| dice.throw().to_le_bytes()[0]).collect();
    }
    let mut value = honest(dice, watch_id);
    for _ in 0..dice.between(0, 4) {
        bend(dice, &mut value);
    }
    let mut bytes = value.to_string().into_bytes();
    if dice.one_in(3) {
        for _ in 0..dice.between(1, 6) {
            let at = usize::try_from(dice.between(0, bytes.len() as u64)).unwrap();
            match dice.between(0, 3) {
                0 => bytes[at] = dice.throw().to_le_bytes()[0],
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, dice.pick(b"0123456789-eE.\"[]{},: \\")),
            }
        }
    }
    bytes
}

#[tokio::test]
async fn no_body_makes_it_panic_and_none_earns_more_than_the_grace() {
    let mut world = World::new().await;
    // The limit of messages is another test's business; none of these is to meet it.
    let settings = Settings { limit_factor: 1_000_000, ..world.app.settings.as_ref().clone() };
    world.app.settings = Arc::new(settings);
    let ada = world.person("ada").await;
    let cookie = world.session(&ada).await;
    let opening =
        r#"{"moduleId":"mod_basics","sequence":0,"segments":[],"position":0,"visible":true}"#;
    let opened = send(&world, ROUTES, "training.progress", post(PROGRESS, &cookie, opening)).await;
    let mut watch_id = opened.body["watchId"].as_str().unwrap().to_owned();
    let (bodies, mut taken, mut earned) = (count("WATCH_BODIES", 4000), 0_u64, 0.0);
    for round in 0..bodies {
        let body = body(&mut Dice::new(round), &watch_id);
        let shown = String::from_utf8_lossy(&body).into_owned();
        let before = kept(&world);
        let raw = by(request("POST", PROGRESS), &cookie).json(body);
        let answer = send(&world, ROUTES, "training.progress", raw).await;
        match answer.status {
            200 => {
                taken += 1;
                earned += answer.body["acceptedSeconds"].as_f64().unwrap();
                answer.body["watchId"].as_str().unwrap().clone_into(&mut watch_id);
                assert!(!answer.body["completed"].as_bool().unwrap(), "round {round}: {shown}");
            }
            400 | 404 | 413 | 415 => {
                assert_eq!(kept(&world), before, "round {round} left a trace: {shown}");
            }
            other => panic!("round {round} is answered {other}: {shown}"),
        }
        assert!(earned <= 1.0, "round {round} earned {earned} s: {shown}");
    }
    println!("{bodies} bodies, {taken} of them taken, {earned} s earned of one second of grace");
    assert!(taken * 20 > bodies, "too few are well-formed to say anything: {taken}");
}
