//! A person's data over HTTP: given out, erased, and never in a log, an error or a queue.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::stack::{Person, Stack};

#[tokio::test]
async fn a_person_is_given_his_data_and_then_erased() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.reserve(&max, &start, "k").await.expect(201);
    let export = format!("/api/users/{}/export", max.id);
    let data = stack.post(&max, &export, &json!({})).await.expect(200);
    assert!(data.text.contains("max@demo.test") && data.text.contains(&start), "{}", data.text);
    let foreign = format!("/api/users/{}/export", root.id);
    stack.post(&max, &foreign, &json!({})).await.problem(404, "not_found");

    let erase = format!("/api/users/{}/erase", max.id);
    let body = json!({ "confirm": max.id });
    let begun = stack.post(&root, &erase, &body).await.expect(202);
    assert_eq!(begun.body["erasure"]["report"]["cancelled"], 1, "{}", begun.text);
    stack.get(&max, "/api/auth/me").await.problem(401, "unauthenticated");
    taken_in(&stack, &root, 2).await;
    stack.advance(150).await;
    stack.job("outbox-calcom").await;
    let done = stack.post(&root, &erase, &body).await.expect(200);
    assert_eq!(done.body["erasure"]["state"], "done", "{}", done.text);
    let state = stack.look("/__sim/state").await;
    let bookings = state["bookings"].as_array().unwrap();
    assert!(bookings.iter().all(|booking| booking["status"] != "accepted"), "{state}");
    let again = stack.post(&root, &export, &json!({})).await.expect(200);
    assert!(!again.text.contains("max@demo.test"), "{}", again.text);
    let login = json!({ "email": "max@demo.test", "password": "interlock-demo" });
    let login = stack.request(Method::POST, "/api/auth/login").json(&login);
    stack.send(login).await.problem(401, "invalid_credentials");
}

/// Waits until so many deliveries of Cal.com were taken in: one that comes later than what a test
/// is about would change it.
async fn taken_in(stack: &Stack, root: &Person, wanted: usize) {
    for _ in 0..100 {
        let list = stack.get(root, "/api/webhook-events?state=applied").await.expect(200);
        if list.body["items"].as_array().unwrap().len() >= wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the deliveries never came");
}

/// Stands in every input of the run below, each time with another end.
const CANARY: &str = "canary5d1e";

/// Sends marked values wherever a caller or Cal.com can put a value; the cookies that were given.
async fn sing(stack: &Stack) -> Vec<String> {
    let mut answers = Vec::new();
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let login =
        json!({ "email": format!("{CANARY}-mail@x.test"), "password": format!("{CANARY}-p") });
    let login = stack.request(Method::POST, "/api/auth/login").json(&login);
    answers.push(stack.send(login.header("user-agent", format!("{CANARY}-agent"))).await);
    let forged = stack.request(Method::GET, "/api/auth/me");
    let forged = forged.header("cookie", format!("__Host-session=usr_max.{CANARY}"));
    answers.push(stack.send(forged).await);
    let bearing = stack.request(Method::GET, "/api/auth/me");
    let bearing = bearing.header("authorization", format!("Bearer {CANARY}.{CANARY}.{CANARY}"));
    answers.push(stack.send(bearing).await);
    for path in [
        format!("/api/machines/{CANARY}"),
        format!("/api/reservations?cursor={CANARY}"),
        format!("/api/audit?actor={CANARY}&from={CANARY}"),
    ] {
        answers.push(stack.get(&root, &path).await);
    }
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let key = format!("{CANARY}-key");
    let booked = stack.reserve(&max, &start, &key).await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let reserve = "/api/machines/mch_laser/reservations";
    let odd = json!({ "start": CANARY, "note": CANARY, CANARY: 1 });
    answers.push(stack.post(&max, reserve, &odd).await);
    let checkout = json!({ "userId": format!("usr_{CANARY}"), "notes": CANARY });
    answers.push(stack.post(&root, "/api/machines/mch_laser/checkout", &checkout).await);
    // The delivery of the booking, a second late, would have the cancel tried once more.
    taken_in(stack, &root, 1).await;
    stack.inject("bookings.cancel", "error_500").await;
    let cancel = json!({ "reason": format!("{CANARY}-reason") });
    let path = format!("/api/reservations/{id}/cancel");
    stack.post(&max, &path, &cancel).await.expect(202);
    answers.extend(deliver(stack).await);
    let confirm = json!({ "confirm": CANARY });
    answers.push(stack.post(&root, &format!("/api/users/{CANARY}/erase"), &confirm).await);
    assert!(answers.iter().all(|answer| answer.status >= 400));
    for answer in answers {
        assert!(!answer.text.contains(CANARY), "an error repeats its input: {}", answer.text);
    }
    vec![max.cookie, root.cookie]
}

/// A forged delivery and three signed ones: of no booking, unreadable, and with an odd trigger.
async fn deliver(stack: &Stack) -> Vec<crate::stack::Answer> {
    let calcom = stack.look("/__dev/calcom").await;
    let secret = calcom["webhookSecret"].as_str().unwrap().to_owned();
    let attendee = json!([{ "name": CANARY, "email": format!("{CANARY}@x.test") }]);
    let payload = json!({ "uid": CANARY, "attendees": attendee, "title": CANARY });
    let whole = json!({ "triggerEvent": "BOOKING_CANCELLED", "payload": payload });
    let odd = json!({ "triggerEvent": CANARY, "payload": payload });
    let post = |body: String, signature: String| {
        let request = stack.request(Method::POST, "/api/webhooks/calcom");
        let request = request.header("content-type", "application/json");
        request.header("x-cal-signature-256", signature).body(body)
    };
    for body in [whole.to_string(), odd.to_string(), format!("[\"{CANARY}\"]")] {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let mac = mac.chain_update(body.as_bytes()).finalize().into_bytes();
        let signature = data_encoding::HEXLOWER.encode(&mac);
        stack.send(post(body, signature)).await.expect(200);
    }
    vec![stack.send(post(whole.to_string(), format!("sha256={CANARY}"))).await]
}

/// Every log of every function, and of the queues the attributes of all messages and the bodies
/// of nudges; a delivery's own body is what the queue of deliveries is for.
fn told(folder: &Path) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for log in std::fs::read_dir(folder.join("logs")).unwrap() {
        let log = log.unwrap().path();
        told.push((log.display().to_string(), std::fs::read_to_string(&log).unwrap()));
    }
    let queues = rusqlite::Connection::open(folder.join("queue.db")).unwrap();
    let mut messages = queues.prepare("SELECT queue, attributes, body FROM message").unwrap();
    let rows = messages.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    });
    for row in rows.unwrap() {
        let (queue, attributes, body) = row.unwrap();
        told.push((format!("attributes in {queue}"), attributes));
        if !queue.to_lowercase().contains("webhook") {
            told.push((format!("a message in {queue}"), body));
        }
    }
    told
}

#[tokio::test]
async fn no_marked_value_is_in_a_log_an_error_a_figure_or_a_queue() {
    let stack = Stack::start().await;
    let cookies = sing(&stack).await;
    for job in ["webhook-worker", "outbox-calcom", "reconcile", "audit-seal", "calcom-cron"] {
        stack.job(job).await;
    }
    let secrets: Value = {
        let file = stack.data.as_ref().unwrap().path().join("stack/secrets.json");
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    };
    let tokens = cookies.iter().map(|cookie| cookie.rsplit('.').next().unwrap().to_owned());
    let mut marks: Vec<String> = tokens.collect();
    marks.extend([CANARY, "max@demo.test", "interlock-demo"].map(str::to_owned));
    for secret in secrets.as_object().unwrap().values() {
        let inner: Value = serde_json::from_str(secret.as_str().unwrap()).unwrap();
        marks.extend(long_texts(&inner));
    }
    assert!(marks.len() >= 7, "credentials, webhook secret and cursor key are among the marks");
    let folder = stack.data.as_ref().unwrap().path().join("stack");
    let told = told(&folder);
    let lines: usize = told.iter().map(|(_, text)| text.lines().count()).sum();
    assert!(lines >= 20, "a run that says nothing shows nothing: {lines} lines");
    for (place, text) in told {
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "`{mark}` is in {place}:\n{text}");
        }
    }
}

/// Texts of a secret that are long enough to be one.
fn long_texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if text.len() >= 12 => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(long_texts).collect(),
        Value::Object(fields) => fields.values().flat_map(long_texts).collect(),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
