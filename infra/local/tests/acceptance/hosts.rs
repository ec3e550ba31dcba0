//! People are resources too (PRODUCT D8, D16).

use reqwest::Method;
use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn a_coach_is_booked_like_a_machine_under_her_own_path() {
    let stack = Stack::start().await;
    let ada = stack.login("ada").await;
    let list = stack.get(&ada, "/api/hosts").await.expect(200);
    assert_eq!(list.body["items"][0]["id"], "hst_coach");
    let host = stack.get(&ada, "/api/hosts/hst_coach").await.expect(200);
    assert_eq!(host.body["host"]["timeZone"], "America/Sao_Paulo");
    stack.get(&ada, "/api/machines/mch_nothing").await.problem(404, "not_found");
    let start = stack.starts(&ada, "hosts/hst_coach").await[0].clone();
    let path = "/api/hosts/hst_coach/reservations";
    let request = stack.of(&ada, Method::POST, path).header("idempotency-key", "coach");
    let body = json!({ "start": start, "durationMinutes": 90 });
    let booked = stack.send(request.json(&body)).await.expect(201);
    let reservation = &booked.body["reservation"];
    assert_eq!(reservation["resource"]["kind"], "host");
    assert_eq!(reservation["eventTypeId"], 502);
}

#[tokio::test]
async fn lengths_that_are_not_offered_and_kinds_that_are_unknown_are_told_apart() {
    let stack = Stack::start().await;
    let ada = stack.login("ada").await;
    let start = stack.starts(&ada, "hosts/hst_coach").await[0].clone();
    let path = "/api/hosts/hst_coach/reservations";
    for (body, code) in [
        (json!({ "start": start, "durationMinutes": 50 }), "duration_not_offered"),
        (json!({ "start": start, "eventTypeId": 999 }), "event_type_unknown"),
        (
            json!({ "start": start, "eventTypeId": 501, "durationMinutes": 90 }),
            "duration_not_offered",
        ),
    ] {
        let request = stack.of(&ada, Method::POST, path).header("idempotency-key", code);
        stack.send(request.json(&body)).await.problem(422, code);
    }
}
