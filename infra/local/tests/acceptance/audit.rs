//! The audit over HTTP: what was done is listed, sealed by the job, verified and exported.

use interlock_audit::{Anchors, check_lines};
use serde_json::json;

use crate::stack::Stack;

#[tokio::test]
async fn what_an_admin_does_is_listed_sealed_verified_and_proven_by_a_file() {
    let stack = Stack::start().await;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    stack.get(&max, "/api/audit").await.problem(403, "role_required");
    let ban = stack.of(&root, reqwest::Method::PATCH, &format!("/api/users/{}", max.id));
    stack.send(ban.json(&json!({ "status": "suspended" }))).await.expect(200);
    let path = format!("/api/audit?object={}&action=user.status", max.id);
    let listed = stack.get(&root, &path).await.expect(200);
    let entry = &listed.body["items"][0];
    assert_eq!((&entry["before"], &entry["after"]), (&json!("active"), &json!("suspended")));
    assert_eq!(entry["actor"]["userId"], root.id.as_str());

    let first = stack.job("audit-seal").await;
    stack.advance(600).await;
    let second = stack.job("audit-seal").await;
    assert!(first["seals"].as_u64() >= Some(1) && second["seals"].as_u64() >= Some(1), "{second}");
    let verify = "/api/audit/verify";
    let body = json!({ "root": second["root"] });
    let verified = stack.post(&root, verify, &body).await.expect(200);
    assert_eq!(verified.body["intact"], true, "{}", verified.text);
    assert!(verified.body["entries"].as_u64() >= Some(3), "two logins and an act");

    let (mut lines, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/audit?format=chain&limit=100{cursor}");
        let page = stack.get(&root, &path).await.expect(200);
        lines.extend(page.body["items"].as_array().unwrap().iter().map(ToString::to_string));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let root = second["root"].as_str().unwrap();
    assert!(judged(&lines, root), "{lines:?}");
    lines.remove(0);
    assert!(!judged(&lines, root));
}

/// What the offline verifier says of lines.
fn judged(lines: &[String], root: &str) -> bool {
    let anchors = Anchors { base: None, root: Some(root) };
    check_lines(lines.iter().map(String::as_str), anchors).faults.is_empty()
}
