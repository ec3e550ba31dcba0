//! From the last training over the managers' queue to a reservation, and what a revocation ends.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Answer, Person, Stack};

const LASER: &str = "/api/machines/mch_laser";

async fn list(stack: &Stack, by: &Person, query: &str) -> Value {
    stack.get(by, &format!("/api/checkouts?{query}")).await.expect(200).body
}

async fn revoke(stack: &Stack, by: &Person, user: &str, body: &Value) -> Answer {
    let path = format!("/api/machines/mch_laser/checkout/{user}");
    stack.send(stack.of(by, Method::DELETE, &path).json(body)).await
}

fn steps(list: &Value) -> Vec<&str> {
    let history = list["history"].as_array().unwrap();
    history.iter().map(|event| event["step"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_member_is_checked_out_from_the_queue_and_a_revocation_ends_what_is_ahead() {
    let stack = Stack::start().await;
    let (ada, max) = (stack.login("ada").await, stack.login("max").await);
    let mia = stack.login("mia").await;
    stack.train(&ada, "mod_shop_basics", 180).await;
    assert_eq!(list(&stack, &mia, "machineId=mch_laser").await["waiting"]["count"], 0);
    stack.train(&ada, "mod_laser_safety", 240).await;

    let asked = stack.get(&ada, &format!("{LASER}/eligibility")).await.expect(200);
    assert_eq!(asked.codes(), ["checkout_missing"]);
    let own = &asked.body["checkoutRequest"];
    assert_eq!(own["origin"], "training");
    let path = format!("{LASER}/checkout-requests");
    let same = stack.post(&ada, &path, &json!({ "note": "please" })).await.expect(200);
    assert_eq!(same.body["request"]["id"], own["id"]);

    stack.advance(3600).await;
    // Staff is logged out after half an hour without a call.
    let mia = stack.login("mia").await;
    let queue = list(&stack, &mia, "state=pending&machineId=mch_laser").await;
    assert_eq!(queue["items"][0]["user"]["id"], ada.id.as_str());
    assert!(queue["items"][0]["request"]["waitingSeconds"].as_i64().unwrap() >= 3600);
    assert_eq!(queue["waiting"]["count"], 1);
    assert!(queue["waiting"]["medianSeconds"].as_i64().unwrap() >= 3600);
    stack.get(&ada, "/api/checkouts").await.problem(403, "role_required");

    let people = json!({ "userIds": [ada.id, max.id], "validForDays": 90, "together": true });
    let done = stack.post(&mia, &format!("{LASER}/checkout"), &people).await.expect(200);
    let results = done.body["results"].as_array().unwrap();
    assert!(results.iter().all(|one| one["outcome"] == "granted"), "{}", done.text);
    assert_eq!(results[0]["checkout"]["id"], own["id"]);
    let verdict = stack.get(&ada, &format!("{LASER}/eligibility")).await.expect(200);
    assert_eq!(verdict.body["verdict"], "permit");
    let start = stack.starts(&ada, "machines/mch_laser").await[0].clone();
    let booked = stack.reserve(&ada, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();

    revoke(&stack, &mia, &ada.id, &json!({ "reason": " " })).await.problem(400, "invalid_body");
    let reason = json!({ "reason": "left the extractor off twice" });
    revoke(&stack, &max, &ada.id, &reason).await.problem(403, "role_required");
    revoke(&stack, &mia, &ada.id, &reason).await.expect(200);
    revoke(&stack, &mia, &ada.id, &reason).await.problem(404, "not_found");
    stack.reserve(&ada, &start, "after").await.problem(403, "not_eligible");
    let report = stack.job("outbox-calcom").await;
    assert_eq!(report["failed"], 0, "{report}");
    let ended = stack.get(&ada, &format!("/api/reservations/{id}")).await.expect(200);
    let reservation = &ended.body["reservation"];
    assert_eq!(
        (&reservation["status"], &reservation["cause"]),
        (&json!("cancelled"), &json!("eligibility"))
    );
    let state = stack.look("/__sim/state").await;
    let bookings = state["bookings"].as_array().unwrap();
    assert!(bookings.iter().all(|booking| booking["status"] != "accepted"));
    let query = format!("state=revoked&machineId=mch_laser&userId={}", ada.id);
    let told = list(&stack, &mia, &query).await;
    assert_eq!(steps(&told), ["requested", "granted", "revoked"]);
    assert_eq!(told["history"][2]["reason"], "left the extractor off twice");
}
