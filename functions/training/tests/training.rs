//! Modules, heartbeats, completion and status over the interface.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, get, post, refused, request, send};
use interlock_testkit::World;
use serde_json::{Value, json};
use training::ROUTES;

const PROGRESS: &str = "/api/training/progress";
const COMPLETE: &str = "/api/training/complete";

async fn ada(world: &World) -> String {
    let ada = world.person("ada").await;
    world.session(&ada).await
}

fn beat(watch_id: Option<&str>, sequence: u64, played: Option<(u64, u64)>) -> Value {
    let segments: Vec<Value> = played
        .iter()
        .map(|(from, to)| json!({"from": from, "to": to, "rate": 1, "wallMs": (to - from) * 1000}))
        .collect();
    let mut body = json!({
        "moduleId": "mod_basics", "sequence": sequence, "segments": segments,
        "position": played.map_or(0, |(_, to)| to), "visible": true,
    });
    if let Some(watch_id) = watch_id {
        body["watchId"] = watch_id.into();
    }
    body
}

async fn progress(world: &World, cookie: &str, body: &Value) -> Answer {
    send(world, ROUTES, "training.progress", post(PROGRESS, cookie, &body.to_string())).await
}

async fn complete(world: &World, cookie: &str) -> Answer {
    let body = r#"{"moduleId":"mod_basics"}"#;
    send(world, ROUTES, "training.complete", post(COMPLETE, cookie, body)).await
}

async fn watch(world: &World, cookie: &str, until: u64) {
    let opened = progress(world, cookie, &beat(None, 1, None)).await;
    let watch_id = opened.body["watchId"].as_str().unwrap().to_owned();
    for from in (0..until).step_by(5) {
        world.advance(5);
        let body = beat(Some(&watch_id), from / 5 + 2, Some((from, from + 5)));
        assert_eq!(progress(world, cookie, &body).await.status, 200);
    }
}

#[tokio::test]
async fn the_modules_are_listed() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let raw = get("/api/training/modules", &cookie);
    let answer = send(&world, ROUTES, "training.modules-list", raw).await;
    let expected = json!({"items": [
        {
            "id": "mod_basics", "title": "Basics", "version": 1, "durationSeconds": 60,
            "active": true, "ignoredTailSeconds": 0, "mustSee": [], "prerequisites": [],
            "rules": {
                "completionPercent": 90, "longestGapSeconds": 15, "maxRate": 1.5,
                "versionGraceDays": 30,
            },
            "etag": "\"v1\"",
        },
    ]});
    assert_eq!((answer.status, answer.body), (200, expected));
}

#[tokio::test]
async fn a_heartbeat_is_answered_with_what_it_earned() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let opened = progress(&world, &cookie, &beat(None, 1, None)).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    let watch_id = opened.body["watchId"].as_str().unwrap();
    world.advance(5);
    let answer = progress(&world, &cookie, &beat(Some(watch_id), 2, Some((0, 5)))).await;
    let expected = json!({
        "watchId": watch_id, "coveredSeconds": 5, "coveragePercent": 8.33,
        "gaps": [{"from": 5, "to": 60}], "largestGapSeconds": 55, "completed": false,
        "acceptedSeconds": 5, "rejectedSeconds": 0,
    });
    assert_eq!(answer.body, expected);
    let foreign = world.person("bob").await;
    let foreign = world.session(&foreign).await;
    let answer = progress(&world, &foreign, &beat(Some(watch_id), 3, Some((5, 10)))).await;
    assert_eq!(answer.told(), (404, "not_found"));
}

#[tokio::test]
async fn completion_is_409_with_gaps_in_seconds_and_then_200_for_good() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    watch(&world, &cookie, 30).await;
    let answer = complete(&world, &cookie).await;
    assert_eq!(answer.told(), (409, "training_incomplete"));
    assert_eq!(answer.body["gaps"], json!([{"from": 30, "to": 60}]));
    watch(&world, &cookie, 60).await;
    let answer = complete(&world, &cookie).await;
    assert_eq!((answer.status, &answer.body["completed"]), (200, &true.into()));
    assert_eq!(answer.body["moduleId"], "mod_basics");
    world.advance(60);
    assert_eq!(complete(&world, &cookie).await.text, answer.text);
}

#[tokio::test]
async fn the_status_has_one_entry_per_module() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let status = async || {
        let raw = get("/api/training/status", &cookie);
        send(&world, ROUTES, "training.status", raw).await.body
    };
    let entry = json!({
        "moduleId": "mod_basics", "completed": false, "coveragePercent": 0, "coveredSeconds": 0,
    });
    assert_eq!(status().await, json!({ "items": [entry] }));
    watch(&world, &cookie, 60).await;
    complete(&world, &cookie).await;
    let item = &status().await["items"][0];
    assert_eq!((&item["completed"], &item["coveragePercent"]), (&true.into(), &100.into()));
    assert!(item["completedAt"].is_string());
}

#[tokio::test]
async fn bad_input_is_told_with_its_place_and_changes_nothing() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let route = (ROUTES, "training.progress");
    let with = |name: &str, value: Value| {
        let mut body = beat(None, 1, None);
        body[name] = value;
        body
    };
    let segment = |name: &str, value: Value| {
        let mut body = beat(None, 1, Some((0, 5)));
        body["segments"][0][name] = value;
        body
    };
    for (body, pointer) in [
        (json!({}), "/moduleId"),
        (with("moduleId", "basics".into()), "/moduleId"),
        (with("watchId", "usr_ada".into()), "/watchId"),
        (with("sequence", (-1).into()), "/sequence"),
        (with("sequence", 0.into()), "/sequence"),
        (with("position", (-1).into()), "/position"),
        (with("position", 90_000.into()), "/position"),
        (with("visible", "yes".into()), "/visible"),
        (with("segments", json!({})), "/segments"),
        (with("credit", 60.into()), "/credit"),
        (segment("from", (-5).into()), "/segments/0/from"),
        (segment("rate", "fast".into()), "/segments/0/rate"),
        (segment("wallMs", Value::Null), "/segments/0/wallMs"),
        (segment("to", json!([5])), "/segments/0/to"),
        (segment("speed", 1.into()), "/segments/0/speed"),
    ] {
        let raw = post(PROGRESS, &cookie, &body.to_string());
        refused(&world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let unknown = with("moduleId", "mod_none".into()).to_string();
    refused(&world, route, post(PROGRESS, &cookie, &unknown), (404, "not_found", "-")).await;
    let route = (ROUTES, "training.complete");
    for (body, pointer) in [
        ("{}", "/moduleId"),
        (r#"{"moduleId":"mod_basics","percent":100}"#, "/percent"),
        ("[", "-"),
    ] {
        let raw = post(COMPLETE, &cookie, body);
        refused(&world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let none = post(COMPLETE, &cookie, r#"{"moduleId":"mod_none"}"#);
    refused(&world, route, none, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn nobody_watches_without_a_session() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    for (name, method, path) in [
        ("training.modules-list", "GET", "/api/training/modules"),
        ("training.status", "GET", "/api/training/status"),
        ("training.progress", "POST", PROGRESS),
        ("training.complete", "POST", COMPLETE),
    ] {
        let (route, bare) = ((ROUTES, name), request(method, path));
        refused(&world, route, bare.clone(), (401, "unauthenticated", "-")).await;
        if method == "POST" {
            let unmarked = bare.header("cookie", &cookie);
            refused(&world, route, unmarked, (403, "csrf_header_required", "-")).await;
            let plain = by(request(method, path), &cookie);
            refused(&world, route, plain, (415, "unsupported_media_type", "-")).await;
        }
    }
}

#[tokio::test]
async fn six_messages_at_once_and_the_seventh_waits() {
    let world = World::new().await.limited();
    let cookie = ada(&world).await;
    for (sequence, status) in (1..).zip([200, 200, 200, 200, 200, 200, 429]) {
        let body = beat(None, sequence, None).to_string();
        let raw = post(PROGRESS, &cookie, &body);
        let answer = send(&world, ROUTES, "training.progress", raw).await;
        assert_eq!(answer.status, status, "{sequence}: {}", answer.text);
    }
    world.advance(4);
    let raw = post(PROGRESS, &cookie, &beat(None, 7, None).to_string());
    assert_eq!(send(&world, ROUTES, "training.progress", raw).await.status, 200);
}
