//! How Cal.com is, asked of the real function, which asks the stand-in.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Person, Stack};

const PATH: &str = "/api/calcom/health";

/// The word of a part, and how everything is.
fn told(body: &Value, part: &str) -> (String, String) {
    let checks = body["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == part).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&check["code"]), text(&body["status"]))
}

async fn with(stack: &Stack, root: &Person, inject: &str) -> Value {
    let rule = json!({ "route": "*", "inject": inject, "times": null, "seconds": 60 });
    stack.tool("/__sim/faults", &rule).await;
    let answer = stack.get(root, PATH).await.expect(200);
    stack.send(stack.request(Method::DELETE, "/__sim/faults")).await.expect(200);
    answer.body
}

#[tokio::test]
async fn an_admin_is_told_which_part_of_cal_com_is_at_fault() {
    let stack = Stack::start().await;
    let (root, mia) = (stack.login("root").await, stack.login("mia").await);
    stack.get(&mia, PATH).await.problem(403, "role_required");
    let whole = stack.get(&root, PATH).await.expect(200);
    assert_eq!(whole.body["status"], "ok", "{}", whole.text);
    let all = |list: &str| {
        let list = whole.body[list].as_array().unwrap();
        !list.is_empty() && list.iter().all(|one| one["code"] == "ok")
    };
    assert!(all("checks") && all("accounts") && all("capabilities"), "{}", whole.text);
    assert!(!whole.text.contains("cal_0") && !whole.text.contains('@'), "{}", whole.text);
    let said = |code: &str| (code.to_owned(), "down".to_owned());
    let body = with(&stack, &root, "database_down").await;
    assert_eq!(told(&body, "database"), said("database_down"), "{body}");
    let body = with(&stack, &root, "licence_refused").await;
    assert_eq!(told(&body, "licence"), said("licence_missing"), "{body}");
    let body = with(&stack, &root, "down").await;
    assert_eq!(told(&body, "network"), said("unreachable"), "{body}");
}
