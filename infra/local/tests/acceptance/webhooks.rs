//! Deliveries: only signed ones count, and the same one counts once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::Stack;

#[tokio::test]
async fn unsigned_and_forged_deliveries_are_refused_and_change_nothing() {
    let stack = Stack::start().await;
    let body = json!({ "triggerEvent": "BOOKING_CANCELLED", "payload": { "uid": "x" } });
    let path = "/api/webhooks/calcom";
    let unsigned = stack.request(Method::POST, path).json(&body);
    stack.send(unsigned).await.problem(401, "signature_invalid");
    for signature in ["no-secret-provided", "", "00", &"0".repeat(64)] {
        let forged = stack.request(Method::POST, path).header("x-cal-signature-256", signature);
        stack.send(forged.json(&body)).await.problem(401, "signature_invalid");
    }
    let drained = stack.job("webhook-worker").await;
    assert_ne!(drained["processed"].as_u64(), Some(1), "{drained}");
}

#[tokio::test]
async fn a_delivery_that_comes_again_changes_nothing() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let booked = stack.reserve(&max, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let sent = stack.look("/__sim/webhooks").await;
    let deliveries: Vec<Value> = sent["items"].as_array().unwrap().clone();
    assert!(!deliveries.is_empty());
    for delivery in &deliveries {
        let path = format!("/__sim/webhooks/{}/deliver", text(&delivery["id"]));
        stack.tool(&path, &json!({})).await;
    }
    stack.job("webhook-worker").await;
    let after = stack.get(&max, &format!("/api/reservations/{id}/history")).await.expect(200);
    assert_eq!(after.body["items"].as_array().unwrap().len(), 2, "{}", after.text);
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn a_booking_moved_inside_calcom_is_followed() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let booked = stack.reserve(&max, &starts[0], "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let uid = stack.uid_of(&id).await;
    stack.tool("/__sim/ui/reschedule", &json!({ "uid": uid, "start": starts[6] })).await;
    for _ in 0..100 {
        let read = stack.get(&max, &format!("/api/reservations/{id}")).await.expect(200);
        if read.body["reservation"]["start"] == starts[6].as_str() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the reservation never followed");
}
