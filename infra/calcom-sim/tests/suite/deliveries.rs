//! Deliveries compared with the recorded ones of a real server, when their folder is named:
//! fields at every depth, kinds of values, formats of times and ids, and names of headers.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use reqwest::header::HeaderName;
use serde_json::{Value, json};

use crate::support::{BOOKINGS, EVENT_TYPES, Rig};

const TRIGGERS: [&str; 6] = [
    "BOOKING_CREATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "PING",
];
/// What hangs on the questions of the type and on the client, so not on the server.
const FREE: [&str; 3] = ["/payload/responses", "/payload/userFieldsResponses", "/payload/metadata"];

/// The kind of a value; of a text also how a time or an id is written.
fn format(value: &Value) -> String {
    let Value::String(text) = value else {
        return match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) | Value::Array(_) | Value::Object(_) => "part",
        }
        .to_owned();
    };
    let is_time = text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(':');
    if is_time {
        return text.chars().map(|one| if one.is_ascii_digit() { '0' } else { one }).collect();
    }
    match text.split_once('@') {
        Some((_, "Cal.com")) => "calendar id".to_owned(),
        Some(_) => "address".to_owned(),
        None if text.len() == 36 && text.matches('-').count() == 4 => "uuid".to_owned(),
        None => "text".to_owned(),
    }
}

/// Every path of a body with the format found there; a list is as its first entry.
fn formats(at: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    if FREE.contains(&at) {
        found.insert(at.to_owned(), "free".to_owned());
        return;
    }
    found.insert(at.to_owned(), format(value));
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                formats(&format!("{at}/{name}"), value, found);
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                formats(&format!("{at}/0"), first, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn all_formats(body: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    formats("", body, &mut found);
    found
}

/// Lets the demo world send every trigger it can.
async fn provoke(rig: &mut Rig) {
    let described = json!({ "description": "Room 2" });
    rig.send(Method::PATCH, EVENT_TYPES, "/v2/event-types/101", described).await;
    let mut wish = rig.wish("2026-12-01T09:00:00Z");
    wish["attendee"]["timeZone"] = json!("America/New_York");
    let made = rig.post(BOOKINGS, "/v2/bookings", wish).await.uid();
    let path = format!("/v2/bookings/{made}/reschedule");
    let body = json!({ "start": "2026-12-02T09:00:00Z", "rescheduledBy": "ada@demo.test" });
    rig.post(BOOKINGS, &path, body).await;
    let other = rig.booked("2026-12-03T09:00:00Z").await;
    rig.cancel(&other).await;
    let fields = json!({
        "title": "Asked", "slug": "asked", "lengthInMinutes": 60, "minimumBookingNotice": 0,
        "confirmationPolicy": { "type": "always" }
    });
    let kind = rig.post(EVENT_TYPES, "/v2/event-types", fields).await;
    rig.event_type_id = kind.body["data"]["id"].as_i64().expect("an id");
    let asked = rig.booked("2026-12-04T09:00:00Z").await;
    let path = format!("/v2/bookings/{asked}/decline");
    rig.post(BOOKINGS, &path, json!({ "reason": "no badge" })).await;
    rig.control("/webhooks/ping", json!({})).await;
}

fn recorded(folder: &str, trigger: &str) -> Value {
    let text = std::fs::read_to_string(format!("{folder}/webhook-{trigger}.json"));
    serde_json::from_str(&text.expect("a capture")).expect("json")
}

/// Names of headers that the sender chose; the others are those of its HTTP library.
fn chosen<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let names = names.map(str::to_ascii_lowercase);
    names.filter(|name| name.starts_with("x-") || name.starts_with("content-")).collect()
}

#[tokio::test]
async fn deliveries_have_the_fields_and_formats_of_the_recordings() {
    let Some(folder) = Rig::captures() else {
        println!("not run: CALCOM_CAPTURES names no folder");
        return;
    };
    let mut rig = Rig::sim().await;
    provoke(&mut rig).await;
    let mut apart = Vec::new();
    for trigger in TRIGGERS {
        let (theirs, ours) = (recorded(&folder, trigger), rig.inbox.last(trigger));
        let theirs_found = all_formats(&theirs["request"]["body"]);
        let ours_found = all_formats(&ours.body);
        let paths: BTreeSet<&String> = theirs_found.keys().chain(ours_found.keys()).collect();
        for path in paths {
            let (theirs, ours) = (theirs_found.get(path), ours_found.get(path));
            if theirs != ours {
                apart.push(format!("{trigger} {path}: {theirs:?} became {ours:?}"));
            }
        }
        let theirs = theirs["request"]["headers"].as_array().expect("headers").iter();
        let theirs = chosen(theirs.map(|header| header[0].as_str().expect("a name")));
        assert_eq!(theirs, chosen(ours.headers.keys().map(HeaderName::as_str)), "{trigger}");
    }
    assert!(apart.is_empty(), "{}", apart.join("\n"));
}
