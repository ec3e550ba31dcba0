//! Reserving over the interface: happy, refused, replayed, counted.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, post, refused, request, send};
use interlock_app::ports::scheduler::Failure;
use interlock_http::RawRequest;
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use reservations::ROUTES;

const NAME: &str = "reservations.create";
const PATH: &str = "/api/machines/mch_laser/reservations";

async fn ada(world: &World) -> String {
    let ada = world.eligible("ada").await;
    world.session(&ada).await
}

fn wish(world: &World, minutes: i64) -> String {
    serde_json::json!({ "start": world.after(minutes) }).to_string()
}

fn keyed(cookie: &str, key: &str, body: &str) -> RawRequest {
    post(PATH, cookie, body).header("idempotency-key", key)
}

async fn reserve(world: &World, cookie: &str, key: &str, body: &str) -> Answer {
    send(world, ROUTES, NAME, keyed(cookie, key, body)).await
}

#[tokio::test]
async fn a_reservation_is_201_with_its_location_and_no_uid_of_calcoms() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let answer = reserve(&world, &cookie, "k", &wish(&world, 120)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let reservation = &answer.body["reservation"];
    let id = reservation["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/api/reservations/{id}"));
    assert_eq!(answer.header("idempotency-replayed"), "");
    let machine = serde_json::json!({"kind": "machine", "id": "mch_laser", "name": "Laser"});
    assert_eq!(reservation["resource"], machine);
    assert_eq!(reservation["start"], "2026-06-01T12:00:00Z");
    assert_eq!(reservation["end"], "2026-06-01T13:00:00Z");
    assert_eq!(reservation["status"], "confirmed");
    assert_eq!(
        (&reservation["origin"], &reservation["eventTypeId"]),
        (&"interlock".into(), &101.into())
    );
    assert!(!answer.text.contains("fakeUid"));
}

#[tokio::test]
async fn a_warm_reservation_costs_three_requests_and_one_call() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    assert_eq!(reserve(&world, &cookie, "warm", &wish(&world, 120)).await.status, 201);
    world.store.reset_counts();
    world.scheduler.reset_counts();
    assert_eq!(reserve(&world, &cookie, "counted", &wish(&world, 600)).await.status, 201);
    // The third commit is that of the limit on reserving.
    assert_eq!((world.store.reads(), world.store.queries(), world.store.commits()), (1, 0, 3));
    assert_eq!(world.scheduler.calls(), [Call::Create]);
}

#[tokio::test]
async fn ten_wishes_a_minute_and_the_eleventh_waits() {
    let world = World::new().await.limited();
    let cookie = ada(&world).await;
    for number in 0..10 {
        let key = format!("k{number}");
        assert_ne!(reserve(&world, &cookie, &key, &wish(&world, 120)).await.status, 429, "{key}");
    }
    world.scheduler.reset_counts();
    let answer = reserve(&world, &cookie, "k10", &wish(&world, 240)).await;
    assert_eq!(answer.told(), (429, "rate_limited"));
    assert_eq!(answer.header("retry-after"), "6");
    assert_eq!(answer.header("ratelimit-policy"), "\"reserve\";q=10;w=60");
    assert!(world.scheduler.calls().is_empty());
    let other = world.eligible("bea").await;
    let other = world.session(&other).await;
    assert_ne!(reserve(&world, &other, "b", &wish(&world, 360)).await.status, 429);
    world.advance(6);
    assert_ne!(reserve(&world, &cookie, "k11", &wish(&world, 360)).await.status, 429);
}

#[tokio::test]
async fn a_wish_that_cannot_be_counted_is_not_carried_out() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    reserve(&world, &cookie, "seen", &wish(&world, 120)).await;
    world.scheduler.reset_counts();
    world.store.fail_before(interlock_testkit::store::Call::Commit, 1);
    let answer = reserve(&world, &cookie, "k", &wish(&world, 600)).await;
    assert_eq!(answer.told(), (503, "upstream_unavailable"));
    assert!(world.scheduler.calls().is_empty());
}

#[tokio::test]
async fn the_same_key_repeats_the_answer_byte_for_byte() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let first = reserve(&world, &cookie, "k", &wish(&world, 120)).await;
    world.advance(600);
    let body = serde_json::json!({ "start": "2026-06-01T12:00:00Z" }).to_string();
    let again = reserve(&world, &cookie, "k", &body).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    let other = reserve(&world, &cookie, "k", &wish(&world, 600)).await;
    assert_eq!(other.told(), (422, "idempotency_mismatch"));
    assert_eq!(world.scheduler.count(Call::Create), 1);
}

#[tokio::test]
async fn an_unknown_outcome_is_202_and_its_replay_shows_the_present() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome);
    let body = wish(&world, 120);
    let first = reserve(&world, &cookie, "k", &body).await;
    assert_eq!((first.status, &first.body["reservation"]["status"]), (202, &"pending".into()));
    assert!(first.header("location").starts_with("/api/reservations/rsv_"));
    world.advance(1);
    interlock_app::settle_due(&world.app, &world.job()).await.unwrap();
    let again = reserve(&world, &cookie, "k", &body).await;
    assert_eq!((again.status, &again.body["reservation"]["status"]), (201, &"confirmed".into()));
}

#[tokio::test]
async fn a_connection_that_never_was_is_503_with_retry_after_and_frees_the_key() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let body = wish(&world, 120);
    world.scheduler.fail_before(Call::Create, Failure::NotConnected);
    let answer = reserve(&world, &cookie, "k", &body).await;
    assert_eq!(answer.told(), (503, "upstream_unavailable"));
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    assert_eq!(reserve(&world, &cookie, "k", &body).await.status, 201);
}

#[tokio::test]
async fn a_taken_slot_is_409_and_a_stranger_hears_every_reason() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let body = wish(&world, 120);
    reserve(&world, &cookie, "k", &body).await;
    let bob = world.eligible("bob").await;
    let bob = world.session(&bob).await;
    assert_eq!(reserve(&world, &bob, "k", &body).await.told(), (409, "slot_taken"));
    let eve = world.person("eve").await;
    let eve = world.session(&eve).await;
    let answer = reserve(&world, &eve, "k", &body).await;
    assert_eq!(answer.told(), (403, "not_eligible"));
    assert_eq!(answer.reasons(), ["training_incomplete", "checkout_missing"]);
}

#[tokio::test]
async fn what_lies_outside_the_rules_is_422_by_its_own_code() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let at = |minutes: i64| world.after(minutes).to_string();
    let route = (ROUTES, NAME);
    for (body, code) in [
        (serde_json::json!({"start": at(125)}), "grid_off"),
        (serde_json::json!({"start": at(30)}), "notice_create"),
        (serde_json::json!({"start": at(-120)}), "start_in_past"),
        (serde_json::json!({"start": at(61 * 24 * 60)}), "horizon_exceeded"),
        (serde_json::json!({"start": at(120), "eventTypeId": 999}), "event_type_unknown"),
        (serde_json::json!({"start": at(120), "durationMinutes": 45}), "duration_not_offered"),
        (
            serde_json::json!({"start": at(120), "eventTypeId": 101, "durationMinutes": 30}),
            "duration_not_offered",
        ),
    ] {
        let raw = keyed(&cookie, "k", &body.to_string());
        refused(&world, route, raw, (422, code, "-")).await;
    }
}

#[tokio::test]
async fn a_length_alone_picks_the_kind_of_that_length() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let body = serde_json::json!({"start": world.after(120), "durationMinutes": 30}).to_string();
    let answer = reserve(&world, &cookie, "k", &body).await;
    assert_eq!(answer.body["reservation"]["eventTypeId"], 102);
    assert_eq!(answer.body["reservation"]["end"], "2026-06-01T12:30:00Z");
}

#[tokio::test]
async fn bad_input_is_told_with_its_place_and_changes_nothing() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let route = (ROUTES, NAME);
    let good = wish(&world, 120);
    let long = format!(r#"{{"start":"{}"}}"#, "x".repeat(100_000));
    for (body, status, code, pointer) in [
        ("", 400, "invalid_body", ""),
        ("{\"start\":", 400, "invalid_body", "-"),
        ("null", 400, "invalid_body", ""),
        ("{}", 400, "invalid_body", "/start"),
        (r#"{"start":7}"#, 400, "invalid_body", "/start"),
        (r#"{"start":"2026-06-01T12:00:00"}"#, 400, "invalid_body", "/start"),
        (r#"{"start":"2026-06-01"}"#, 400, "invalid_body", "/start"),
        (r#"{"start":"tomorrow"}"#, 400, "invalid_body", "/start"),
        (r#"{"start":"2026-06-01T12:00:00Z","end":1}"#, 400, "invalid_body", "/end"),
        (
            r#"{"start":"2026-06-01T12:00:00Z","durationMinutes":-60}"#,
            400,
            "invalid_body",
            "/durationMinutes",
        ),
        (
            r#"{"start":"2026-06-01T12:00:00Z","eventTypeId":"101"}"#,
            400,
            "invalid_body",
            "/eventTypeId",
        ),
        (long.as_str(), 413, "body_too_large", "-"),
    ] {
        refused(&world, route, keyed(&cookie, "k", body), (status, code, pointer)).await;
    }
    let without = post(PATH, &cookie, &good);
    refused(&world, route, without, (400, "idempotency_key_required", "-")).await;
    for key in ["", "a b", "\"\"", &"k".repeat(256)] {
        let expected = (400, "invalid_parameter", "Idempotency-Key");
        refused(&world, route, keyed(&cookie, key, &good), expected).await;
    }
    let twice = keyed(&cookie, "a", &good).header("idempotency-key", "b");
    refused(&world, route, twice, (400, "invalid_parameter", "Idempotency-Key")).await;
    let mut plain = keyed(&cookie, "k", &good);
    plain.headers.remove("content-type");
    refused(&world, route, plain, (415, "unsupported_media_type", "-")).await;
    for id in ["mch_none", "laser", "usr_ada", "mch_%00", "mch_LASER"] {
        let mut raw = keyed(&cookie, "k", &good);
        raw.path = format!("/api/machines/{id}/reservations");
        refused(&world, route, raw, (404, "not_found", "-")).await;
    }
    let mut odd = keyed(&cookie, "k", &good);
    odd.query = vec![("force".to_owned(), "true".to_owned())];
    refused(&world, route, odd, (400, "invalid_parameter", "-")).await;
}

#[tokio::test]
async fn a_write_needs_a_session_and_the_mark_of_our_own_pages() {
    let world = World::new().await;
    let cookie = ada(&world).await;
    let (route, good) = ((ROUTES, NAME), wish(&world, 120));
    let nobody = request("POST", PATH).json(good.clone()).header("idempotency-key", "k");
    refused(&world, route, nobody.clone(), (401, "unauthenticated", "-")).await;
    let unmarked = nobody.header("cookie", &cookie);
    refused(&world, route, unmarked, (403, "csrf_header_required", "-")).await;
    let foreign = keyed(&cookie, "k", &good).header("sec-fetch-site", "cross-site");
    refused(&world, route, foreign, (403, "cross_origin", "-")).await;
}
