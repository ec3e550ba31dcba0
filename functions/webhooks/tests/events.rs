//! Deliveries as an admin sees them, tries them again and runs them dry.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, get, post, refused, send};
use interlock_app::ports::QueueName;
use interlock_app::{apply_delivery, receive_delivery};
use interlock_policy::Role;
use interlock_testkit::World;
use serde_json::{Value, json};
use webhooks::ROUTES;

const LIST: &str = "webhook.events-list";
const GET: &str = "webhook.events-get";
const REPLAY: &str = "webhook.events-replay";
const SIMULATE: &str = "webhooks.simulate";

async fn admin(world: &World) -> String {
    let id = world.person_with("root", &[Role::Admin]).await;
    world.session(&id).await
}

/// A delivery that was worked; its name.
async fn delivered(world: &World, body: &Value) -> String {
    let body = body.to_string();
    receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
    for message in world.queue.drain(QueueName::Webhook) {
        apply_delivery(&world.app, &message.body, &world.job()).await.unwrap();
    }
    interlock_app::model::DeliveryId::of(body.as_bytes()).to_string()
}

async fn listed(world: &World, admin: &str, query: &str) -> Answer {
    send(world, ROUTES, LIST, get(&format!("/api/webhook-events{query}"), admin)).await
}

#[tokio::test]
async fn deliveries_are_listed_in_pages_without_bodies() {
    let world = World::new().await;
    let admin = admin(&world).await;
    for number in 0..3 {
        world.advance(1);
        delivered(&world, &json!({"trigger": "FORM_SUBMITTED", "number": number})).await;
    }
    let first = listed(&world, &admin, "?limit=2&state=ignored").await;
    let items = first.body["items"].as_array().unwrap();
    assert_eq!((first.status, items.len()), (200, 2), "{}", first.text);
    assert!(items.iter().all(|item| item.get("body").is_none()));
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let rest = listed(&world, &admin, &format!("?limit=2&state=ignored&cursor={cursor}")).await;
    assert_eq!(rest.body["items"].as_array().unwrap().len(), 1);
    assert!(rest.body.get("nextCursor").is_none());
    let strange = listed(&world, &admin, &format!("?limit=2&cursor={cursor}")).await;
    assert_eq!(strange.told(), (400, "invalid_cursor"));
}

#[tokio::test]
async fn one_delivery_is_shown_with_its_body_and_without_a_uid() {
    let world = World::new().await;
    let admin = admin(&world).await;
    let body = json!({"trigger": "BOOKING_CREATED", "uid": "secretUid", "eventTypeId": 999});
    let id = delivered(&world, &body).await;
    let answer = send(&world, ROUTES, GET, get(&format!("/api/webhook-events/{id}"), &admin)).await;
    let event = &answer.body["webhookEvent"];
    assert_eq!((answer.status, event["state"].as_str()), (200, Some("quarantined")));
    assert_eq!(event["lastError"], "event_type_unknown");
    assert_eq!(event["body"]["eventTypeId"], 999);
    assert!(!answer.text.contains("secretUid"), "{}", answer.text);
}

#[tokio::test]
async fn a_replay_is_202_and_the_queue_has_it() {
    let world = World::new().await;
    let admin = admin(&world).await;
    let body = json!({"trigger": "BOOKING_CREATED", "uid": "x", "eventTypeId": 999});
    let id = delivered(&world, &body).await;
    let path = format!("/api/webhook-events/{id}/replay");
    let answer = send(&world, ROUTES, REPLAY, post(&path, &admin, "")).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(answer.header("location"), format!("/api/webhook-events/{id}"));
    assert_eq!(answer.body["webhookEvent"]["state"], "replaying");
    assert_eq!(world.queue.drain(QueueName::Webhook).len(), 1);
}

#[tokio::test]
async fn a_dry_run_takes_a_body_or_the_name_of_a_kept_one() {
    let world = World::new().await;
    let admin = admin(&world).await;
    let body = json!({"trigger": "BOOKING_CREATED", "uid": "x", "eventTypeId": 999});
    let id = delivered(&world, &body).await;
    let before = world.store.dump();
    for input in [body.to_string(), json!({ "deliveryId": id }).to_string()] {
        let raw = post("/api/webhooks/simulate", &admin, &input);
        let answer = send(&world, ROUTES, SIMULATE, raw).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["simulation"]["outcome"], "quarantined");
    }
    assert_eq!(world.store.dump(), before);
    assert!(world.queue.sent().is_empty());
}

#[tokio::test]
async fn what_cannot_be_used_or_never_came_is_refused() {
    let world = World::new().await;
    let admin = admin(&world).await;
    let never = "0".repeat(64);
    let both = json!({ "deliveryId": never, "trigger": "PING" }).to_string();
    let unknown = json!({ "deliveryId": never }).to_string();
    let dry = |body: &str| post("/api/webhooks/simulate", &admin, body);
    for (name, raw, expected) in [
        (LIST, get("/api/webhook-events?state=lost", &admin), (400, "invalid_parameter", "state")),
        (
            LIST,
            get("/api/webhook-events?reservationId=usr_x", &admin),
            (400, "invalid_parameter", "reservationId"),
        ),
        (GET, get("/api/webhook-events/nonsense", &admin), (404, "not_found", "-")),
        (GET, get(&format!("/api/webhook-events/{never}"), &admin), (404, "not_found", "-")),
        (
            REPLAY,
            post(&format!("/api/webhook-events/{never}/replay"), &admin, ""),
            (404, "not_found", "-"),
        ),
        (SIMULATE, dry(&both), (400, "invalid_body", "")),
        (SIMULATE, dry(r#"{"deliveryId":"x"}"#), (400, "invalid_body", "/deliveryId")),
        (SIMULATE, dry("[]"), (400, "invalid_body", "")),
        (SIMULATE, dry(&unknown), (404, "not_found", "-")),
    ] {
        refused(&world, (ROUTES, name), raw, expected).await;
    }
}

#[tokio::test]
async fn nobody_below_an_admin_sees_or_does_any_of_it() {
    let world = World::new().await;
    let id = world.person_with("mia", &[Role::Manager]).await;
    let manager = world.session(&id).await;
    let never = "0".repeat(64);
    for (name, raw) in [
        (LIST, get("/api/webhook-events", &manager)),
        (GET, get(&format!("/api/webhook-events/{never}"), &manager)),
        (REPLAY, post(&format!("/api/webhook-events/{never}/replay"), &manager, "")),
        (SIMULATE, post("/api/webhooks/simulate", &manager, "{}")),
    ] {
        refused(&world, (ROUTES, name), raw, (403, "role_required", "-")).await;
    }
}
