//! Recorded answers that hang on what was done before: it is done again, then the answers are
//! compared in status, headers, fields, kinds of values and words.

use reqwest::Method;
use serde_json::{Value, json};

use crate::replay::{Answered, has_headers_of, shape, words};
use crate::support::{Answer, BOOKINGS, EVENT_TYPES, Options, Rig, SCHEDULES, SLOTS};

/// The recording and what the stand-in said.
type Said = (&'static str, Answer);

fn recorded(folder: &str, name: &str) -> Value {
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).expect("a capture");
    serde_json::from_str::<Value>(&text).expect("json")["response"].clone()
}

/// What the client chose of a booking is not the server's.
fn without_free(mut body: Value) -> Value {
    if let Some(fields) = body.get_mut("data").and_then(Value::as_object_mut) {
        fields.remove("metadata");
        fields.remove("bookingFieldsResponses");
    }
    body
}

fn assert_as_recorded(folder: &str, said: Vec<Said>) {
    let mut apart = Vec::new();
    let count = said.len();
    for (name, ours) in said {
        let theirs = recorded(folder, name);
        let ours = Answered { status: ours.status, headers: ours.headers, body: ours.body };
        let body = (without_free(theirs["body"].clone()), without_free(ours.body.clone()));
        let is_alike = theirs["status"] == json!(ours.status)
            && has_headers_of(&theirs, &ours)
            && shape(&body.0) == shape(&body.1)
            && words(&body.0) == words(&body.1);
        if !is_alike {
            apart.push(format!(
                "{name}: {} {} became {} {}",
                theirs["status"], body.0, ours.status, body.1
            ));
        }
    }
    println!("figures: recordings of states done again: {count}");
    assert!(apart.is_empty(), "{}", apart.join("\n"));
}

async fn taken_times(rig: &Rig) -> Vec<Said> {
    rig.booked("2026-12-01T09:00:00Z").await;
    let other = rig.booked("2026-12-01T11:00:00Z").await;
    let mut wish = rig.wish("2026-12-01T09:00:00Z");
    wish["attendee"]["email"] = json!("bob@demo.test");
    let by_slug = json!({
        "start": "2026-12-04T13:00:00Z", "eventTypeSlug": "laser-60", "username": "laser",
        "attendee": wish["attendee"]
    });
    vec![
        ("bookings-create-identical-retry", rig.book("2026-12-01T09:00:00Z").await),
        ("bookings-create-double-other-attendee", rig.post(BOOKINGS, "/v2/bookings", wish).await),
        ("bookings-create-overlap-partial", rig.book("2026-12-01T09:30:00Z").await),
        ("bookings-reschedule-conflict", rig.reschedule(&other, "2026-12-01T09:00:00Z").await),
        ("bookings-create-by-slug", rig.post(BOOKINGS, "/v2/bookings", by_slug).await),
    ]
}

async fn ended_bookings(rig: &Rig) -> Vec<Said> {
    let made = rig.booked("2026-12-07T09:00:00Z").await;
    rig.reschedule(&made, "2026-12-08T09:00:00Z").await;
    let gone = rig.booked("2026-12-09T09:00:00Z").await;
    rig.cancel(&gone).await;
    let moved_again = rig.reschedule(&made, "2026-12-10T09:00:00Z").await;
    vec![
        ("bookings-reschedule-already-rescheduled", moved_again),
        ("bookings-cancel-again", rig.cancel(&gone).await),
        ("bookings-reschedule-cancelled", rig.reschedule(&gone, "2026-12-11T09:00:00Z").await),
    ]
}

async fn asked_bookings(rig: &mut Rig) -> Vec<Said> {
    let fields = json!({
        "title": "Asked", "slug": "asked", "lengthInMinutes": 60, "minimumBookingNotice": 600,
        "locations": [{ "type": "address", "address": "Bay 9", "public": true }],
        "confirmationPolicy": { "type": "always" }
    });
    let made = rig.post(EVENT_TYPES, "/v2/event-types", fields.clone()).await;
    let own =
        std::mem::replace(&mut rig.event_type_id, made.body["data"]["id"].as_i64().expect("an id"));
    let asked = rig.booked("2026-12-14T09:00:00Z").await;
    let declined = rig.booked("2026-12-15T09:00:00Z").await;
    rig.event_type_id = own;
    let decide = async |uid: &str, word: &str| {
        rig.post(BOOKINGS, &format!("/v2/bookings/{uid}/{word}"), json!({})).await
    };
    decide(&declined, "decline").await;
    let mut soon = rig.wish("2026-11-20T11:00:00Z");
    soon["eventTypeId"] = made.body["data"]["id"].clone();
    vec![
        ("bookings-confirm", decide(&asked, "confirm").await),
        ("bookings-create-too-soon", rig.post(BOOKINGS, "/v2/bookings", soon).await),
        ("bookings-confirm-after-decline", decide(&declined, "confirm").await),
        ("event-types-create-dup-slug", rig.post(EVENT_TYPES, "/v2/event-types", fields).await),
    ]
}

async fn deleted_twice(rig: &Rig) -> Vec<Said> {
    let kind = json!({ "title": "Brief", "slug": "brief", "lengthInMinutes": 60 });
    let kind = rig.post(EVENT_TYPES, "/v2/event-types", kind).await;
    let kind = format!("/v2/event-types/{}", kind.body["data"]["id"]);
    let hours = json!({ "name": "Brief", "timeZone": "Europe/Berlin", "isDefault": false });
    let hours = rig.post(SCHEDULES, "/v2/schedules", hours).await;
    let hours = format!("/v2/schedules/{}", hours.body["data"]["id"]);
    let delete = async |version: &str, path: &str| {
        rig.send(Method::DELETE, version, path, Value::Null).await
    };
    delete(EVENT_TYPES, &kind).await;
    delete(SCHEDULES, &hours).await;
    vec![
        ("event-types-delete-again", delete(EVENT_TYPES, &kind).await),
        ("schedules-delete-again", delete(SCHEDULES, &hours).await),
    ]
}

async fn as_other(rig: &Rig, method: Method, version: &str, path: &str, body: Value) -> Answer {
    let key = interlock_calcom_sim::demo_accounts().remove(1).api_key;
    let body = (!body.is_null()).then_some(body);
    rig.try_send(method, path, (Some(version), Some(&key)), body).await.expect("an answer")
}

async fn webhooks(rig: &Rig) -> Vec<Said> {
    let path = "/v2/webhooks";
    let subscribe = async |url: &str, secret: Value| {
        let mut fields = json!({ "active": true, "subscriberUrl": url });
        fields["triggers"] = json!(["BOOKING_CREATED"]);
        if secret.is_string() {
            fields["secret"] = secret;
        }
        rig.post(BOOKINGS, path, fields).await
    };
    let at = |made: &Answer| format!("{path}/{}", made.body["data"]["id"].as_str().expect("an id"));
    let signed = at(&subscribe("http://127.0.0.1:9/signed", json!("s")).await);
    let open = at(&subscribe("http://127.0.0.1:9/open", Value::Null).await);
    let same = subscribe("http://127.0.0.1:9/signed", json!("s")).await;
    let foreign = as_other(rig, Method::GET, BOOKINGS, &signed, Value::Null).await;
    let send =
        async |method: Method, at: &str, body: Value| rig.send(method, BOOKINGS, at, body).await;
    let change = json!({ "triggers": ["BOOKING_CREATED"], "payloadTemplate": null });
    let unset = json!({ "secret": "" });
    vec![
        ("webhooks-create-same-url", same),
        ("webhooks-get", rig.get(BOOKINGS, &signed).await),
        ("webhooks-get-other-user", foreign),
        ("webhooks-patch", send(Method::PATCH, &open, change).await),
        ("webhooks-patch-unset-secret-empty", send(Method::PATCH, &signed, unset).await),
        ("webhooks-delete", send(Method::DELETE, &open, Value::Null).await),
    ]
}

async fn held_slots(rig: &Rig) -> Vec<Said> {
    let path = "/v2/slots/reservations";
    let hold = |start: &str| json!({ "eventTypeId": 101, "slotStart": start });
    let made = rig.post(SLOTS, path, hold("2026-12-16T09:00:00Z")).await;
    let one = format!("{path}/{}", made.body["data"]["reservationUid"].as_str().expect("a uid"));
    let body = hold("2026-12-16T09:00:00Z");
    let foreign = as_other(rig, Method::POST, SLOTS, path, body).await;
    let moved = rig.send(Method::PATCH, SLOTS, &one, hold("2026-12-16T11:00:00Z")).await;
    vec![
        ("slots-reserve", made),
        ("slots-reserve-same-slot", foreign),
        ("slots-reserve-patch", moved),
    ]
}

async fn refused_calls() -> Vec<Said> {
    let rig = Rig::with(Options { calls: 3, ..Options::default() }).await;
    for _ in 0..3 {
        rig.get(BOOKINGS, "/v2/me").await;
    }
    let blocked = rig.get(BOOKINGS, "/v2/me").await;
    rig.advance(40);
    vec![
        ("ratelimit-default-429", blocked),
        ("ratelimit-default-after-window", rig.get(BOOKINGS, "/v2/me").await),
    ]
}

#[tokio::test]
async fn what_was_done_before_leads_to_the_recorded_answers() {
    let Some(folder) = Rig::captures() else {
        println!("not run: CALCOM_CAPTURES names no folder");
        return;
    };
    let mut rig = Rig::sim().await;
    let mut said = taken_times(&rig).await;
    said.extend(ended_bookings(&rig).await);
    said.extend(asked_bookings(&mut rig).await);
    said.extend(deleted_twice(&rig).await);
    said.extend(webhooks(&rig).await);
    said.extend(held_slots(&rig).await);
    said.extend(refused_calls().await);
    let past = rig.booked("2026-12-17T09:00:00Z").await;
    rig.advance(60 * 86_400);
    said.push(("bookings-cancel-past", rig.cancel(&past).await));
    assert_as_recorded(&folder, said);
}
