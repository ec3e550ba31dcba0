//! Asking for a checkout, the managers' list, taking one back; through the guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, by, get, post, refused, request, send};
use checkouts::ROUTES;
use interlock_http::RawRequest;
use interlock_policy::{AccountStatus, Role, UserId};
use interlock_testkit::World;
use serde_json::{Value, json};

const ASK: &str = "/api/machines/mch_laser/checkout-requests";
const LIST: &str = "/api/checkouts";

struct Cast {
    world: World,
    eve: String,
    max: UserId,
    boss: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let eve = world.person("eve").await;
        let max = world.eligible("max").await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let (eve, boss) = (world.session(&eve).await, world.session(&boss).await);
        Self { world, eve, max, boss }
    }

    async fn ask(&self, body: &Value) -> Answer {
        let raw = post(ASK, &self.eve, &body.to_string());
        send(&self.world, ROUTES, "checkout.request", raw).await
    }

    async fn list(&self, query: &str) -> Value {
        let raw = get(&format!("{LIST}{query}"), &self.boss);
        let answer = send(&self.world, ROUTES, "checkouts.list", raw).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    fn revocation(&self, user: &str, body: &Value) -> RawRequest {
        let path = format!("/api/machines/mch_laser/checkout/{user}");
        by(request("DELETE", &path), &self.boss).json(body.to_string())
    }

    async fn revoke(&self, body: &Value) -> Answer {
        let raw = self.revocation(self.max.as_str(), body);
        send(&self.world, ROUTES, "checkout.revoke", raw).await
    }
}

#[tokio::test]
async fn a_request_is_201_and_the_same_one_is_200() {
    let cast = Cast::new().await;
    let made = cast.ask(&json!({"level": 2, "note": "any evening"})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("location"), "/api/machines/mch_laser/eligibility");
    let wish = &made.body["request"];
    assert_eq!((&wish["userId"], &wish["level"]), (&json!("usr_eve"), &json!(2)));
    assert_eq!(wish["scope"], json!({"machineId": "mch_laser"}));
    assert_eq!((&wish["origin"], &wish["note"]), (&json!("member"), &json!("any evening")));
    assert_eq!((&wish["awaitsSecond"], &wish["waitingSeconds"]), (&json!(false), &json!(0)));
    cast.world.advance(90);
    let same = cast.ask(&json!({})).await;
    assert_eq!((same.status, &same.body["request"]["id"]), (200, &wish["id"]));
    assert_eq!(same.body["request"]["waitingSeconds"], 90);
}

#[tokio::test]
async fn a_request_that_cannot_be_is_refused_with_its_place() {
    let cast = Cast::new().await;
    let route = (ROUTES, "checkout.request");
    for (body, pointer) in [
        (json!({"level": 0}), "/level"),
        (json!({"level": 10}), "/level"),
        (json!({"level": "high"}), "/level"),
        (json!({"note": "x".repeat(2001)}), "/note"),
        (json!({"userId": "usr_max"}), "/userId"),
    ] {
        let raw = post(ASK, &cast.eve, &body.to_string());
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let none = post("/api/machines/mch_none/checkout-requests", &cast.eve, "{}");
    refused(&cast.world, route, none, (404, "not_found", "-")).await;
    let bare = request("POST", ASK).json("{}");
    refused(&cast.world, route, bare, (401, "unauthenticated", "-")).await;
    let max = cast.world.session(&cast.max).await;
    let held = post(ASK, &max, "{}");
    refused(&cast.world, route, held, (409, "checkout_not_needed", "/level")).await;
}

#[tokio::test]
async fn a_suspended_person_is_told_every_reason() {
    let cast = Cast::new().await;
    let key = interlock_app::model::Account::key_of(&"usr_eve".parse().unwrap());
    let store = cast.world.app.store.as_ref();
    let read = interlock_app::Snapshot::read(store, std::slice::from_ref(&key)).await.unwrap();
    let account = read.get::<interlock_app::model::Account>(&key).unwrap().unwrap().value;
    let suspended = interlock_app::model::Account { status: AccountStatus::Suspended, ..account };
    cast.world.put(&suspended).await;
    let answer = cast.ask(&json!({})).await;
    assert_eq!(answer.told(), (403, "not_eligible"));
    let reasons = ["account_suspended", "training_incomplete", "checkout_missing"];
    assert_eq!(answer.reasons(), reasons);
}

#[tokio::test]
async fn the_list_shows_who_waits_how_long_and_what_happened() {
    let cast = Cast::new().await;
    assert_eq!(cast.list("").await["waiting"], json!({"count": 0, "more": false}));
    cast.ask(&json!({})).await;
    cast.world.advance(1200);
    let list = cast.list("").await;
    assert_eq!(list["items"][0]["state"], "pending");
    assert_eq!(list["items"][0]["user"], json!({"id": "usr_eve", "name": "eve"}));
    assert_eq!(list["items"][0]["request"]["waitingSeconds"], 1200);
    let waiting = json!({"count": 1, "more": false, "medianSeconds": 1200, "oldestSeconds": 1200});
    assert_eq!(list["waiting"], waiting);
    let one = cast.list("?state=pending&machineId=mch_laser&userId=usr_eve").await;
    assert_eq!(one["history"][0]["step"], "requested");
    assert_eq!(one["history"][0]["actor"], json!({"kind": "user", "userId": "usr_eve"}));
    assert!(cast.list("?category=lasers").await["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_list_that_cannot_be_is_refused_with_its_place() {
    let cast = Cast::new().await;
    let route = (ROUTES, "checkouts.list");
    for (query, pointer) in [
        ("state=open", "state"),
        ("userId=eve", "userId"),
        ("machineId=laser", "machineId"),
        ("machineId=mch_laser&category=lasers", "category"),
        (&format!("category={}", "x".repeat(65)), "category"),
        ("limit=0", "limit"),
    ] {
        let raw = get(&format!("{LIST}?{query}"), &cast.boss);
        refused(&cast.world, route, raw, (400, "invalid_parameter", pointer)).await;
    }
    let member = get(LIST, &cast.eve);
    refused(&cast.world, route, member, (403, "role_required", "-")).await;
    let none = get(&format!("{LIST}?machineId=mch_none"), &cast.boss);
    refused(&cast.world, route, none, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn a_revocation_is_200_with_who_when_and_why() {
    let cast = Cast::new().await;
    let answer = cast.revoke(&json!({"reason": "left it running"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let checkout = &answer.body["checkouts"][0];
    assert_eq!((&checkout["userId"], &checkout["level"]), (&json!("usr_max"), &json!(1)));
    assert_eq!(checkout["revoked"]["reason"], "left it running");
    assert_eq!(checkout["revoked"]["by"], "usr_boss");
    assert_eq!(cast.revoke(&json!({"reason": "again"})).await.told(), (404, "not_found"));
    let list = cast.list("?state=revoked&machineId=mch_laser&userId=usr_max").await;
    assert_eq!(list["items"][0]["checkout"]["revoked"]["by"], "usr_boss");
    assert_eq!(list["history"][0]["reason"], "left it running");
}

#[tokio::test]
async fn a_revocation_that_cannot_be_is_refused_with_its_place() {
    let cast = Cast::new().await;
    let route = (ROUTES, "checkout.revoke");
    for (body, pointer) in [
        (json!({}), "/reason"),
        (json!({"reason": " "}), "/reason"),
        (json!({"reason": "x", "toLevel": 0}), "/toLevel"),
        (json!({"reason": "x", "toLevel": 1}), "/toLevel"),
        (json!({"reason": "x", "level": 1}), "/level"),
    ] {
        let raw = cast.revocation("usr_max", &body);
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let why = json!({"reason": "x"});
    let nothing = cast.revocation("usr_eve", &why);
    refused(&cast.world, route, nothing, (404, "not_found", "-")).await;
    let member = by(request("DELETE", "/api/machines/mch_laser/checkout/usr_max"), &cast.eve);
    let member = member.json(why.to_string());
    refused(&cast.world, route, member, (403, "role_required", "-")).await;
}
