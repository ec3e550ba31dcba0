//! A machine that an admin makes and changes, as staff and members see it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Answer, Person, Stack};

async fn change(stack: &Stack, by: &Person, tag: &str, body: &Value) -> Answer {
    let request = stack.of(by, Method::PATCH, "/api/machines/mch_mill");
    stack.send(request.header("if-match", tag).json(body)).await
}

#[tokio::test]
async fn a_machine_is_made_and_told_of_and_closed_by_an_admin_alone() {
    let stack = Stack::start().await;
    let (ada, root) = (stack.login("ada").await, stack.login("root").await);
    let mill = json!({
        "id": "mch_mill", "name": "Mill", "category": "mills", "timeZone": "Europe/Berlin",
    });
    stack.post(&ada, "/api/machines", &mill).await.problem(403, "role_required");
    let made = stack.post(&root, "/api/machines", &mill).await.expect(201);
    stack.post(&root, "/api/machines", &mill).await.expect(409);

    let tag = made.header("etag").to_owned();
    let told = change(&stack, &root, &tag, &json!({ "place": "Hall 2" })).await.expect(200);
    change(&stack, &root, &tag, &json!({ "place": "Hall 3" })).await.expect(412);
    let seen = stack.get(&ada, "/api/machines/mch_mill").await.expect(200);
    assert_eq!(seen.body["machine"]["place"], "Hall 2");

    let tag = told.header("etag").to_owned();
    change(&stack, &root, &tag, &json!({ "active": false })).await.expect(200);
    let judged = stack.get(&ada, "/api/machines/mch_mill/eligibility").await.expect(200);
    assert!(judged.codes().contains(&"machine_inactive"), "{}", judged.text);

    let people = stack.get(&root, "/api/users").await.expect(200);
    assert!(people.body["items"].as_array().unwrap().len() > 3, "{}", people.text);
}
