//! What was acknowledged is there after a kill, on our side and on the stand-in's.

use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn a_kill_without_a_word_loses_nothing_that_was_acknowledged() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let kept = stack.reserve(&max, &starts[0], "kept").await.expect(201);
    let doomed = stack.reserve(&max, &starts[4], "doomed").await.expect(201);
    let id = |answer: &crate::stack::Answer| {
        answer.body["reservation"]["id"].as_str().unwrap().to_owned()
    };
    let (kept_id, doomed_id) = (id(&kept), id(&doomed));
    stack.tool("/__sim/webhooks", &json!({ "mode": "hold" })).await;
    let uid = stack.uid_of(&doomed_id).await;
    stack.tool("/__sim/ui/cancel", &json!({ "uid": uid, "cancellationReason": "down" })).await;
    let now = stack.now().await;

    let stack = stack.killed_and_restarted();
    assert!(stack.now().await >= now, "the clock goes on where it was");
    let read = stack.get(&max, &format!("/api/reservations/{kept_id}")).await.expect(200);
    assert_eq!(read.body["reservation"]["status"], "confirmed");
    let replay = stack.reserve(&max, &starts[0], "kept").await.expect(201);
    assert_eq!(replay.text, kept.text);
    stack.uid_of(&kept_id).await;
    let held = stack.look("/__sim/webhooks").await;
    let items = held["items"].as_array().unwrap();
    let cancelled = items.iter().rev().find(|item| item["trigger"] == "BOOKING_CANCELLED");
    let webhook = &cancelled.unwrap()["id"];
    let webhook = webhook.as_str().map_or_else(|| webhook.to_string(), str::to_owned);
    stack.tool(&format!("/__sim/webhooks/{webhook}/deliver"), &json!({})).await;
    stack.until(&max, &doomed_id, "cancelled").await;
}

#[tokio::test]
async fn an_interrupt_ends_the_stack_cleanly() {
    let stack = Stack::start().await;
    stack.login("max").await;
    assert!(stack.interrupted().success());
}
