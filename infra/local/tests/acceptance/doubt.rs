//! Cal.com fails in every way that matters, and the reservation still ends right.

use reqwest::Method;

use crate::stack::Stack;

#[tokio::test]
async fn an_answer_lost_after_the_booking_is_pending_and_then_confirmed() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.tool("/__sim/webhooks", &serde_json::json!({ "mode": "drop" })).await;
    stack.inject("bookings.create", "timeout_after_commit").await;
    let placed = stack.reserve(&max, &start, "k").await.expect(202);
    assert_eq!(placed.body["reservation"]["status"], "pending");
    let id = placed.body["reservation"]["id"].as_str().unwrap().to_owned();
    stack.advance(5).await;
    let report = stack.job("outbox-calcom").await;
    assert_eq!(report["failed"], 0, "{report}");
    stack.until(&max, &id, "confirmed").await;
    stack.reserve(&max, &start, "k").await.expect(201);
    let state = stack.look("/__sim/state").await;
    let own =
        |booking: &&serde_json::Value| booking["metadata"]["interlockReservationId"] == id.as_str();
    let bookings = state["bookings"].as_array().unwrap().iter().filter(own).count();
    assert_eq!(bookings, 1, "nothing is booked a second time");
}

#[tokio::test]
async fn calcom_down_answers_503_and_the_time_is_free_at_once_for_somebody_else() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let down = serde_json::json!({ "route": "*", "inject": "down", "seconds": 60 });
    stack.tool("/__sim/faults", &down).await;
    stack.reserve(&max, &start, "k").await.problem(503, "upstream_unavailable");
    stack.send(stack.request(Method::DELETE, "/__sim/faults")).await.expect(200);
    stack.reserve(&mia, &start, "k").await.expect(201);
    stack.reserve(&max, &start, "k").await.problem(409, "slot_taken");
}

#[tokio::test]
async fn a_call_that_was_never_made_frees_the_slot_within_four_minutes() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.inject("bookings.create", "timeout_before_commit").await;
    let placed = stack.reserve(&max, &start, "k").await.expect(202);
    let id = placed.body["reservation"]["id"].as_str().unwrap().to_owned();
    for _ in 0..4 {
        stack.advance(60).await;
        stack.job("outbox-calcom").await;
    }
    let read = stack.get(&max, &format!("/api/reservations/{id}")).await.expect(200);
    assert_eq!(read.body["reservation"]["status"], "failed");
    stack.reserve(&max, &start, "again").await.expect(201);
}

#[tokio::test]
async fn calcom_out_of_reach_answers_503_and_the_same_key_works_afterwards() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.inject("bookings.create", "rate_limited").await;
    let refused = stack.reserve(&max, &start, "k").await.problem(503, "upstream_unavailable");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    stack.send(stack.request(Method::DELETE, "/__sim/faults")).await;
    stack.advance(121).await;
    stack.reserve(&max, &start, "k").await.expect(201);
}

#[tokio::test]
async fn a_cancel_while_calcom_fails_is_accepted_and_follows() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    // The delivery of the booking, a second late, would have the cancel tried once more.
    stack.tool("/__sim/webhooks", &serde_json::json!({ "mode": "drop" })).await;
    let booked = stack.reserve(&max, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    stack.inject("bookings.cancel", "error_500").await;
    let path = format!("/api/reservations/{id}/cancel");
    let body = serde_json::json!({ "reason": "plans changed" });
    let ended = stack.post(&max, &path, &body).await.expect(202);
    assert_eq!(ended.body["reservation"]["status"], "cancelling");
    stack.advance(60).await;
    stack.job("outbox-calcom").await;
    stack.until(&max, &id, "cancelled").await;
}
