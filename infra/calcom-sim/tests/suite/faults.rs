//! Failure injection: what the client sees, and what was done behind it.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{BOOKINGS, Rig, cases};

cases! {
    "14.2" sim_only a_timeout_after_commit_leaves_the_booking;
    "14.2" sim_only a_timeout_before_commit_leaves_nothing;
    "14.2" sim_only a_reset_is_seen_as_a_broken_connection;
    "14.2" sim_only a_truncated_body_is_announced_whole;
    "14.2" sim_only server_errors_come_in_all_shapes_and_store_nothing;
    "14.2" sim_only a_key_can_suddenly_be_refused;
    "14.2" sim_only a_slow_call_is_answered_late;
    "14.2" sim_only down_means_not_connected_and_clearing_brings_it_back;
    "14.2" sim_only down_for_some_times_ends_by_itself;
    "14.2" sim_only rules_count_skip_and_are_cleared;
    "14.2" sim_only a_stale_read_shows_the_state_before_the_last_change;
    "14.2" sim_only a_block_lasts_until_the_clock_says_so;
    "14.2" sim_only deliveries_can_be_lost_doubled_delayed_and_reordered;
    "14.2" sim_only signatures_can_be_spoiled_in_each_way;
    "14.2" sim_only a_database_that_is_down_leaves_health_alone;
    "14.2" sim_only a_page_can_shift_and_repeat_a_row;
    "14.2" sim_only an_unknown_injection_is_refused;
}

async fn attempt(rig: &Rig, start: &str, patience: u64) -> Result<(), reqwest::Error> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_millis(patience))
        .build()
        .expect("a client");
    let response = client
        .post(format!("{}/v2/bookings", rig.url))
        .header("cal-api-version", BOOKINGS)
        .header("authorization", format!("Bearer {}", rig.key))
        .json(&rig.wish(start))
        .send()
        .await?;
    response.text().await.map(|_| ())
}

async fn count(rig: &Rig) -> usize {
    rig.control_get("/state").await["bookings"].as_array().expect("bookings").len()
}

async fn a_timeout_after_commit_leaves_the_booking(rig: Rig) {
    rig.fault("bookings.create", "timeout_after_commit", json!(1)).await;
    let error = attempt(&rig, "2026-12-01T09:00:00Z", 500).await.expect_err("no answer");
    assert!(error.is_timeout());
    assert_eq!(count(&rig).await, 1);
    assert_eq!(rig.inbox.triggers(), ["BOOKING_CREATED"]);
}

async fn a_timeout_before_commit_leaves_nothing(rig: Rig) {
    rig.fault("bookings.create", "timeout_before_commit", json!(1)).await;
    let error = attempt(&rig, "2026-12-01T09:00:00Z", 300).await.expect_err("no answer");
    assert!(error.is_timeout());
    assert_eq!(count(&rig).await, 0);
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 201);
}

async fn a_reset_is_seen_as_a_broken_connection(rig: Rig) {
    for (inject, stored) in [("connection_reset", 0), ("connection_reset_after_commit", 1)] {
        rig.fault("bookings.create", inject, json!(1)).await;
        let error = attempt(&rig, "2026-12-01T09:00:00Z", 5000).await.expect_err("no answer");
        assert!(!error.is_timeout() && !error.is_connect(), "{error:?}");
        assert_eq!(count(&rig).await, stored, "{inject}");
    }
}

async fn a_truncated_body_is_announced_whole(rig: Rig) {
    rig.fault("bookings.create", "truncated_body", json!(1)).await;
    let error = attempt(&rig, "2026-12-01T09:00:00Z", 5000).await.expect_err("half a body");
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(count(&rig).await, 1);
}

async fn server_errors_come_in_all_shapes_and_store_nothing(rig: Rig) {
    let injections = [
        ("error_500", 500, "/error/code"),
        ("error_500_plain", 500, "/statusCode"),
        ("decoy_create", 500, "/error/details"),
    ];
    for (inject, status, pointer) in injections {
        rig.fault("bookings.create", inject, json!(1)).await;
        let answer = rig.book("2026-12-01T09:00:00Z").await;
        assert_eq!(answer.status, status);
        assert!(answer.body.pointer(pointer).is_some(), "{inject}: {}", answer.text);
    }
    for (inject, status) in [("html_502", 502), ("html_503", 503), ("html_504", 504)] {
        rig.fault("*", inject, json!(1)).await;
        let answer = rig.book("2026-12-01T09:00:00Z").await;
        assert_eq!((answer.status, answer.body), (status, Value::Null));
        assert!(answer.text.starts_with("<html>"));
    }
    assert_eq!(count(&rig).await, 0);
    rig.fault("bookings.create", "error_500_after_commit", json!(1)).await;
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 500);
    assert_eq!(count(&rig).await, 1);
}

async fn a_key_can_suddenly_be_refused(rig: Rig) {
    rig.fault("bookings.create", "unauthorized", json!(1)).await;
    let answer = rig.book("2026-12-01T09:00:00Z").await;
    assert_eq!((answer.status, count(&rig).await), (401, 0));
    assert_eq!(answer.body["error"]["code"], "UnauthorizedException");
}

async fn a_slow_call_is_answered_late(rig: Rig) {
    let rule = json!({ "route": "me.get", "inject": "slow", "times": 1, "milliseconds": 300 });
    rig.control("/faults", rule).await;
    let began = Instant::now();
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

/// A control surface on a port of its own, as the local runner has it.
#[expect(clippy::disallowed_methods, reason = "the port is open beside the case")]
async fn aside(rig: &Rig) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/__sim", listener.local_addr().expect("an address"));
    let control = rig.sim.as_ref().expect("a stand-in").control_router();
    let app = axum::Router::new().nest("/__sim", control);
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

async fn down_means_not_connected_and_clearing_brings_it_back(rig: Rig) {
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200, "a connection is in the pool");
    let control = aside(&rig).await;
    let client = reqwest::Client::builder().build().expect("a client");
    let rule = json!({ "route": "*", "inject": "down", "times": null });
    let sent = client.post(format!("{control}/faults")).json(&rule).send().await;
    assert_eq!(sent.expect("an answer").status(), 200);
    for _ in 0..2 {
        let key = rig.key.clone();
        let sent = rig.try_send(Method::GET, "/v2/me", (Some(BOOKINGS), Some(&key)), None).await;
        assert!(sent.expect_err("refused").is_connect());
    }
    let state = client.get(format!("{control}/state")).send().await.expect("an answer");
    assert_eq!(state.status(), 200, "the other port stays open");
    client.delete(format!("{control}/faults")).send().await.expect("an answer");
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
}

async fn down_for_some_times_ends_by_itself(rig: Rig) {
    let control = aside(&rig).await;
    let client = reqwest::Client::builder().build().expect("a client");
    let rule = json!({ "route": "*", "inject": "down", "times": 1 });
    client.post(format!("{control}/faults")).json(&rule).send().await.expect("an answer");
    assert!(attempt(&rig, "2026-12-01T09:00:00Z", 1000).await.expect_err("no").is_connect());
    tokio::time::sleep(Duration::from_millis(2300)).await;
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 201);
    assert_eq!(rig.control_get("/faults").await["items"], json!([]));
}

async fn rules_count_skip_and_are_cleared(rig: Rig) {
    let rule = json!({ "route": "me.get", "inject": "error_500", "times": 2, "skip": 1 });
    rig.control("/faults", rule).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(rig.get(BOOKINGS, "/v2/me").await.status);
    }
    assert_eq!(seen, [200, 500, 500, 200]);
    rig.fault("me.get", "error_500", json!(null)).await;
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 500);
    assert_eq!(rig.get(BOOKINGS, "/v2/webhooks").await.status, 200, "another route");
    let delete = rig.try_send(Method::DELETE, "/__sim/faults", (None, None), None).await;
    assert_eq!(delete.expect("an answer").status, 200);
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
    let rule = json!({ "route": "me.get", "inject": "error_500", "probability": 0.0 });
    rig.control("/faults", rule).await;
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
}

async fn a_stale_read_shows_the_state_before_the_last_change(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.fault("bookings.get", "stale_read", json!(1)).await;
    assert_eq!(rig.read(&uid).await, Value::Null, "before its creation there was nothing");
    rig.cancel(&uid).await;
    rig.fault("bookings.get", "stale_read", json!(1)).await;
    assert_eq!(rig.read(&uid).await["status"], "accepted");
    rig.fault("bookings.list", "stale_read", json!(1)).await;
    let list = rig.get(BOOKINGS, "/v2/bookings").await;
    assert_eq!(list.body["data"][0]["status"], "accepted");
    assert_eq!(rig.read(&uid).await["status"], "cancelled");
}

async fn a_page_can_shift_and_repeat_a_row(rig: Rig) {
    rig.booked("2026-12-01T09:00:00Z").await;
    rig.booked("2026-12-02T09:00:00Z").await;
    for (inject, rows) in [("page_shift", 1), ("duplicate_rows", 3)] {
        rig.fault("bookings.list", inject, json!(1)).await;
        let list = rig.get(BOOKINGS, "/v2/bookings").await;
        assert_eq!(list.body["data"].as_array().expect("rows").len(), rows, "{inject}");
    }
}

async fn a_block_lasts_until_the_clock_says_so(rig: Rig) {
    rig.fault("me.get", "rate_limited_block", json!(1)).await;
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 429);
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 429, "the key is blocked");
    rig.advance(61);
    assert_eq!(rig.book("2026-12-01T09:00:00Z").await.status, 201);
}

async fn deliveries_can_be_lost_doubled_delayed_and_reordered(rig: Rig) {
    rig.fault("webhooks", "webhook_lost", json!(1)).await;
    let first = rig.booked("2026-12-01T09:00:00Z").await;
    assert!(rig.inbox.all().is_empty());
    rig.fault("BOOKING_CANCELLED", "webhook_duplicate", json!(1)).await;
    rig.cancel(&first).await;
    let all = rig.inbox.all();
    assert_eq!((all.len(), &all[0].raw), (2, &all[1].raw));
    rig.fault("*", "webhook_duplicate_new_created_at", json!(1)).await;
    rig.booked("2026-12-02T09:00:00Z").await;
    let all = rig.inbox.all();
    assert_eq!(all.len(), 4);
    assert_ne!(all[2].body["createdAt"], all[3].body["createdAt"]);
    assert_eq!(all[2].body["payload"], all[3].body["payload"]);
    let rule = json!({ "route": "*", "inject": "webhook_delayed", "times": 1, "seconds": 120 });
    rig.control("/faults", rule).await;
    rig.booked("2026-12-03T09:00:00Z").await;
    assert_eq!(rig.inbox.all().len(), 4);
    rig.control("/clock", json!({ "advanceSeconds": 121 })).await;
    assert_eq!(rig.inbox.all().len(), 5);
    rig.fault("bookings.create", "webhook_reordered", json!(1)).await;
    let last = rig.booked("2026-12-04T09:00:00Z").await;
    rig.cancel(&last).await;
    let order: Vec<String> = rig.inbox.triggers().split_off(5);
    assert_eq!(order, ["BOOKING_CANCELLED", "BOOKING_CREATED"]);
}

async fn signatures_can_be_spoiled_in_each_way(rig: Rig) {
    let ways = [
        "webhook_wrong_signature",
        "webhook_no_secret",
        "webhook_old_secret",
        "webhook_sha256_prefix",
        "webhook_missing_signature",
        "webhook_altered_body",
        "webhook_base64_body",
    ];
    let mut seen = Vec::new();
    for (day, inject) in ways.iter().enumerate() {
        rig.fault("*", inject, json!(1)).await;
        rig.booked(&format!("2026-12-{:02}T12:00:00Z", [1, 2, 3, 4, 5, 7, 8][day])).await;
        let one = rig.inbox.all().pop().expect("a delivery");
        let header = one.headers.get("x-cal-signature-256");
        seen.push(header.map_or(String::new(), |text| text.to_str().expect("text").to_owned()));
        match *inject {
            "webhook_altered_body" => assert!(one.raw.ends_with("}\n")),
            "webhook_base64_body" => assert!(!one.raw.starts_with('{')),
            _ => assert!(one.raw.ends_with('}')),
        }
    }
    assert_eq!(seen[0], "0".repeat(64));
    assert_eq!(seen[1], "no-secret-provided");
    assert_eq!(seen[2].len(), 64);
    assert!(seen[3].starts_with("sha256="));
    assert_eq!(seen[4], "");
}

async fn a_database_that_is_down_leaves_health_alone(rig: Rig) {
    rig.fault("*", "database_down", json!(null)).await;
    let health = rig.try_send(Method::GET, "/health", (None, None), None).await;
    assert_eq!(health.expect("an answer").status, 200);
    let me = rig.get(BOOKINGS, "/v2/me").await;
    assert_eq!((me.status, &me.body["error"]["code"]), (500, &json!("INTERNAL_SERVER_ERROR")));
    assert_eq!(me.message(), "There was an error, please try again later.");
}

async fn an_unknown_injection_is_refused(rig: Rig) {
    let answer = rig.control("/faults", json!({ "route": "*", "inject": "explode" })).await;
    assert_eq!(answer.status, 400);
}
