//! Webhooks at Cal.com, ordered through the product by an admin.

use reqwest::Method;
use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn an_admin_orders_changes_and_removes_a_webhook_and_never_sees_a_secret() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let path = "/api/cal/webhooks";
    let query = format!("{path}?resourceId=mch_laser");
    let body = json!({ "resourceId": "mch_laser", "url": "https://hooks.example.test/in" });
    stack.post(&max, path, &body).await.problem(403, "role_required");
    let before = stack.get(&root, &query).await.expect(200);
    let count = before.body["items"].as_array().unwrap().len();
    let made = stack.post(&root, path, &body).await.expect(201);
    stack.post(&root, path, &body).await.problem(409, "state_conflict");
    let listed = stack.get(&root, &query).await.expect(200);
    let items = listed.body["items"].as_array().unwrap();
    assert_eq!(items.len(), count + 1, "{}", listed.text);
    assert_eq!(items.last(), Some(&made.body["webhook"]));
    for answer in [&made, &listed] {
        assert!(!answer.text.contains("secret"), "{}", answer.text);
    }
    let one = format!("{path}/{}", made.body["webhook"]["id"].as_str().unwrap());
    let off = json!({ "resourceId": "mch_laser", "active": false });
    let change = stack.of(&root, Method::PATCH, &one).json(&off);
    let changed = stack.send(change).await.expect(200);
    assert_eq!(changed.body["webhook"]["active"], false, "{}", changed.text);
    let removal = format!("{one}?resourceId=mch_laser");
    stack.send(stack.of(&root, Method::DELETE, &removal)).await.expect(204);
    stack.send(stack.of(&root, Method::DELETE, &removal)).await.problem(404, "not_found");
    let after = stack.get(&root, &query).await.expect(200);
    assert_eq!(after.body, before.body);
}

/// The webhook the stand-in has from the start is changed by nothing but a `PATCH` without a
/// change: what it delivers afterwards passes, so it was given the secret in force.
#[tokio::test]
async fn a_change_of_nothing_leaves_deliveries_believed() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let query = "/api/cal/webhooks?resourceId=mch_laser";
    let listed = stack.get(&root, query).await.expect(200);
    let id = listed.body["items"][0]["id"].as_str().unwrap().to_owned();
    let one = format!("/api/cal/webhooks/{id}");
    let change = stack.of(&root, Method::PATCH, &one).json(&json!({ "resourceId": "mch_laser" }));
    stack.send(change).await.expect(200);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let booked = stack.reserve(&max, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let cancel = json!({ "uid": stack.uid_of(&id).await, "cancellationReason": "machine down" });
    stack.tool("/__sim/ui/cancel", &cancel).await;
    stack.until(&max, &id, "cancelled").await;
}
