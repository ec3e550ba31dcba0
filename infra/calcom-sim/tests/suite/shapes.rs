//! Field sets compared with recordings of a real server, when their folder is named.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{BOOKINGS, EVENT_TYPES, Rig, SCHEDULES};

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

fn capture(folder: &str, name: &str) -> Value {
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).expect("a capture");
    serde_json::from_str(&text).expect("json")
}

/// Compares the keys at some places of two bodies.
fn same(name: &str, ours: &Value, theirs: &Value, pointers: &[&str]) {
    for pointer in pointers {
        let (ours, theirs) = (ours.pointer(pointer), theirs.pointer(pointer));
        let ours = ours.map(keys).unwrap_or_default();
        let theirs = theirs.map(keys).unwrap_or_default();
        assert_eq!(ours, theirs, "{name} at `{pointer}`");
    }
}

async fn compare_answers(folder: &str, rig: &Rig) {
    let theirs = |name: &str| capture(folder, name)["response"]["body"].clone();
    let made = rig.book("2026-12-01T09:00:00Z").await;
    let booking = ["", "/data", "/data/hosts/0", "/data/attendees/0", "/data/eventType"];
    same("create", &made.body, &theirs("bookings-create"), &booking);
    let read = rig.get(BOOKINGS, &format!("/v2/bookings/{}", made.uid())).await;
    same("get", &read.body, &theirs("bookings-get"), &booking);
    let path = format!("/v2/bookings/{}/reschedule", made.uid());
    let body = json!({
        "start": "2026-12-02T09:00:00Z", "reschedulingReason": "sick", "rescheduledBy": "a@b.test"
    });
    let moved = rig.post(BOOKINGS, &path, body).await;
    same("reschedule", &moved.body, &theirs("bookings-reschedule"), &booking);
    let old = rig.get(BOOKINGS, &format!("/v2/bookings/{}", made.uid())).await;
    same("old half", &old.body, &theirs("bookings-reschedule-old-after"), &booking);
    let cancelled = rig.cancel(&moved.uid()).await;
    let mut plain = cancelled.body.clone();
    for key in ["reschedulingReason", "rescheduledFromUid"] {
        plain["data"].as_object_mut().expect("fields").remove(key);
    }
    same("cancel", &plain, &theirs("bookings-cancel"), &booking);
    let list = rig.get(BOOKINGS, "/v2/bookings?take=3&skip=0&status=cancelled").await;
    same("list", &list.body, &theirs("bookings-list-page2"), &["", "/pagination"]);
    let types = rig.get(EVENT_TYPES, "/v2/event-types/101").await;
    same("event type", &types.body, &theirs("event-types-get"), &["", "/data", "/data/users/0"]);
    let schedule = rig.get(SCHEDULES, "/v2/schedules/1").await;
    let places = ["", "/data", "/data/availability/0"];
    same("schedule", &schedule.body, &theirs("schedules-get"), &places);
    let me = rig.get(BOOKINGS, "/v2/me").await;
    same("me", &me.body, &theirs("auth-apikey-me"), &["", "/data"]);
    let old_shape = rig
        .try_send(
            reqwest::Method::GET,
            &format!("/v2/bookings/{}", made.uid()),
            (None, Some(&rig.key)),
            None,
        )
        .await
        .expect("an answer");
    let places = ["", "/data", "/data/user", "/data/attendees/0", "/data/eventType"];
    same("old version", &old_shape.body, &theirs("bookings-get-noversion"), &places);
}

fn compare_deliveries(folder: &str, rig: &Rig) {
    for trigger in ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED"] {
        let theirs = capture(folder, &format!("webhook-{trigger}"));
        let ours = rig.inbox.last(trigger);
        let places = ["", "/payload", "/payload/organizer", "/payload/attendees/0"];
        same(trigger, &ours.body, &theirs["request"]["body"], &places);
        let order = |value: &Value| -> Vec<String> {
            value["payload"].as_object().expect("a payload").keys().cloned().collect()
        };
        assert_eq!(order(&ours.body), order(&theirs["request"]["body"]), "{trigger}: order");
    }
}

#[tokio::test]
async fn bodies_have_the_fields_of_the_recordings() {
    let Some(folder) = Rig::captures() else {
        println!("not run: CALCOM_CAPTURES names no folder");
        return;
    };
    let rig = Rig::sim().await;
    compare_answers(&folder, &rig).await;
    compare_deliveries(&folder, &rig);
}
