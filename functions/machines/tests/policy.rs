//! Reading and saving policies; through the guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, get, refused, request, send};
use interlock_http::RawRequest;
use interlock_policy::Role;
use interlock_testkit::World;
use machines::ROUTES;
use serde_json::{Value, json};

const POLICY: &str = "/api/machines/mch_laser/policy";

struct Cast {
    world: World,
    boss: String,
    second: String,
    root: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let second = world.person_with("second", &[Role::Manager]).await;
        let root = world.person_with("root", &[Role::Admin]).await;
        let (boss, second) = (world.session(&boss).await, world.session(&second).await);
        let root = world.session(&root).await;
        Self { world, boss, second, root }
    }

    async fn get(&self, query: &str) -> Answer {
        let raw = get(&format!("{POLICY}{query}"), &self.boss);
        send(&self.world, ROUTES, "policy.get", raw).await
    }

    async fn put(&self, cookie: &str, tag: &str, body: &Value) -> Answer {
        send(&self.world, ROUTES, "policy.put", put(cookie, tag, body)).await
    }

    async fn ask_for_a_second_person(&self, cookie: &str) -> Answer {
        let raw = by(request("PATCH", "/api/machines/mch_laser"), cookie);
        let raw = raw.header("if-match", "\"v1\"").json(r#"{"policyNeedsSecond":true}"#);
        send(&self.world, ROUTES, "machines.update", raw).await
    }
}

fn put(cookie: &str, tag: &str, body: &Value) -> RawRequest {
    by(request("PUT", POLICY), cookie).header("if-match", tag).json(body.to_string())
}

fn open() -> Value {
    json!({"timeZone": "Europe/Berlin", "requirements": [], "rules": {"horizonDays": 30}})
}

#[tokio::test]
async fn what_stands_is_shown_with_its_tag_and_may_be_sent_back_as_it_is() {
    let cast = Cast::new().await;
    let answer = cast.get("").await;
    assert_eq!((answer.status, answer.header("etag")), (200, "\"v0\""));
    let found = &answer.body;
    assert_eq!((&found["inForce"]["version"], &found["needsSecond"]), (&json!(1), &json!(false)));
    let body = json!({"policy": found["inForce"]["policy"], "reason": "the same again"});
    let answer = cast.put(&cast.boss, "\"v0\"", &body).await;
    assert_eq!((answer.status, answer.header("etag")), (200, "\"v1\""), "{}", answer.text);
    assert_eq!(answer.body["inForce"]["version"], 2);
    assert_eq!(answer.body["inForce"]["author"], json!({"kind": "user", "userId": "usr_boss"}));
    let same = cast.get("?diffFrom=1").await;
    assert_eq!(same.body, json!({"from": 1, "to": 2, "changes": []}));
}

#[tokio::test]
async fn each_view_is_one_parameter_and_two_at_once_are_refused() {
    let cast = Cast::new().await;
    let body = json!({"policy": open(), "reason": "an open week"});
    cast.put(&cast.boss, "\"v0\"", &body).await;
    let history = cast.get("?history=true&limit=1").await;
    assert_eq!(history.body["items"][0]["version"], 2);
    let next = history.body["nextCursor"].as_str().unwrap();
    let rest = cast.get(&format!("?history=true&limit=1&cursor={next}")).await;
    assert_eq!(rest.body["items"][0]["version"], 1, "{}", rest.text);
    assert_eq!(cast.get("?version=1").await.body["save"]["policy"]["rules"]["openCap"], 3);
    let diff = cast.get("?diffFrom=1&diffTo=2").await;
    let changes = diff.body["changes"].as_array().unwrap();
    let cap = changes.iter().find(|change| change["pointer"] == "/rules/openCap").unwrap();
    assert_eq!(cap["before"], 3);
    for query in ["?version=1&history=true", "?diffTo=1", "?history=maybe", "?version=x"] {
        assert_eq!(cast.get(query).await.told(), (400, "invalid_parameter"), "{query}");
    }
    assert_eq!(cast.get("?version=9").await.told(), (404, "not_found"));
}

#[tokio::test]
async fn a_save_needs_the_tag_a_reason_and_one_wish() {
    let cast = Cast::new().await;
    let route = (ROUTES, "policy.put");
    let body = json!({"policy": open(), "reason": "an open week"});
    let untagged = by(request("PUT", POLICY), &cast.boss).json(body.to_string());
    refused(&cast.world, route, untagged, (428, "precondition_required", "-")).await;
    let stale = put(&cast.boss, "\"v7\"", &body);
    refused(&cast.world, route, stale, (412, "precondition_failed", "-")).await;
    let mut grid = open();
    grid["rules"]["gridMinutes"] = json!(0);
    for (body, pointer) in [
        (json!({"policy": open()}), "/reason"),
        (json!({"policy": open(), "reason": " "}), "/reason"),
        (json!({"policy": open(), "reason": "x".repeat(2001)}), "/reason"),
        (json!({"reason": "why"}), "/policy"),
        (json!({"policy": open(), "rollBackTo": 1, "reason": "why"}), "/policy"),
        (json!({"policy": grid, "reason": "why"}), "/policy/rules/gridMinutes"),
        (json!({"policy": {"rules": {}}, "reason": "why"}), "/policy/timeZone"),
        (
            json!({"policy": open(), "reason": "why", "effectiveFrom": "2020-01-01T00:00:00Z"}),
            "/effectiveFrom",
        ),
    ] {
        let raw = put(&cast.boss, "\"v0\"", &body);
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let unknown = json!({"rollBackTo": 9, "reason": "why"});
    let raw = put(&cast.boss, "\"v0\"", &unknown);
    refused(&cast.world, route, raw, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn only_a_manager_reads_and_saves_and_only_of_what_there_is() {
    let cast = Cast::new().await;
    let eve = cast.world.person("eve").await;
    let eve = cast.world.session(&eve).await;
    let body = json!({"policy": open(), "reason": "why"});
    let expected = (403, "role_required", "-");
    refused(&cast.world, (ROUTES, "policy.get"), get(POLICY, &eve), expected).await;
    refused(&cast.world, (ROUTES, "policy.put"), put(&eve, "\"v0\"", &body), expected).await;
    for path in ["/api/machines/mch_none/policy", "/api/hosts/mch_laser/policy"] {
        let raw = get(path, &cast.boss);
        refused(&cast.world, (ROUTES, "policy.get"), raw, (404, "not_found", "-")).await;
    }
}

#[tokio::test]
async fn only_an_admin_asks_for_a_second_person_who_then_must_be_another_one() {
    let cast = Cast::new().await;
    let told = cast.ask_for_a_second_person(&cast.boss).await;
    assert_eq!(told.told(), (403, "role_required"));
    assert_eq!(cast.ask_for_a_second_person(&cast.root).await.status, 200);
    let body = json!({"policy": open(), "reason": "an open week"});
    let answer = cast.put(&cast.boss, "\"v1\"", &body).await;
    assert_eq!(answer.body["proposal"]["state"], "proposed", "{}", answer.text);
    assert_eq!(answer.body["inForce"]["version"], 1);
    let confirm = json!({"confirm": 2, "reason": "read and agreed"});
    let own = cast.put(&cast.boss, "\"v2\"", &confirm).await;
    assert_eq!(own.told(), (403, "self_approval"));
    let answer = cast.put(&cast.second, "\"v2\"", &confirm).await;
    assert_eq!(answer.body["inForce"]["version"], 2, "{}", answer.text);
    assert_eq!(answer.body["inForce"]["decided"]["by"]["userId"], "usr_second");
}
