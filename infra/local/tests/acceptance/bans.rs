//! A ban over HTTP: nobody in, nothing kept, and the way back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Answer, Person, Stack};

async fn set(stack: &Stack, by: &Person, user: &str, status: &str) -> Answer {
    let path = format!("/api/users/{user}");
    stack.send(stack.of(by, Method::PATCH, &path).json(&json!({ "status": status }))).await
}

async fn live(stack: &Stack) -> usize {
    let state = stack.look("/__sim/state").await;
    let bookings = state["bookings"].as_array().unwrap();
    bookings.iter().filter(|booking| booking["status"] == "accepted").count()
}

#[tokio::test]
async fn a_ban_ends_sessions_at_once_and_reservations_within_a_sweep() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let mia = stack.login("mia").await;
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let booked = stack.reserve(&max, &starts[0], "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    set(&stack, &mia, &max.id, "banned").await.problem(403, "role_required");
    set(&stack, &root, &root.id, "banned").await.problem(409, "state_conflict");
    let banned = set(&stack, &root, &max.id, "banned").await.expect(200);
    assert_eq!(banned.body["user"]["status"], "banned");
    stack.get(&max, "/api/auth/me").await.problem(401, "unauthenticated");
    let report: Value = stack.job("outbox-calcom").await;
    assert_eq!(report["failed"], 0, "{report}");
    let read = stack.get(&mia, &format!("/api/reservations/{id}")).await.expect(200);
    let reservation = &read.body["reservation"];
    assert_eq!(
        (&reservation["status"], &reservation["cause"]),
        (&json!("cancelled"), &json!("eligibility"))
    );
    assert_eq!(live(&stack).await, 0);
    set(&stack, &root, &max.id, "active").await.expect(200);
    let max = stack.login("max").await;
    stack.reserve(&max, &starts[0], "again").await.expect(201);
}
