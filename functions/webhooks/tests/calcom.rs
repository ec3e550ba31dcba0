//! Deliveries at the door: signed ones reach the queue, nothing else does.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{refused, request, send};
use interlock_app::QueuedDelivery;
use interlock_app::ports::QueueName;
use interlock_http::RawRequest;
use interlock_testkit::World;
use webhooks::ROUTES;

const NAME: &str = "webhooks.calcom";
const PATH: &str = "/api/webhooks/calcom";
const BODY: &str = r#"{"trigger":"BOOKING_CREATED","uid":"a"}"#;

#[tokio::test]
async fn a_signed_delivery_is_200_once_the_queue_has_its_bytes() {
    let world = World::new().await;
    world.store.reset_counts();
    for path in [PATH, "/api/cal/webhooks/receiver"] {
        let raw = request("POST", path).json(BODY).header("x-cal-signature-256", "signed");
        let answer = send(&world, ROUTES, NAME, raw).await;
        assert_eq!((answer.status, &answer.body["received"]), (200, &true.into()));
        let sent = world.queue.drain(QueueName::Webhook);
        let queued: QueuedDelivery = serde_json::from_str(&sent[0].body).unwrap();
        assert_eq!((queued.body.as_str(), queued.looks), (BODY, 0));
    }
    assert_eq!(world.store.requests(), 0, "the door asks the table for nothing");
}

#[tokio::test]
async fn without_one_good_signature_nothing_is_read() {
    let world = World::new().await;
    let plain = request("POST", PATH).json(BODY);
    let forged = plain.clone().header("x-cal-signature-256", "forged");
    let doubled = plain
        .clone()
        .header("x-cal-signature-256", "signed")
        .header("x-cal-signature-256", "signed");
    for raw in [plain, forged, doubled] {
        let expected = (401, "signature_invalid", "-");
        refused(&world, (ROUTES, NAME), raw, expected).await;
    }
    assert!(world.queue.sent().is_empty());
}

#[tokio::test]
async fn the_answer_is_no_yes_while_the_queue_does_not_serve() {
    let world = World::new().await;
    world.queue.fail_before(1);
    let raw = request("POST", PATH).json(BODY).header("x-cal-signature-256", "signed");
    let answer = send(&world, ROUTES, NAME, raw.clone()).await;
    assert_eq!(answer.told(), (503, "upstream_unavailable"));
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(send(&world, ROUTES, NAME, raw).await.status, 200);
}

#[tokio::test]
async fn a_delivery_may_be_longer_than_a_call_but_not_endless() {
    let world = World::new().await;
    let of = |length: usize| {
        let body = format!("{{\"pad\":\"{}\"}}", "x".repeat(length));
        request("POST", PATH).json(body).header("x-cal-signature-256", "signed")
    };
    assert_eq!(send(&world, ROUTES, NAME, of(200_000)).await.status, 200);
    world.queue.drain(QueueName::Webhook);
    refused(&world, (ROUTES, NAME), of(256_001), (413, "body_too_large", "-")).await;
    assert!(world.queue.sent().is_empty());
}

#[tokio::test]
async fn a_delivery_that_is_signed_and_no_json_text_is_refused_without_a_word_of_it() {
    let world = World::new().await;
    let form = request("POST", PATH)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-cal-signature-256", "signed");
    let form = RawRequest { body: b"canary=hunter2".to_vec(), ..form };
    let bytes = request("POST", PATH)
        .json([b'"', 0xff, b'"'].to_vec())
        .header("x-cal-signature-256", "signed");
    for (raw, status, code) in [(form, 415, "unsupported_media_type"), (bytes, 400, "invalid_body")]
    {
        let answer = send(&world, ROUTES, NAME, raw.clone()).await;
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
        refused(&world, (ROUTES, NAME), raw, (status, code, "-")).await;
    }
    assert!(world.queue.sent().is_empty());
}

#[tokio::test]
async fn the_signature_is_judged_before_the_content_type() {
    let world = World::new().await;
    let forged = request("POST", PATH)
        .header("content-type", "text/plain")
        .header("x-cal-signature-256", "forged");
    refused(&world, (ROUTES, NAME), forged, (401, "signature_invalid", "-")).await;
}

#[tokio::test]
async fn what_is_signed_and_cannot_be_used_is_taken_so_that_nothing_is_lost() {
    let world = World::new().await;
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    for body in [deep.as_str(), "{", r#"{"trigger":"NEVER_HEARD_OF"}"#, r#"{"trigger":"PING"}"#] {
        let raw = request("POST", PATH).json(body).header("x-cal-signature-256", "signed");
        assert_eq!(send(&world, ROUTES, NAME, raw).await.status, 200, "{body}");
    }
    assert_eq!(world.queue.drain(QueueName::Webhook).len(), 4);
}
