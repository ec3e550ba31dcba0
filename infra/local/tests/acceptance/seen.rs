//! Ways that a role allows and that only a rarer turn of things takes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Answer, Stack};

/// Staff is logged out after half an hour without a call, so each of these, twenty minutes after
/// the one before, has to note that the session was used.
#[tokio::test]
async fn any_call_keeps_the_session_it_came_with_alive() {
    let stack = Stack::start().await;
    let root = stack.login("root").await;
    let start = stack.starts(&root, "machines/mch_laser").await[0].clone();
    let booked = stack.reserve(&root, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let day = stack.now().await.to_zoned(jiff::tz::TimeZone::UTC).date();
    let delivery = "0".repeat(64);
    let from = stack.now().await + jiff::SignedDuration::from_hours(48);
    let to = from + jiff::SignedDuration::from_hours(24);
    let laser = "/api/machines/mch_laser";
    let reads = [
        "/api/audit".to_owned(),
        "/api/auth/me".to_owned(),
        "/api/auth/sessions".to_owned(),
        "/api/cal/webhooks?resourceId=mch_laser".to_owned(),
        "/api/checkouts?machineId=mch_laser".to_owned(),
        "/api/reconciliation/findings".to_owned(),
        "/api/reconciliation/runs".to_owned(),
        format!("{laser}/availability?start={from:.0}&end={to:.0}"),
        format!("{laser}/eligibility"),
        format!("{laser}/policy"),
        laser.to_owned(),
        "/api/machines".to_owned(),
        "/api/notifications".to_owned(),
        "/api/preferences".to_owned(),
        format!("/api/refusals?from={day}&to={day}"),
        format!("/api/reservations/{id}"),
        format!("/api/reservations/{id}/history"),
        "/api/reservations".to_owned(),
        "/api/training/modules".to_owned(),
        "/api/training/status".to_owned(),
        "/api/users".to_owned(),
        "/api/users/usr_max".to_owned(),
        "/api/users/usr_max/readiness".to_owned(),
        format!("/api/webhook-events/{delivery}"),
        "/api/webhook-events".to_owned(),
    ];
    let idle = async |call: reqwest::RequestBuilder| -> Answer {
        stack.advance(20 * 60).await;
        stack.send(call).await
    };
    for path in &reads {
        let answer = idle(stack.of(&root, Method::GET, path)).await;
        let wanted = if path.contains(&delivery) { 404 } else { 200 };
        assert_eq!(answer.status, wanted, "{path}: {}", answer.text);
    }
    let policy = stack.get(&root, &format!("{laser}/policy")).await.expect(200);
    let tried = json!({ "policy": policy.body["inForce"]["policy"], "pastDays": 1 });
    let preview = stack.of(&root, Method::POST, &format!("{laser}/policy/preview"));
    idle(preview.json(&tried)).await.expect(200);
    let simulate = stack.of(&root, Method::POST, "/api/webhooks/simulate");
    idle(simulate.json(&json!({ "deliveryId": delivery }))).await.problem(404, "not_found");
    stack.advance(20 * 60).await;
    stack.get(&root, "/api/auth/me").await.expect(200);
}

#[tokio::test]
async fn a_member_who_asks_for_a_checkout_before_the_last_module_is_in_the_queue() {
    let stack = Stack::start().await;
    let (ada, mia) = (stack.login("ada").await, stack.login("mia").await);
    let path = "/api/machines/mch_laser/checkout-requests";
    let asked = stack.post(&ada, path, &json!({ "note": "soon" })).await.expect(201);
    let queue = stack.get(&mia, "/api/checkouts?machineId=mch_laser").await.expect(200);
    assert_eq!(queue.body["items"][0]["request"]["id"], asked.body["request"]["id"]);
}

/// A folder that says it was seeded has a table without anybody in it.
#[tokio::test]
async fn where_nobody_is_the_console_makes_an_admin_who_chooses_a_password() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().join("stack");
    std::fs::create_dir(&data).unwrap();
    for mark in ["INTERLOCK-LOCAL", "seeded"] {
        std::fs::write(data.join(mark), "").unwrap();
    }
    let stack = Stack::on(folder, "0");
    let wanted = json!({ "email": "eve@demo.test", "name": "Eve", "timeZone": "Europe/Berlin" });
    let first = stack.tool("/__dev/jobs/first-admin", &wanted).await;
    // The link before ran out, or was lost.
    let made = stack.tool("/__dev/jobs/first-admin", &wanted).await;
    assert_eq!(made["userId"], first["userId"]);
    let chosen = json!({ "token": made["token"], "newPassword": "five wet horses" });
    let reset = stack.request(Method::POST, "/api/auth/reset").json(&chosen);
    let answer = stack.send(reset).await;
    assert!(answer.status < 300, "{}", answer.text);
    let login = json!({ "email": "eve@demo.test", "password": "five wet horses" });
    let login = stack.request(Method::POST, "/api/auth/login").json(&login);
    let eve = stack.send(login).await.expect(200);
    assert_eq!(eve.body["user"]["roles"], json!(["admin"]), "{}", eve.text);
}

#[tokio::test]
async fn a_move_that_rules_refuse_is_counted_and_leaves_the_reservation_where_it_was() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let booked = stack.reserve(&max, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap();
    let far = stack.now().await + jiff::SignedDuration::from_hours(24 * 200);
    let path = format!("/api/reservations/{id}/reschedule");
    let moved = stack.of(&max, Method::POST, &path).header("idempotency-key", "far");
    let refused = stack.send(moved.json(&json!({ "start": format!("{far:.0}") }))).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let shown = stack.get(&max, &format!("/api/reservations/{id}")).await.expect(200);
    assert_eq!(shown.body["reservation"]["start"], start);
}

#[tokio::test]
async fn what_cal_com_still_holds_of_an_erased_person_is_cancelled_afterwards() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.tool("/__sim/webhooks", &json!({ "mode": "drop" })).await;
    stack.reserve(&max, &start, "k").await.expect(201);
    stack.inject("bookings.cancel", "error_500").await;
    let body = json!({ "confirm": max.id });
    stack.post(&root, &format!("/api/users/{}/erase", max.id), &body).await.expect(202);
    for _ in 0..5 {
        stack.advance(60).await;
        stack.job("outbox-calcom").await;
    }
    let state = stack.look("/__sim/state").await;
    let bookings = state["bookings"].as_array().unwrap();
    assert!(bookings.iter().all(|booking| booking["status"] != "accepted"), "{state}");
}

#[tokio::test]
async fn what_cal_com_refuses_is_not_approved_and_its_time_is_free_again() {
    let stack = Stack::that_wants_a_yes("mch_laser").await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let asked = stack.reserve(&max, &starts[0], "k").await.expect(202);
    let id = asked.body["reservation"]["id"].as_str().unwrap();
    let kind = &asked.body["reservation"]["eventTypeId"];
    // Somebody books the time in Cal.com's own pages, and nobody tells us.
    stack.tool("/__sim/webhooks", &json!({ "mode": "drop" })).await;
    let taken: Value = json!({
        "eventTypeId": kind, "start": starts[0],
        "attendee": { "name": "Eve", "email": "eve@demo.test", "timeZone": "UTC" }
    });
    stack.tool("/__sim/ui/create", &taken).await;
    let path = format!("/api/reservations/{id}/approve");
    stack.post(&mia, &path, &json!({})).await.problem(409, "slot_taken");
    let shown = stack.get(&max, &format!("/api/reservations/{id}")).await.expect(200);
    assert_eq!(shown.body["reservation"]["status"], "failed", "{}", shown.text);
}
