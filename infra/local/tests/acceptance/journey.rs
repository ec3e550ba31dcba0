//! The main job from the first login to the repaired webhook, with each refusal on the way.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::Stack;

const LASER: &str = "/api/machines/mch_laser";

#[tokio::test]
async fn a_member_goes_from_nothing_to_a_reservation_that_is_kept_in_step() {
    let stack = Stack::start().await;
    let wrong = json!({ "email": "ada@demo.test", "password": "wrong" });
    let request = stack.request(Method::POST, "/api/auth/login").json(&wrong);
    stack.send(request).await.problem(401, "invalid_credentials");
    let (ada, mia, max) =
        (stack.login("ada").await, stack.login("mia").await, stack.login("max").await);
    let me = stack.get(&ada, "/api/auth/me").await.expect(200);
    assert_eq!(me.body["user"]["email"], "ada@demo.test");

    let verdict = stack.get(&ada, &format!("{LASER}/eligibility")).await.expect(200);
    assert_eq!(verdict.body["verdict"], "refuse");
    assert_eq!(verdict.codes(), ["training_incomplete", "training_incomplete", "checkout_missing"]);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let refused = stack.reserve(&ada, &start, "early").await.problem(403, "not_eligible");
    assert_eq!(refused.codes().len(), 3);

    let incomplete = json!({ "moduleId": "mod_shop_basics" });
    let answer = stack.post(&ada, "/api/training/complete", &incomplete).await;
    let answer = answer.problem(409, "training_incomplete");
    assert_eq!(answer.body["gaps"][0]["to"], 180);
    stack.train(&ada, "mod_shop_basics", 180).await;
    stack.train(&ada, "mod_laser_safety", 240).await;
    let modules = stack.get(&ada, "/api/training/modules").await.expect(200);
    let status = stack.get(&ada, "/api/training/status").await.expect(200);
    for (module, done) in zip(&modules.body, &status.body) {
        assert_eq!(module["id"], done["moduleId"]);
        assert_eq!((&done["completed"], &done["coveragePercent"]), (&json!(true), &json!(100)));
    }
    let refused = stack.reserve(&ada, &start, "trained").await.problem(403, "not_eligible");
    assert_eq!(refused.codes(), ["checkout_missing"]);

    let own = json!({ "userId": mia.id });
    stack.post(&mia, &format!("{LASER}/checkout"), &own).await.problem(403, "self_approval");
    let other = json!({ "userId": ada.id, "notes": "knows the extractor" });
    stack.post(&ada, &format!("{LASER}/checkout"), &other).await.problem(403, "role_required");
    let done = stack.post(&mia, &format!("{LASER}/checkout"), &other).await.expect(201);
    assert_eq!(done.body["checkout"]["scope"]["machineId"], "mch_laser");
    let verdict = stack.get(&ada, &format!("{LASER}/eligibility")).await.expect(200);
    assert_eq!((verdict.body["verdict"].as_str(), verdict.codes().len()), (Some("permit"), 0));

    let starts = stack.starts(&ada, "machines/mch_laser").await;
    let booked = stack.reserve(&ada, &starts[0], "first").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    assert_eq!(booked.header("location"), format!("/api/reservations/{id}"));
    assert_eq!(booked.body["reservation"]["status"], "confirmed");
    let replay = stack.reserve(&ada, &starts[0], "first").await.expect(201);
    assert_eq!(replay.header("idempotency-replayed"), "true");
    assert_eq!(replay.text, booked.text, "a replay repeats the answer byte for byte");
    stack.reserve(&ada, &starts[4], "first").await.problem(422, "idempotency_mismatch");
    stack.reserve(&max, &starts[0], "other").await.problem(409, "slot_taken");
    let left = stack.starts(&max, "machines/mch_laser").await;
    assert!(!left.contains(&starts[0]), "a taken slot is not offered");

    let foreign = stack.get(&max, &format!("/api/reservations/{id}")).await;
    foreign.problem(404, "not_found");
    let path = format!("/api/reservations/{id}/reschedule");
    let moved = stack.post(&ada, &path, &json!({ "start": starts[6] })).await.expect(200);
    assert_eq!(moved.body["reservation"]["start"], starts[6].as_str());
    assert!(stack.starts(&max, "machines/mch_laser").await.contains(&starts[0]));

    let path = format!("/api/reservations/{id}/cancel");
    let ended = stack.post(&ada, &path, &json!({ "reason": "plans changed" })).await.expect(200);
    assert_eq!(ended.body["reservation"]["status"], "cancelled");
    let history = stack.get(&ada, &format!("/api/reservations/{id}/history")).await.expect(200);
    let words: Vec<&str> = history.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["to"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["pending", "confirmed", "moving", "confirmed", "cancelling", "cancelled"]);

    let next = stack.reserve(&ada, &starts[2], "second").await.expect(201);
    let id = next.body["reservation"]["id"].as_str().unwrap().to_owned();
    let uid = stack.uid_of(&id).await;
    stack.tool("/__sim/ui/cancel", &json!({ "uid": uid, "cancellationReason": "down" })).await;
    let told = stack.until(&ada, &id, "cancelled").await;
    assert_eq!(told["reservation"]["cause"], "external");

    // Before the booking: its own delivery, a second late, would have it looked at again too.
    stack.tool("/__sim/webhooks", &json!({ "mode": "drop" })).await;
    let next = stack.reserve(&ada, &starts[2], "third").await.expect(201);
    let id = next.body["reservation"]["id"].as_str().unwrap().to_owned();
    let uid = stack.uid_of(&id).await;
    stack.tool("/__sim/ui/cancel", &json!({ "uid": uid, "cancellationReason": "down" })).await;
    let still = stack.get(&ada, &format!("/api/reservations/{id}")).await.expect(200);
    assert_eq!(still.body["reservation"]["status"], "confirmed");
    let report = stack.job("reconcile").await;
    assert_eq!(report["findings"][0]["class"], "cancelled_at_calcom", "{report}");
    assert_eq!(report["findings"][0]["reservationId"], id.as_str());
    let repaired = stack.get(&ada, &format!("/api/reservations/{id}")).await.expect(200);
    assert_eq!(repaired.body["reservation"]["status"], "cancelled");

    let state = stack.look("/__sim/state").await;
    assert_eq!(state["strictViolations"].as_array().map_or(0, Vec::len), 0, "{state}");
    let request = stack.of(&ada, Method::POST, "/api/auth/logout");
    stack.send(request).await.expect(204);
    stack.get(&ada, "/api/auth/me").await.problem(401, "unauthenticated");
}

fn zip<'a>(one: &'a Value, other: &'a Value) -> impl Iterator<Item = (&'a Value, &'a Value)> {
    let items = |list: &'a Value| list["items"].as_array().unwrap().iter();
    assert_eq!(items(one).count(), 2);
    items(one).zip(items(other))
}
