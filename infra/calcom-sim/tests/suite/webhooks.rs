//! Deliveries: when they leave, what they carry, how they are signed, and that nobody retries.

use std::time::Instant;

use axum::http::HeaderName;
use serde_json::{Value, json};

use crate::support::{BOOKINGS, EVENT_TYPES, Received, Rig, cases};

cases! {
    "2" sim_only a_create_waits_for_its_delivery_and_is_readable_meanwhile;
    "2" sim_only a_move_shows_the_old_row_cancelled_during_its_delivery;
    "3" sim_only a_cancel_is_delivered_before_it_is_committed;
    "3" sim_only a_cancel_may_be_delivered_and_then_fail;
    "3" sim_only a_second_cancel_during_the_first_delivery_succeeds_and_tells_again;
    "4" sim_only the_signature_is_bare_hex_over_the_raw_bytes;
    "4" sim_only a_failing_receiver_is_tried_once_and_changes_no_answer;
    "4" sim_only subscribers_are_served_side_by_side_with_their_own_moment;
    "4" sim_only a_subscription_without_a_secret_sends_the_literal;
    "4" sim_only a_payload_template_is_rendered_and_signed;
    "4" sim_only a_ping_is_signed_and_names_no_booking;
    "11" sim_only metadata_is_missing_where_the_original_forgets_it;
    "12" sim_only words_and_times_differ_by_trigger;
    "1" sim_only a_move_is_told_once_with_both_uids;
}

fn signature(secret: &str, raw: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(raw.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn header<'a>(one: &'a Received, name: &str) -> &'a str {
    one.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn a_create_waits_for_its_delivery_and_is_readable_meanwhile(rig: Rig) {
    rig.read_back();
    rig.inbox.delay(400);
    let began = Instant::now();
    rig.booked("2026-12-01T09:00:00Z").await;
    assert!(began.elapsed().as_millis() >= 400, "the answer waits for the receiver");
    let created = rig.inbox.last("BOOKING_CREATED");
    assert_eq!(created.status_meanwhile.as_deref(), Some("accepted"));
    assert_eq!(created.body["payload"]["metadata"]["gateReservationId"], "res_01");
}

async fn a_move_shows_the_old_row_cancelled_during_its_delivery(rig: Rig) {
    let old = rig.booked("2026-12-01T09:00:00Z").await;
    rig.inbox.delay(500);
    let moving = rig.reschedule(&old, "2026-12-02T09:00:00Z");
    let watching = async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        rig.read(&old).await["status"].clone()
    };
    let (moved, status) = tokio::join!(moving, watching);
    assert_eq!((moved.status, status), (201, json!("cancelled")));
}

async fn a_cancel_is_delivered_before_it_is_committed(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.read_back();
    rig.cancel(&uid).await;
    let cancelled = rig.inbox.last("BOOKING_CANCELLED");
    assert_eq!(cancelled.status_meanwhile.as_deref(), Some("accepted"));
    assert_eq!(rig.read(&uid).await["status"], "cancelled");
}

async fn a_cancel_may_be_delivered_and_then_fail(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.fault("bookings.cancel", "webhook_then_crash", json!(1)).await;
    assert_eq!(rig.cancel(&uid).await.status, 500);
    assert_eq!(rig.inbox.triggers(), ["BOOKING_CREATED", "BOOKING_CANCELLED"]);
    assert_eq!(rig.read(&uid).await["status"], "accepted");
    assert_eq!(rig.cancel(&uid).await.status, 200);
}

async fn a_second_cancel_during_the_first_delivery_succeeds_and_tells_again(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.inbox.delay(300);
    let (first, second) = tokio::join!(rig.cancel(&uid), rig.cancel(&uid));
    assert_eq!((first.status, second.status), (200, 200));
    let told = rig.inbox.triggers().iter().filter(|word| *word == "BOOKING_CANCELLED").count();
    assert_eq!(told, 2);
}

async fn the_signature_is_bare_hex_over_the_raw_bytes(rig: Rig) {
    let mut wish = rig.wish("2026-12-01T09:00:00Z");
    wish["attendee"]["name"] = json!("Zoë Ångström 工房");
    rig.post(BOOKINGS, "/v2/bookings", wish).await;
    let created = rig.inbox.last("BOOKING_CREATED");
    let secret = &rig.sim.as_ref().expect("a stand-in").webhook_secret;
    assert_eq!(header(&created, "x-cal-signature-256"), signature(secret, &created.raw));
    assert!(created.raw.contains("Zoë Ångström 工房"), "raw UTF-8, no escapes");
    assert_eq!(header(&created, "x-cal-webhook-version"), "2021-10-20");
    assert_eq!(header(&created, "content-type"), "application/json");
    let named: Vec<&str> = created
        .headers
        .keys()
        .map(HeaderName::as_str)
        .filter(|name| name.starts_with("x-"))
        .collect();
    assert_eq!(named, ["x-cal-signature-256", "x-cal-webhook-version"], "no id, no time");
}

async fn a_failing_receiver_is_tried_once_and_changes_no_answer(rig: Rig) {
    rig.inbox.answer_with(500);
    rig.booked("2026-12-01T09:00:00Z").await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(rig.inbox.all().len(), 1);
    let state = rig.control_get("/webhooks").await;
    assert_eq!(state["items"][0]["state"], "failed");
    assert_eq!(state["items"][0]["lastStatus"], 500);
}

async fn subscribe(rig: &Rig, path: &str, mut fields: Value) -> Value {
    fields["active"] = json!(true);
    fields["triggers"] = json!(["BOOKING_CREATED"]);
    let answer = rig.post(BOOKINGS, path, fields).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["data"].clone()
}

async fn hook(rig: &Rig) -> String {
    let own = rig.get(BOOKINGS, "/v2/webhooks").await;
    own.body["data"][0]["subscriberUrl"].as_str().expect("an address").to_owned()
}

async fn subscribers_are_served_side_by_side_with_their_own_moment(rig: Rig) {
    let url = format!("{}?second", hook(&rig).await);
    subscribe(&rig, "/v2/webhooks", json!({ "subscriberUrl": url, "secret": "s" })).await;
    rig.inbox.delay(400);
    let began = Instant::now();
    rig.booked("2026-12-01T09:00:00Z").await;
    assert!(began.elapsed().as_millis() < 780, "both receivers are awaited together");
    let all = rig.inbox.all();
    assert_eq!(all.len(), 2);
    assert_ne!(all[0].body["createdAt"], all[1].body["createdAt"]);
}

async fn a_subscription_without_a_secret_sends_the_literal(rig: Rig) {
    let url = format!("{}?open", hook(&rig).await);
    subscribe(&rig, "/v2/webhooks", json!({ "subscriberUrl": url })).await;
    rig.booked("2026-12-01T09:00:00Z").await;
    let all = rig.inbox.all();
    let literal =
        all.iter().filter(|one| header(one, "x-cal-signature-256") == "no-secret-provided");
    assert_eq!(literal.count(), 1);
}

async fn a_payload_template_is_rendered_and_signed(rig: Rig) {
    let url = format!("{}?template", hook(&rig).await);
    let template = r#"{"kind":"{{triggerEvent}}","who":"{{attendees.0.email}}"}"#;
    let path = "/v2/event-types/101/webhooks";
    let fields = json!({ "subscriberUrl": url, "secret": "t", "payloadTemplate": template });
    subscribe(&rig, path, fields).await;
    rig.booked("2026-12-01T09:00:00Z").await;
    let all = rig.inbox.all();
    let one = all.iter().find(|one| one.body.get("kind").is_some()).expect("the rendered one");
    assert_eq!(one.raw, r#"{"kind":"BOOKING_CREATED","who":"ada@demo.test"}"#);
    assert_eq!(header(one, "x-cal-signature-256"), signature("t", &one.raw));
}

async fn a_ping_is_signed_and_names_no_booking(rig: Rig) {
    rig.control("/webhooks/ping", json!({})).await;
    let ping = rig.inbox.last("PING");
    assert!(ping.body["payload"].get("uid").is_none());
    assert_eq!(ping.body["payload"]["startTime"], ping.body["createdAt"]);
    assert_eq!(ping.body["payload"]["attendees"][0]["timeZone"], "Europe/London");
    assert_eq!(header(&ping, "x-cal-signature-256").len(), 64);
}

async fn metadata_is_missing_where_the_original_forgets_it(mut rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    let moved = rig.reschedule(&uid, "2026-12-01T11:00:00Z").await.uid();
    let by_api = rig.inbox.last("BOOKING_RESCHEDULED").body["payload"]["metadata"].clone();
    assert_eq!(by_api["gateReservationId"], "res_01");
    let body = json!({ "uid": moved, "start": "2026-12-01T13:00:00Z" });
    let by_person = rig.control("/ui/reschedule", body).await;
    let told = rig.inbox.last("BOOKING_RESCHEDULED");
    assert_eq!(told.body["payload"]["metadata"], json!({}));
    assert_eq!(by_person.body["metadata"]["gateReservationId"], "res_01", "the row has it");
    rig.cancel(by_person.body["uid"].as_str().expect("a uid")).await;
    let cancelled = rig.inbox.last("BOOKING_CANCELLED");
    assert!(cancelled.body["payload"].get("metadata").is_none());

    let fields = json!({
        "title": "Asked", "slug": "asked", "lengthInMinutes": 60, "minimumBookingNotice": 0,
        "confirmationPolicy": { "type": "always" }
    });
    let made = rig.post(EVENT_TYPES, "/v2/event-types", fields).await;
    rig.event_type_id = made.body["data"]["id"].as_i64().expect("an id");
    let pending = rig.booked("2026-12-03T09:00:00Z").await;
    let requested = rig.inbox.last("BOOKING_REQUESTED");
    assert!(requested.body["payload"]["oneTimePassword"].is_string());
    rig.post(BOOKINGS, &format!("/v2/bookings/{pending}/confirm"), json!({})).await;
    let confirmed = rig.inbox.last("BOOKING_CREATED");
    assert_eq!(confirmed.body["payload"]["uid"], json!(pending));
    assert!(confirmed.body["payload"].get("metadata").is_none());
    let again = rig.booked("2026-12-04T09:00:00Z").await;
    rig.post(BOOKINGS, &format!("/v2/bookings/{again}/decline"), json!({})).await;
    assert!(rig.inbox.last("BOOKING_REJECTED").body["payload"].get("metadata").is_none());
}

async fn words_and_times_differ_by_trigger(rig: Rig) {
    let uid = rig.booked("2026-12-01T09:00:00Z").await;
    rig.cancel(&uid).await;
    let created = rig.inbox.last("BOOKING_CREATED").body["payload"].clone();
    let cancelled = rig.inbox.last("BOOKING_CANCELLED").body["payload"].clone();
    assert_eq!(
        (&created["status"], &created["startTime"]),
        (&json!("ACCEPTED"), &json!("2026-12-01T09:00:00Z"))
    );
    assert_eq!(
        (&cancelled["status"], &cancelled["startTime"]),
        (&json!("CANCELLED"), &json!("2026-12-01T09:00:00+00:00"))
    );
    assert!(cancelled.get("cancelledBy").is_none(), "an API cancel has no author");
    assert_eq!(created["organizer"]["utcOffset"], 60);
}

async fn a_move_is_told_once_with_both_uids(rig: Rig) {
    let old = rig.booked("2026-12-01T09:00:00Z").await;
    let new = rig.reschedule(&old, "2026-12-02T09:00:00Z").await.uid();
    assert_eq!(rig.inbox.triggers(), ["BOOKING_CREATED", "BOOKING_RESCHEDULED"]);
    let payload = rig.inbox.last("BOOKING_RESCHEDULED").body["payload"].clone();
    assert_eq!((&payload["uid"], &payload["rescheduleUid"]), (&json!(new), &json!(old)));
    assert_eq!(payload["rescheduleStartTime"], "2026-12-01T09:00:00Z");
    assert!(payload.get("iCalUID").is_none());
    assert_eq!(payload["iCalSequence"], 1);
}
