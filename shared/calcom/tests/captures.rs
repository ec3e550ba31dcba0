//! Recorded answers and deliveries of a real server, read by this crate.
//!
//! Every file must parse and fall into the class that `captures-classes.json` names; a file
//! without a class, and a class without a file, are errors.

#![expect(clippy::unwrap_used, reason = "a surprise in a recording is a failed test")]

#[path = "support/recorded.rs"]
mod recorded;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use interlock_app::ports::scheduler::Failure;
use interlock_calcom::webhook::{self, SignatureError, SigningSecrets, Trigger};
use interlock_calcom::{Operation, Reading, Secret, read};
use recorded::operation;
use serde_json::{Value, json};

const VARIABLE: &str = "CALCOM_CAPTURES";
const CLASSES: &str = include_str!("captures-classes.json");

#[expect(clippy::disallowed_methods, reason = "a test has no configuration to read it from")]
fn folder_given() -> Option<PathBuf> {
    std::env::var_os(VARIABLE).map(PathBuf::from)
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

/// The files of a folder by name without ending.
fn files(folder: &Path) -> BTreeMap<String, Value> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

fn failure(failure: Failure) -> String {
    format!("failure:{}", serde_json::to_value(failure).unwrap().as_str().unwrap())
}

/// The class of one exchange; no status means that nothing came.
fn exchange(operation: Operation, response: &Value) -> String {
    let Some(status) = response["status"].as_u64() else {
        return failure(Failure::UnknownOutcome);
    };
    let body = match &response["body"] {
        Value::String(text) => text.clone().into_bytes(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            response["body"].to_string().into_bytes()
        }
    };
    match read(operation, u16::try_from(status).unwrap(), &body) {
        Ok(Reading::Slots(starts)) => format!("slots:{}", starts.len()),
        Ok(Reading::Bookings(bookings)) if operation == Operation::List => {
            format!("page:{}", bookings.len())
        }
        Ok(Reading::Bookings(bookings)) => match bookings.as_slice() {
            [booking] => {
                let status = serde_json::to_value(&booking.status).unwrap();
                format!("booking:{}", status.as_str().unwrap_or("other"))
            }
            series => format!("series:{}", series.len()),
        },
        Ok(Reading::EventTypes(kinds)) => format!("kinds:{}", kinds.len()),
        Ok(Reading::Subscriptions(found)) => format!("webhooks:{}", found.len()),
        Ok(Reading::Me(_)) => "me".to_owned(),
        Ok(Reading::Done) => "done".to_owned(),
        Err(class) => failure(class),
    }
}

/// The class of a delivery, its signature checked where the secret is known.
fn delivery(name: &str, request: &Value, secret: Option<&str>) -> String {
    let raw = request["body_raw"].as_str().unwrap().as_bytes();
    let signatures: Vec<&[u8]> = request["headers"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|header| {
            header[0].as_str().unwrap().eq_ignore_ascii_case(webhook::SIGNATURE_HEADER)
        })
        .map(|header| header[1].as_str().unwrap().as_bytes())
        .collect();
    let verify = |secret: &str| {
        SigningSecrets::new(vec![Secret::new(secret)]).unwrap().verify(raw, &signatures)
    };
    if let Some(secret) = secret {
        assert_eq!(verify(secret), Ok(()), "signature of `{name}`");
    }
    let parsed = webhook::parse(raw).unwrap();
    let masked = webhook::mask(raw).unwrap();
    assert_eq!(webhook::parse(masked.as_bytes()).unwrap(), parsed, "masked `{name}`");
    assert!(!masked.contains("\"oneTimePassword\":\"") || masked.contains("Password\":\"…\""));
    let word = parsed.trigger.as_str();
    let word = if word.is_empty() { "templated" } else { word };
    if parsed.trigger != Trigger::Ping {
        assert!(parsed.uid.is_some(), "uid of `{name}`");
    }
    if verify("any") == Err(SignatureError::Placeholder) {
        format!("unsigned delivery:{word}")
    } else {
        format!("delivery:{word}")
    }
}

/// The classes of a file with many results.
fn list(results: &Value) -> Value {
    if let Some(timings) = results.as_object() {
        return timings
            .values()
            .map(|timing| {
                let millis = |name: &str| timing[name].as_u64().unwrap();
                assert!(millis("p50_ms") <= millis("p95_ms"));
                assert!(millis("p95_ms") <= millis("max_ms"));
                json!("timing")
            })
            .collect();
    }
    let class = |result: &Value| {
        let status = result["status"].as_u64().unwrap();
        if status == 201 {
            // Only uid, status and start were kept of these answers.
            return json!("created");
        }
        json!(exchange(Operation::Create, &json!({"status": status, "body": result["body"]})))
    };
    results.as_array().unwrap().iter().map(class).collect()
}

/// The class of a file as the table writes it.
fn class(name: &str, file: &Value, expected: &Value) -> Value {
    if let Some(results) = file.get("results") {
        return list(results);
    }
    let request = &file["request"];
    if request.get("body_raw").is_some() {
        let secret = expected["secret"].as_str();
        let class = delivery(name, request, secret);
        return match secret {
            Some(secret) => json!({"class": class, "secret": secret}),
            None => json!({"class": class}),
        };
    }
    let (method, path) = (request["method"].as_str().unwrap(), request["path"].as_str().unwrap());
    json!(exchange(operation(method, path), &file["response"]))
}

/// Compares each file with its line; answers how many were single and how many lists.
fn check(files: &BTreeMap<String, Value>, classes: &BTreeMap<String, Value>) -> (usize, usize) {
    let found: BTreeMap<String, Value> = files
        .iter()
        .map(|(name, file)| {
            (name.clone(), class(name, file, classes.get(name).unwrap_or(&Value::Null)))
        })
        .collect();
    let mut wrong = Vec::new();
    for name in found.keys().chain(classes.keys()) {
        if found.get(name) != classes.get(name) {
            wrong.push(format!("{name}: {:?} is not {:?}", found.get(name), classes.get(name)));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let lists = found.values().filter(|class| class.is_array()).count();
    (found.len() - lists, lists)
}

fn table(part: &str) -> BTreeMap<String, Value> {
    let mut table: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_str(CLASSES).unwrap();
    table.remove(part).unwrap()
}

#[test]
fn every_capture_falls_into_its_class() {
    let Some(folder) = folder_given() else {
        println!("captures: ABSENT");
        return;
    };
    let files = files(&folder);
    if files.is_empty() {
        println!("captures: ABSENT");
        panic!("`{VARIABLE}` is set and its folder holds no capture");
    }
    let (checked, lists) = check(&files, &table("captures"));
    println!("captures: {checked} checked, {lists} lists");
}

#[test]
fn every_sample_falls_into_its_class() {
    let (checked, lists) = check(&files(&samples()), &table("samples"));
    assert!(checked >= 12, "{checked} samples");
    assert!(lists >= 1, "{lists} lists");
}

#[test]
fn every_failure_that_an_answer_can_show_stands_in_the_table() {
    // No answer stands behind `NotConnected`, so no file can show it.
    for failure in [
        Failure::RateLimited,
        Failure::SlotTaken,
        Failure::OutOfBounds,
        Failure::BookerLimit,
        Failure::EventLimit,
        Failure::AttendeeRefused,
        Failure::VerificationNeeded,
        Failure::BadRequest,
        Failure::Credential,
        Failure::MappingBroken,
        Failure::Duplicate,
        Failure::Decoy,
        Failure::NotFound,
        Failure::AlreadyCancelled,
        Failure::CancelRefused,
        Failure::AlreadyRescheduled,
        Failure::UnknownOutcome,
        Failure::Unreadable,
    ] {
        let word = serde_json::to_value(failure).unwrap();
        let word = word.as_str().unwrap();
        assert!(CLASSES.contains(&format!("failure:{word}\"")), "{word}");
    }
}
