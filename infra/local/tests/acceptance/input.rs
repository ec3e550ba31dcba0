//! Bad input: a clear answer with a code and a pointer, and nothing changed.

use reqwest::Method;
use serde_json::json;

use crate::stack::Stack;

const DAY: &str = "start=2030-01-01T09:00:00Z&end=2030-01-02T09:00:00Z";
const PATH: &str = "/api/machines/mch_laser/reservations";

#[tokio::test]
async fn bodies_that_cannot_be_used_are_refused_with_a_pointer() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let key = |text: &str| stack.of(&max, Method::POST, PATH).header("idempotency-key", text);
    let json_type = "application/json";
    for (name, body, pointer) in [
        ("malformed", "{\"start\":", ""),
        ("unknown", "{\"start\":\"2030-01-01T09:00:00Z\",\"price\":1}", "/price"),
        ("type", "{\"start\":5}", "/start"),
        ("local", "{\"start\":\"2030-01-01T09:00:00\"}", "/start"),
        ("array", "[]", ""),
        ("missing", "{}", ""),
    ] {
        let request = key(name).header("content-type", json_type).body(body);
        let answer = stack.send(request).await.problem(400, "invalid_body");
        let found = answer.body["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert!(found == pointer || pointer.is_empty(), "{name}: {}", answer.text);
    }
    let request = key("text").header("content-type", "text/plain").body("{}");
    stack.send(request).await.problem(415, "unsupported_media_type");
    let long = format!("{{\"start\":\"{}\"}}", "x".repeat(200_000));
    let request = key("long").header("content-type", json_type).body(long);
    stack.send(request).await.problem(413, "body_too_large");
    let list = stack.get(&max, "/api/reservations").await.expect(200);
    assert_eq!(list.body["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn headers_parameters_and_ids_that_cannot_be_used_are_refused() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let body = json!({ "start": "2030-01-01T09:00:00Z" });
    let request = stack.of(&max, Method::POST, PATH).json(&body);
    stack.send(request).await.problem(400, "idempotency_key_required");
    let anonymous = stack.request(Method::POST, PATH).header("x-requested-with", "interlock");
    let anonymous = anonymous.header("idempotency-key", "k").json(&body);
    stack.send(anonymous).await.problem(401, "unauthenticated");
    for (path, status, code) in [
        ("/api/machines/nonsense", 404, "not_found"),
        (
            "/api/machines/mch_laser/eligibility?start=2030-01-01T09:00:00Z",
            400,
            "invalid_parameter",
        ),
        ("/api/machines/mch_laser/eligibility?when=now", 400, "invalid_parameter"),
        (&slots("start=2030-01-01T09:00:00&end=2030-01-02T09:00:00Z"), 400, "invalid_parameter"),
        (&slots(&format!("{DAY}&timeZone=Mars/Base")), 400, "invalid_parameter"),
        ("/api/reservations?cursor=nonsense", 400, "invalid_cursor"),
        ("/api/reservations?limit=0", 400, "invalid_parameter"),
    ] {
        stack.get(&max, path).await.problem(status, code);
    }
    let foreign = stack.of(&max, Method::POST, PATH).header("origin", "https://evil.test");
    let foreign = foreign.header("idempotency-key", "k").json(&body);
    stack.send(foreign).await.problem(403, "cross_origin");
}

#[tokio::test]
async fn a_wrong_route_is_answered_as_the_gateway_answers_it() {
    let stack = Stack::start().await;
    for (method, path) in [(Method::GET, "/api/nothing"), (Method::PUT, "/api/auth/me")] {
        let answer = stack.send(stack.request(method, path)).await.expect(404);
        assert_eq!(answer.body, json!({ "message": "Not Found" }));
    }
    stack.send(stack.request(Method::GET, "/api/health")).await.expect(200);
    let document = stack.send(stack.request(Method::GET, "/api/openapi.json")).await.expect(200);
    assert_eq!(document.body["openapi"], "3.1.0");
}

#[tokio::test]
async fn times_outside_the_rules_are_422_with_the_rule_as_code() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let starts = stack.starts(&max, "machines/mch_laser").await;
    let first: jiff::Timestamp = starts[0].parse().unwrap();
    let night = first.to_zoned(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
    let night = night.with().hour(23).minute(0).build().unwrap().timestamp();
    let off_grid = first + jiff::SignedDuration::from_mins(7);
    let far = first + jiff::SignedDuration::from_hours(24 * 7 * 12);
    let soon = stack.now().await + jiff::SignedDuration::from_mins(10);
    for (start, code) in
        [(night, "hours_closed"), (off_grid, "grid_off"), (far, "horizon_exceeded")]
    {
        let answer = stack.reserve(&max, &start.to_string(), code).await;
        assert!(answer.codes().contains(&code), "{}", answer.text);
        assert_eq!(answer.status, 422);
    }
    let answer = stack.reserve(&max, &soon.to_string(), "soon").await.expect(422);
    assert!(answer.codes().contains(&"notice_create"), "{}", answer.text);
}

fn slots(query: &str) -> String {
    format!("/api/machines/mch_laser/availability?{query}")
}
