//! What the log says of a request; alone in its binary, because subscribers are process-wide.

#![allow(clippy::unwrap_used, reason = "a fixture that fails ends its test")]

#[path = "../../testkit/lines/mod.rs"]
mod lines;
mod support;

use interlock_app::App;
use interlock_http::{Call, Problem, RawRequest, Reply, Route};
use interlock_policy::Role;
use lines::Lines;
use serde_json::Value;
use support::{World, request};

const ROUTE: Route = Route::post("reservations.create", "/api/machines/{machineId}/reservations")
    .allow(Role::Member)
    .idempotent(true);

async fn handle(_: App, call: Call) -> Result<Reply, Problem> {
    Ok(Reply::ok(&call.resource_id()?))
}

async fn goes_back(_: App, _: Call) -> Result<Reply, Problem> {
    Ok(Reply::no_content().correlated(Some("req_of_old".parse().unwrap())))
}

#[tokio::test]
async fn a_request_that_goes_back_to_another_names_it() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", "/api/machines/mch_laser/reservations").session(&token);
    world.send(&ROUTE, goes_back, raw.header("idempotency-key", "k").json("{}")).await;
    let line: Value = serde_json::from_str(&lines.text()).unwrap();
    assert_eq!((&line["status"], &line["correlation_id"]), (&204.into(), &"req_of_old".into()));
    assert_eq!(line["request_id"], "req_1");
}

/// One line a request, and nothing of body, e-mail, cookie or query in it.
#[tokio::test]
async fn a_request_is_one_line_without_anything_personal() {
    let lines = Lines::default();
    let _guard = lines.listen();
    let world = World::new();
    let token = world.member().await;
    let raw = request("POST", "/api/machines/mch_laser/reservations?secret=hunter2")
        .session(&token)
        .header("idempotency-key", "hunter2")
        .json(r#"{"email":"hunter2@demo.test"}"#);
    let trace_id = Some("1-5759e988-bd862e3fe1be46a994272793".to_owned());
    world.send(&ROUTE, handle, RawRequest { trace_id, ..raw }).await;
    let text = lines.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["route"], "reservations.create");
    assert_eq!(line["status"], 400);
    assert_eq!(line["code"], "invalid_parameter");
    assert_eq!(line["request_id"], "req_1");
    assert_eq!(line["correlation_id"], "req_1", "it goes back to no other");
    assert_eq!(line["trace_id"], "1-5759e988-bd862e3fe1be46a994272793");
    assert!(line["milliseconds"].is_u64());
    for secret in ["hunter2", "ada@demo.test", &token.expose()] {
        assert!(!text.contains(secret), "{text}");
    }
}
