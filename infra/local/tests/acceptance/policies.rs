//! Rules as data over HTTP: saved, told apart, brought back, and what they do to what is held.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Answer, Person, Stack};

const POLICY: &str = "/api/machines/mch_laser/policy";

async fn put(stack: &Stack, by: &Person, tag: &str, body: &Value) -> Answer {
    stack.send(stack.of(by, Method::PUT, POLICY).header("if-match", tag).json(body)).await
}

#[tokio::test]
async fn a_rule_that_takes_something_away_marks_what_is_held_and_goes_with_the_rule() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let booked = stack.reserve(&max, &starts[0], "k").await.expect(201);
    let path = format!("/api/reservations/{}", booked.body["reservation"]["id"].as_str().unwrap());
    stack.get(&max, POLICY).await.problem(403, "role_required");
    let found = stack.get(&mia, "/api/machines/mch_laser/policy").await.expect(200);
    let tag = found.header("etag").to_owned();
    let mut policy = found.body["inForce"]["policy"].clone();
    policy["requirements"].as_array_mut().unwrap().push(json!({
        "kind": "training", "moduleId": "mod_none", "minimumPercent": 90,
    }));
    let body = json!({ "policy": policy, "reason": "a new module" });
    put(&stack, &mia, &tag, &body).await.problem(400, "invalid_body");
    for requirement in policy["requirements"].as_array_mut().unwrap() {
        requirement["validForDays"] =
            if requirement["kind"] == "training" { json!(1) } else { Value::Null };
    }
    policy["requirements"].as_array_mut().unwrap().retain(|one| one["moduleId"] != "mod_none");
    for requirement in policy["requirements"].as_array_mut().unwrap() {
        requirement.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    }
    let body = json!({ "policy": policy, "reason": "trainings lapse from now on" });
    let saved = put(&stack, &mia, &tag, &body).await.expect(200);
    put(&stack, &mia, &tag, &body).await.problem(412, "precondition_failed");
    let report = stack.job("outbox-calcom").await;
    assert_eq!(report["failed"], 0, "{report}");
    let read = stack.get(&max, &path).await.expect(200);
    assert_eq!(read.body["reservation"]["flags"][0]["code"], "training_expired", "{}", read.text);
    let back = json!({ "rollBackTo": 1, "reason": "it kept everybody out" });
    put(&stack, &mia, saved.header("etag"), &back).await.expect(200);
    stack.job("outbox-calcom").await;
    let read = stack.get(&max, &path).await.expect(200);
    assert_eq!(read.body["reservation"]["flags"], Value::Null, "{}", read.text);
    let diff = stack.get(&mia, &format!("{POLICY}?diffFrom=1&diffTo=2")).await.expect(200);
    assert!(!diff.body["changes"].as_array().unwrap().is_empty());
}
