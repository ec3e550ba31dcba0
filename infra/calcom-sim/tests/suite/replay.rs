//! Every recorded exchange with a real server, sent to the stand-in again.
//!
//! `replay.json` gives each recording its class: `alike` in status, fields, kinds of values and
//! words; `status`, where the fields hang on what the recorded account held; `state`, where the
//! answer itself hangs on what was done before; `route`, where nothing of ours calls it and the
//! stand-in does not have it.
//! The first two have the headers of the recording too.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Map, Value, json};

use crate::support::{BOOKINGS, Rig, client};

const CLASSES: &str = include_str!("replay.json");
/// Fewest recordings that must be answered alike, and with the same status.
const ALIKE: usize = 154;
const SAME_STATUS: usize = 251;
/// Numbers that the recorded account did not have either.
const UNKNOWN: &str = "99";

/// How far a recording holds for the stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Class {
    Alike,
    Status,
    State,
    Route,
}

fn recordings(folder: &str) -> BTreeMap<String, Value> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let read = files.map(|path| {
        let text = std::fs::read_to_string(&path).expect("text");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, serde_json::from_str::<Value>(&text).expect("json"))
    });
    read.filter(|(_, file)| is_exchange(file)).collect()
}

fn is_exchange(file: &Value) -> bool {
    file.get("results").is_none() && file["request"].get("body_raw").is_none()
}

/// Fields and kinds of values; a list is as its first entry.
pub(crate) fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("text"),
        Value::Array(items) => items.iter().take(1).map(shape).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), shape(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

/// The words of a refusal, each id and number in them as `#`.
pub(crate) fn words(body: &Value) -> Vec<String> {
    let message = body.pointer("/error/message").or_else(|| body.get("message"));
    let message = message.and_then(Value::as_str).unwrap_or_default();
    let plain = |word: &str| {
        let is_id = word.len() > 18 || word.chars().any(|one| one.is_ascii_digit());
        if is_id { "#".to_owned() } else { word.to_owned() }
    };
    message.split(|one: char| !one.is_alphanumeric() && one != '-').map(plain).collect()
}

/// Puts our numbers in place of those of the recorded account.
fn in_our_world(path: &str, uid: &str) -> String {
    let mut path = path.to_owned();
    for (mark, ours) in [("eventTypeId=", "101"), ("/event-types/", "101"), ("/schedules/", "1")] {
        let Some(at) = path.find(mark).map(|at| at + mark.len()) else { continue };
        let digits = path[at..].chars().take_while(char::is_ascii_digit).count();
        if digits > 0 && !path[at..].starts_with(UNKNOWN) {
            path.replace_range(at..at + digits, ours);
        }
    }
    if let Some(rest) = path.strip_prefix("/v2/bookings/") {
        let length = rest.chars().take_while(char::is_ascii_alphanumeric).count();
        if length >= 20 {
            path = format!("/v2/bookings/{uid}{}", &rest[length..]);
        }
    }
    path
}

fn key_of(recorded: &str) -> String {
    let Some(at) = recorded.find("cal_<key-of-") else { return recorded.to_owned() };
    let accounts = interlock_calcom_sim::demo_accounts();
    let account = usize::from(!recorded.contains("ada-owner"));
    format!("{}{}", &recorded[..at], accounts[account].api_key)
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// Sends a recorded request to a fresh world with one booking.
async fn replay(rig: &Rig, client: &reqwest::Client, request: &Value) -> Answered {
    rig.control("/reset", json!({})).await;
    let path = request["path"].as_str().expect("a path");
    let needs_booking = path.starts_with("/v2/bookings/");
    let uid = if needs_booking { rig.booked("2026-12-01T10:00:00Z").await } else { String::new() };
    let method: Method = request["method"].as_str().expect("a method").parse().expect("a method");
    let url = format!("{}{}", rig.url, in_our_world(path, &uid));
    let mut send = client.request(method, url);
    for (name, value) in request["headers"].as_object().expect("headers") {
        send = send.header(name, key_of(value.as_str().expect("text")));
    }
    let mut body = request["body"].get("__raw__").unwrap_or(&request["body"]).clone();
    if let Some(number) = body.get("eventTypeId").map(Value::to_string)
        && !number.starts_with(UNKNOWN)
        && body.is_object()
    {
        body["eventTypeId"] = json!(101);
    }
    send = match body {
        Value::Null => send,
        Value::String(text) => send.body(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            send.body(body.to_string())
        }
    };
    let answer = send.send().await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.expect("text");
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answered { status, headers, body }
}

/// How far the answer is as recorded; not at all is no class.
fn class(recorded: &Value, ours: &Answered) -> Option<Class> {
    if recorded["status"] != json!(ours.status) || !has_headers_of(recorded, ours) {
        return None;
    }
    let theirs = &recorded["body"];
    let is_alike = shape(theirs) == shape(&ours.body) && words(theirs) == words(&ours.body);
    Some(if is_alike { Class::Alike } else { Class::Status })
}

/// The same names, and the same type of content; those of the connection were not recorded.
pub(crate) fn has_headers_of(recorded: &Value, ours: &Answered) -> bool {
    let theirs = recorded["headers"].as_object().expect("headers");
    let names: BTreeSet<&str> = theirs.keys().map(String::as_str).collect();
    let ours_named = ours.headers.keys().map(HeaderName::as_str);
    let recordable = |name: &str| {
        ["access-control-", "content-type", "x-"].iter().any(|start| name.starts_with(start))
    };
    let kind = ours.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    names == ours_named.filter(|name| recordable(name)).collect()
        && theirs["content-type"].as_str() == kind
}

fn keeps(promised: Class, found: Option<Class>) -> bool {
    match promised {
        Class::Alike => found == Some(Class::Alike),
        Class::Status => found.is_some(),
        Class::State | Class::Route => true,
    }
}

#[tokio::test]
async fn recorded_requests_are_answered_as_they_were() {
    let Some(folder) = Rig::captures() else {
        println!("not run: CALCOM_CAPTURES names no folder");
        return;
    };
    let classes: BTreeMap<String, Class> = serde_json::from_str(CLASSES).expect("a table");
    let recordings = recordings(&folder);
    assert_eq!(
        recordings.keys().collect::<Vec<_>>(),
        classes.keys().collect::<Vec<_>>(),
        "a recording without a class, or a class without a recording"
    );
    let rig = Rig::sim().await;
    assert_eq!(rig.get(BOOKINGS, "/v2/me").await.status, 200);
    let client = client();
    let (mut counts, mut broken) = (BTreeMap::<Class, usize>::new(), Vec::new());
    for (name, file) in &recordings {
        let (promised, answered) = (classes[name], replay(&rig, &client, &file["request"]).await);
        let found = class(&file["response"], &answered);
        *counts.entry(promised).or_default() += 1;
        if !keeps(promised, found) {
            let (status, headers) = (answered.status, &answered.headers);
            broken.push(format!("{name}: {promised:?} became {found:?}: {status} {headers:?}"));
        }
    }
    println!("figures: recordings replayed: {counts:?}");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let (alike, status) = (counts[&Class::Alike], counts[&Class::Status]);
    assert!(alike >= ALIKE && alike + status >= SAME_STATUS);
}
