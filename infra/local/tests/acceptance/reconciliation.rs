//! Reconciliation as an admin sees it, over HTTP.

use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn a_lost_cancel_is_repaired_by_a_run_an_admin_begins_and_read_as_a_finding() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    // Before the booking: its own delivery, a second late, would find the cancel before the run.
    stack.tool("/__sim/webhooks", &json!({ "mode": "drop" })).await;
    let booked = stack.reserve(&max, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let cancel = json!({ "uid": stack.uid_of(&id).await, "cancellationReason": "machine down" });
    stack.tool("/__sim/ui/cancel", &cancel).await;
    let runs = "/api/reconciliation/runs";
    let body = json!({ "pass": "incremental" });
    stack.post(&max, runs, &body).await.problem(403, "role_required");
    let run = stack.post(&root, runs, &body).await.expect(202);
    assert_eq!(run.body["run"]["found"]["cancelled_at_calcom"], 1, "{}", run.text);
    stack.until(&max, &id, "cancelled").await;
    let listed = stack.get(&root, runs).await.expect(200);
    assert_eq!(listed.body["items"][0]["id"], run.body["run"]["id"]);
    let found = "/api/reconciliation/findings?state=repaired&class=cancelled_at_calcom";
    let found = stack.get(&root, found).await.expect(200);
    let finding = &found.body["items"][0];
    assert_eq!((&finding["reservationId"], &finding["count"]), (&json!(id), &json!(1)));
    assert_eq!(finding["ours"]["status"], "confirmed");
    assert_eq!(finding["theirs"]["status"], "cancelled");
    let finding = finding["id"].as_str().unwrap();
    let path = format!("/api/reconciliation/findings/{finding}/resolve");
    let note = json!({ "note": "seen" });
    stack.post(&root, &path, &note).await.problem(409, "state_conflict");
}

#[tokio::test]
async fn a_machine_whose_event_type_changed_is_closed_until_it_is_set_right() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let machine = stack.get(&max, "/api/machines/mch_laser").await.expect(200);
    let kind = machine.body["machine"]["eventTypes"][0]["id"].clone();
    let edit = async |value: u32| {
        let change = json!({ "eventTypeId": kind, "changes": { "minimumBookingNotice": value } });
        stack.tool("/__sim/ui/edit-event-type", &change).await;
        let body = json!({ "pass": "full" });
        stack.post(&root, "/api/reconciliation/runs", &body).await.expect(202);
        stack.job("reconcile").await;
    };
    edit(120).await;
    let refused = stack.get(&max, "/api/machines/mch_laser/eligibility").await.expect(200);
    assert_eq!(refused.codes(), ["machine_mapping_broken"], "{}", refused.text);
    let open = stack.get(&root, "/api/reconciliation/findings").await.expect(200);
    assert_eq!(open.body["items"][0]["class"], "mapping_broken", "{}", open.text);
    let finding = open.body["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/reconciliation/findings/{finding}/resolve");
    stack.post(&root, &path, &json!({ "note": "will be set right" })).await.expect(200);
    edit(0).await;
    let again = stack.get(&max, "/api/machines/mch_laser/eligibility").await.expect(200);
    assert!(again.codes().is_empty(), "{}", again.text);
}
