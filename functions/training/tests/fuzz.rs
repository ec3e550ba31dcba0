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
#[path = "../../../shared/testkit/chance/mod.rs"]
mod chance;

use std::sync::Arc;

use browser::{by, kept, post, request, send};
use chance::bend::Bender;
use chance::dice::{Dice, count};
use chance::odd;
use interlock_app::Settings;
use interlock_testkit::World;
use serde_json::{Value, json};
use training::ROUTES;

const PROGRESS: &str = "/api/training/progress";

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

fn body(dice: &mut Dice, bender: &Bender, watch_id: &str) -> Vec<u8> {
    if dice.one_in(6) {
        return odd::bytes(dice, 200);
    }
    let mut value = honest(dice, watch_id);
    for _ in 0..dice.between(0, 4) {
        bender.bend(dice, &mut value);
    }
    let mut bytes = bender.bytes(dice, &value);
    if dice.one_in(3) {
        odd::mar(dice, &mut bytes);
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
        r#"{"moduleId":"mod_basics","sequence":1,"segments":[],"position":0,"visible":true}"#;
    let opened = send(&world, ROUTES, "training.progress", post(PROGRESS, &cookie, opening)).await;
    let mut watch_id = opened.body["watchId"].as_str().unwrap().to_owned();
    let mut bender = Bender::default();
    bender.learn(&json!(["mod_basics", "wat_0", watch_id, 5, 0.5]));
    let (bodies, mut taken, mut earned) = (count("WATCH_BODIES", 4000), 0_u64, 0.0);
    for round in 0..bodies {
        let body = body(&mut Dice::new(round), &bender, &watch_id);
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
