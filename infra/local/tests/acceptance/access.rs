//! Logged in, seen, thrown out: sessions and passwords over HTTP.

use reqwest::Method;
use serde_json::json;

use crate::stack::{Person, Stack};

#[tokio::test]
async fn a_stolen_session_is_ended_by_its_owner_and_refused_on_the_next_request() {
    let stack = Stack::start().await;
    let (own, stolen) = (stack.login("max").await, stack.login("max").await);
    let listed = stack.get(&own, "/api/auth/sessions").await.expect(200);
    let items = listed.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|item| item["current"] == false).unwrap();
    let path = format!("/api/auth/sessions/{}", other["id"].as_str().unwrap());
    stack.send(stack.of(&own, Method::DELETE, &path)).await.expect(204);
    stack.get(&stolen, "/api/auth/me").await.problem(401, "unauthenticated");
    stack.get(&own, "/api/auth/me").await.expect(200);
    stack.send(stack.of(&own, Method::DELETE, &path)).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_new_password_ends_every_session_but_the_one_it_opens() {
    let stack = Stack::start().await;
    let (max, other) = (stack.login("max").await, stack.login("max").await);
    let wish = json!({ "currentPassword": "interlock-demo", "newPassword": "five wet horses" });
    let answer = stack.post(&max, "/api/auth/password", &wish).await.expect(204);
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    for dead in [&max, &other] {
        stack.get(dead, "/api/auth/me").await.problem(401, "unauthenticated");
    }
    let renewed = Person { cookie, id: max.id };
    stack.get(&renewed, "/api/auth/me").await.expect(200);
    for (password, status) in [("interlock-demo", 401), ("five wet horses", 200)] {
        let body = json!({ "email": "max@demo.test", "password": password });
        let request = stack.request(Method::POST, "/api/auth/login").json(&body);
        stack.send(request).await.expect(status);
    }
}

#[tokio::test]
async fn staff_is_logged_out_after_half_an_hour_without_a_call() {
    let stack = Stack::start().await;
    let (mia, max) = (stack.login("mia").await, stack.login("max").await);
    stack.advance(25 * 60).await;
    stack.get(&mia, "/api/auth/me").await.expect(200);
    stack.advance(25 * 60).await;
    stack.get(&mia, "/api/auth/me").await.expect(200);
    stack.advance(31 * 60).await;
    stack.get(&mia, "/api/auth/me").await.problem(401, "unauthenticated");
    stack.get(&max, "/api/auth/me").await.expect(200);
}

#[tokio::test]
async fn guessing_is_told_to_wait_and_the_owner_gets_in_all_the_same() {
    let stack = Stack::start().await;
    let guess = |cookie: String, password: &'static str| {
        let body = json!({ "email": "max@demo.test", "password": password });
        stack.request(Method::POST, "/api/auth/login").header("cookie", cookie).json(&body)
    };
    let first = stack.send(guess(String::new(), "interlock-demo")).await.expect(200);
    let set = first.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let known = set.into_iter().find(|value| value.starts_with("__Host-device=")).unwrap();
    let known = known.split(';').next().unwrap().to_owned();
    for _ in 0..10 {
        stack.send(guess(String::new(), "wrong")).await;
    }
    let refused = stack.send(guess(String::new(), "wrong")).await.problem(429, "rate_limited");
    assert!(!refused.header("retry-after").is_empty());
    assert!(refused.header("ratelimit-policy").starts_with("\"login\";q=10"));
    stack.send(guess(known, "interlock-demo")).await.expect(200);
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nothing_and_a_made_up_link_opens_nothing() {
    let stack = Stack::start().await;
    let mut told = Vec::new();
    for email in ["max@demo.test", "nobody@demo.test"] {
        let request = stack.request(Method::POST, "/api/auth/reset-request");
        let answer = stack.send(request.json(&json!({ "email": email }))).await.expect(204);
        told.push(answer.text);
    }
    assert_eq!(told[0], told[1]);
    let made_up = json!({ "token": "0".repeat(64), "newPassword": "five wet horses" });
    let request = stack.request(Method::POST, "/api/auth/reset").json(&made_up);
    let answer = stack.send(request).await.problem(400, "invalid_body");
    assert_eq!(answer.body["errors"][0]["pointer"], "/token");
    stack.login("max").await;
}

#[tokio::test]
async fn an_admin_makes_a_person_and_a_manager_sees_what_is_lacking() {
    let stack = Stack::start().await;
    let (root, mia, max) =
        (stack.login("root").await, stack.login("mia").await, stack.login("max").await);
    let nina = json!({
        "email": "nina@demo.test", "name": "Nina", "roles": ["member"], "timeZone": "Europe/Lisbon"
    });
    stack.post(&mia, "/api/users", &nina).await.problem(403, "role_required");
    let made = stack.post(&root, "/api/users", &nina).await.expect(201);
    stack.post(&root, "/api/users", &nina).await.problem(409, "state_conflict");
    let path = made.header("location").to_owned();
    let shown = stack.get(&mia, &path).await.expect(200);
    assert_eq!(shown.body["user"]["name"], "Nina");
    let listed = stack.get(&mia, "/api/users?email=nina@demo.test").await.expect(200);
    assert_eq!(listed.body["items"][0]["id"], shown.body["user"]["id"]);
    let ready = stack.get(&mia, "/api/users/usr_max/readiness").await.expect(200);
    let laser = ready.body["items"].as_array().unwrap().iter().find(|one| one["id"] == "mch_laser");
    assert_eq!(laser.unwrap()["verdict"], "permit", "{}", ready.text);
    stack.get(&max, "/api/users").await.problem(403, "role_required");
    let promoted = json!({ "roles": ["manager"] });
    let request = stack.of(&root, Method::PATCH, "/api/users/usr_max").json(&promoted);
    stack.send(request).await.expect(200);
    stack.get(&max, "/api/auth/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn where_there_is_an_admin_the_console_makes_no_other() {
    let stack = Stack::start().await;
    let wanted = json!({ "email": "eve@demo.test", "name": "Eve", "timeZone": "Europe/Berlin" });
    let request = stack.request(Method::POST, "/__dev/jobs/first-admin").json(&wanted);
    let answer = stack.send(request).await;
    assert!(answer.text.contains("there is an admin already"), "{}", answer.text);
    assert!(answer.body["token"].is_null(), "{}", answer.text);
}
