//! Exemptions and outages over HTTP, a policy tried before it is saved, and what is counted:
//! refusals and people.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::Stack;

#[tokio::test]
async fn an_exemption_lets_one_person_in_and_takes_with_it_what_it_let_through() {
    let stack = Stack::start().await;
    let (ada, mia) = (stack.login("ada").await, stack.login("mia").await);
    let path = "/api/machines/mch_laser/eligibility";
    let verdict = stack.get(&ada, path).await.expect(200);
    let mut codes: Vec<Value> = verdict.body["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["code"].clone())
        .collect();
    assert!(!codes.is_empty(), "ada lacks something at the start");
    // Two modules may be missing for one reason, and a grant names each reason once.
    codes.dedup();
    let ends_at = (stack.now().await + jiff::SignedDuration::from_hours(24 * 20)).to_string();
    let body = json!({ "userId": ada.id, "codes": codes, "endsAt": ends_at, "reason": "a guest" });
    let exemptions = "/api/machines/mch_laser/exemptions";
    stack.post(&ada, exemptions, &body).await.problem(403, "role_required");
    let granted = stack.post(&mia, exemptions, &body).await.expect(201);
    let id = granted.body["exemption"]["id"].as_str().unwrap().to_owned();
    let verdict = stack.get(&ada, path).await.expect(200);
    assert_eq!(verdict.body["verdict"], "permit_with_conditions", "{}", verdict.text);
    assert_eq!(verdict.body["reasons"][0]["waivedBy"], id);
    let me = stack.get(&ada, "/api/auth/me").await.expect(200);
    let own = &me.body["exemptions"][0];
    assert_eq!((&own["id"], &own["reason"]), (&json!(id), &json!("a guest")), "{}", me.text);
    let starts = stack.starts(&ada, "machines/mch_laser").await;
    let booked = stack.reserve(&ada, &starts[0], "k").await.expect(201);
    let list = "/api/machines/mch_laser/policy?exemptions=true";
    let listed = stack.get(&mia, list).await.expect(200);
    assert_eq!(listed.body["items"][0]["used"], 1);
    let revoke =
        stack.of(&mia, Method::DELETE, &format!("/api/machines/mch_laser/exemptions/{id}"));
    stack.send(revoke).await.expect(200);
    stack.job("outbox-calcom").await;
    let own = booked.body["reservation"]["id"].as_str().unwrap();
    let read = stack.get(&ada, &format!("/api/reservations/{own}")).await.expect(200);
    assert_eq!(read.body["reservation"]["cause"], "eligibility", "{}", read.text);
}

#[tokio::test]
async fn an_outage_is_foreseen_marks_what_it_touches_and_its_end_clears_the_mark() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let booked = stack.reserve(&max, &starts[0], "k").await.expect(201);
    let own = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let outages = "/api/machines/mch_laser/outages";
    let dry = json!({ "startsAt": starts[0], "reason": "maintenance", "dryRun": true });
    let tried = stack.post(&mia, outages, &dry).await.expect(200);
    let foreseen = &tried.body["reservations"]["affected"];
    assert_eq!(
        (&foreseen[0]["reservationId"], &foreseen[0]["becomes"]),
        (&json!(own), &json!("flag"))
    );
    let body = json!({ "startsAt": starts[0], "reason": "maintenance" });
    let made = stack.post(&mia, outages, &body).await.expect(201);
    stack.job("outbox-calcom").await;
    let path = format!("/api/reservations/{own}");
    let read = stack.get(&max, &path).await.expect(200);
    assert_eq!(read.body["reservation"]["flags"][0]["code"], "machine_outage");
    let shown = stack.get(&max, "/api/machines/mch_laser").await.expect(200);
    assert_eq!(shown.body["machine"]["outages"][0]["reason"], "maintenance");
    let id = made.body["outage"]["id"].as_str().unwrap();
    let end = format!("/api/machines/mch_laser/outages/{id}/end");
    stack.post(&mia, &end, &json!({})).await.expect(200);
    stack.job("outbox-calcom").await;
    let read = stack.get(&max, &path).await.expect(200);
    assert_eq!(read.body["reservation"]["flags"], Value::Null, "{}", read.text);
}

#[tokio::test]
async fn a_policy_is_tried_over_members_and_reservations_and_changes_nothing() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    stack.reserve(&max, &starts[0], "k").await.expect(201);
    let found = stack.get(&mia, "/api/machines/mch_laser/policy").await.expect(200);
    let mut policy = found.body["inForce"]["policy"].clone();
    policy["requirements"] = json!([{ "kind": "membership" }]);
    let body = json!({ "policy": policy, "pastDays": 7 });
    let path = "/api/machines/mch_laser/policy/preview";
    stack.post(&max, path, &body).await.problem(403, "role_required");
    let told = stack.post(&mia, path, &body).await.expect(200);
    let lost = told.body["members"]["lost"].as_array().unwrap();
    assert!(lost.iter().any(|one| one["userId"] == max.id), "{}", told.text);
    assert_eq!(told.body["reservations"]["affected"][0]["becomes"], "flag", "{}", told.text);
    let again = stack.get(&mia, "/api/machines/mch_laser/policy").await.expect(200);
    assert_eq!(again.body, found.body);
}

#[tokio::test]
async fn a_decision_is_read_by_staff_with_everything_it_stood_on() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let booked = stack.reserve(&max, &starts[0], "k").await.expect(201);
    let own = booked.body["reservation"]["id"].as_str().unwrap();
    let path = format!("/api/reservations/{own}/history?decisions=true");
    stack.get(&max, &path).await.problem(403, "role_required");
    let read = stack.get(&mia, &path).await.expect(200);
    let decision = &read.body["decisions"][0];
    assert_eq!(decision["version"], 1, "{}", read.text);
    assert_eq!(decision["verdicts"][0]["verdict"], "permit");
    assert_eq!(decision["digest"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn a_member_who_is_refused_shows_up_in_the_count_and_not_by_name() {
    let stack = Stack::start().await;
    let (ada, max) = (stack.login("ada").await, stack.login("max").await);
    let mia = stack.login("mia").await;
    let today = stack.now().await.to_zoned(jiff::tz::TimeZone::UTC).date();
    // The machine's day may be another one than that of UTC.
    let (from, to) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    let path = format!("/api/refusals?from={from}&to={to}");
    stack.get(&ada, &path).await.problem(403, "role_required");
    let before = stack.get(&mia, &path).await.expect(200);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let refused = stack.reserve(&ada, &starts[0], "k").await.expect(403);
    let code = refused.codes()[0];
    let of_laser = stack.get(&mia, &format!("{path}&machineId=mch_laser")).await.expect(200);
    assert_eq!(of_laser.body["refused"], 1, "{}", of_laser.text);
    let reasons = of_laser.body["reasons"].as_array().unwrap();
    let counted = reasons.iter().find(|reason| reason["code"] == code).unwrap();
    assert_eq!(counted["count"], 1);
    let after = stack.get(&mia, &path).await.expect(200);
    let sum = |answer: &crate::stack::Answer| answer.body["refused"].as_u64().unwrap();
    assert_eq!(sum(&after), sum(&before) + 1);
    assert!(!after.text.contains(&ada.id));
}

#[tokio::test]
async fn who_is_there_is_counted_by_a_manager_and_looked_at_when_use_begins() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let presence = |person| stack.of(person, Method::PUT, "/api/machines/mch_laser/presence");
    stack.send(presence(&max).json(&json!({ "people": 2 }))).await.problem(403, "role_required");
    let told = stack.send(presence(&mia).json(&json!({ "people": 2 }))).await.expect(200);
    assert_eq!(told.body["present"]["people"], 2);
    let path = "/api/machines/mch_laser/eligibility?purpose=use";
    let verdict = stack.get(&max, path).await.expect(200);
    assert!(verdict.codes().contains(&"reservation_missing"), "{}", verdict.text);
}
