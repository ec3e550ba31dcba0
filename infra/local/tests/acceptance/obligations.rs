//! What a member owes beside training: a document accepted, and to come.

use reqwest::Method;
use serde_json::json;

use crate::stack::{Answer, Person, Stack};

const POLICY: &str = "/api/machines/mch_laser/policy";
const ELIGIBILITY: &str = "/api/machines/mch_laser/eligibility";
const DOCUMENTS: &str = "/api/machines/mch_laser/documents";

/// A policy that wants the house rules, and lets nobody in again soon who did not come.
async fn strict(stack: &Stack, mia: &Person) {
    let found = stack.get(mia, POLICY).await.expect(200);
    let mut rules = found.body["inForce"]["policy"].clone();
    let document = json!({ "kind": "document", "document": "house_rules", "version": 2 });
    rules["requirements"].as_array_mut().unwrap().push(document);
    rules["rules"]["strikes"] = json!({
        "noShowPoints": 2,
        "lateCancelPoints": 1,
        "decayDays": 30,
        "limits": [{ "fromPoints": 2, "horizonDays": 1 }],
    });
    let body = json!({ "policy": rules, "reason": "house rules, and fair use" });
    let request = stack.of(mia, Method::PUT, POLICY).header("if-match", found.header("etag"));
    stack.send(request.json(&body)).await.expect(200);
}

fn id(answer: &Answer) -> String {
    answer.body["reservation"]["id"].as_str().unwrap().to_owned()
}

fn seconds_until(now: jiff::Timestamp, start: &str) -> u64 {
    let start: jiff::Timestamp = start.parse().unwrap();
    u64::try_from(start.duration_since(now).as_secs()).unwrap()
}

#[tokio::test]
async fn a_document_opens_the_machine_and_a_miss_narrows_what_may_be_reserved_next() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    strict(&stack, &mia).await;
    let verdict = stack.get(&max, ELIGIBILITY).await.expect(200);
    assert_eq!(verdict.codes(), ["document_missing"], "{}", verdict.text);
    let other = json!({ "document": "house_rules", "version": 1 });
    stack.post(&max, DOCUMENTS, &other).await.problem(404, "not_found");
    let wanted = json!({ "document": "house_rules", "version": 2 });
    stack.post(&max, DOCUMENTS, &wanted).await.expect(200);
    let verdict = stack.get(&max, ELIGIBILITY).await.expect(200);
    assert_eq!(verdict.body["verdict"], "permit", "{}", verdict.text);

    let starts = stack.starts(&max, "machines/mch_laser").await;
    let booked = stack.reserve(&max, &starts[0], "k").await.expect(201);
    let attendance = format!("/api/reservations/{}/attendance", id(&booked));
    let missed = json!({ "presence": "no_show" });
    stack.post(&mia, &attendance, &missed).await.problem(409, "state_conflict");
    stack.advance(seconds_until(stack.now().await, &starts[0]) + 60).await;
    let max = stack.login("max").await;
    let mia = stack.login("mia").await;
    stack.post(&max, &attendance, &missed).await.problem(403, "role_required");
    let told = stack.post(&mia, &attendance, &missed).await.expect(200);
    assert_eq!(told.body["reservation"]["attendance"], "no_show");
    stack.advance(2 * 3600).await;
    stack.job("outbox-calcom").await;
    let beyond = stack.starts(&max, "machines/mch_laser").await;
    assert!(beyond.is_empty(), "one day ahead and no further: {beyond:?}");
    // Staff is logged out after half an hour without a call.
    let mia = stack.login("mia").await;
    let came = json!({ "presence": "attended" });
    stack.post(&mia, &attendance, &came).await.expect(200);
    let beyond = stack.starts(&max, "machines/mch_laser").await;
    assert!(!beyond.is_empty(), "a miss that is taken back narrows nothing");
}
