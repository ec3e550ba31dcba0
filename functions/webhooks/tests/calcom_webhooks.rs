//! Webhooks at Cal.com as an admin orders, changes and removes them.

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
use interlock_app::ports::scheduler::Failure;
use interlock_http::RawRequest;
use interlock_policy::Role;
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use interlock_testkit::store::Call as StoreCall;
use serde_json::{Value, json};
use webhooks::ROUTES;

const LIST: &str = "calcom.webhooks-list";
const CREATE: &str = "calcom.webhooks-create";
const UPDATE: &str = "calcom.webhooks-update";
const DELETE: &str = "calcom.webhooks-delete";
const PATH: &str = "/api/cal/webhooks";
const URL: &str = "https://hooks.test/in?token=t";

struct Cast {
    world: World,
    admin: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let root = world.person_with("root", &[Role::Admin]).await;
        let admin = world.session(&root).await;
        Self { world, admin }
    }

    fn list(&self, query: &str) -> RawRequest {
        get(&format!("{PATH}{query}"), &self.admin)
    }

    fn create(&self, body: &Value) -> RawRequest {
        post(PATH, &self.admin, &body.to_string())
    }

    fn update(&self, id: &str, body: &Value) -> RawRequest {
        by(request("PATCH", &format!("{PATH}/{id}")), &self.admin).json(body.to_string())
    }

    fn delete(&self, id: &str, query: &str) -> RawRequest {
        by(request("DELETE", &format!("{PATH}/{id}{query}")), &self.admin)
    }

    async fn send(&self, name: &str, raw: RawRequest) -> Answer {
        send(&self.world, ROUTES, name, raw).await
    }

    /// One that stands; its name.
    async fn made(&self) -> String {
        let body = json!({ "resourceId": "mch_laser", "url": URL });
        let answer = self.send(CREATE, self.create(&body)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["webhook"]["id"].as_str().unwrap().to_owned()
    }

    /// What is in the audit about webhooks.
    fn audited(&self) -> Vec<Value> {
        let records = self.world.store.of_kind("audit_entry").into_iter();
        let ours = |entry: &Value| entry["action"].as_str().unwrap().starts_with("calcom-webhook.");
        records.map(|record| serde_json::to_value(record.body).unwrap()).filter(ours).collect()
    }
}

#[tokio::test]
async fn a_webhook_is_made_listed_changed_and_removed() {
    let cast = Cast::new().await;
    let id = cast.made().await;
    let needed = json!([
        "BOOKING_CREATED",
        "BOOKING_REQUESTED",
        "BOOKING_RESCHEDULED",
        "BOOKING_CANCELLED",
        "BOOKING_REJECTED"
    ]);
    let listed = cast.send(LIST, cast.list("?resourceId=mch_laser")).await;
    let whole = json!({ "items": [{ "id": id, "url": URL, "active": true, "triggers": needed }] });
    assert_eq!((listed.status, &listed.body), (200, &whole));
    let body = json!({ "resourceId": "mch_laser", "active": false, "triggers": ["BOOKING_PAID"] });
    let changed = cast.send(UPDATE, cast.update(&id, &body)).await;
    let webhook = json!({ "id": id, "url": URL, "active": false, "triggers": ["BOOKING_PAID"] });
    assert_eq!((changed.status, &changed.body["webhook"]), (200, &webhook));
    let gone = cast.send(DELETE, cast.delete(&id, "?resourceId=mch_laser")).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert!(cast.world.scheduler.subscribed(&cast.world.account()).is_empty());
    let again = cast.send(DELETE, cast.delete(&id, "?resourceId=mch_laser")).await;
    assert_eq!(again.told(), (404, "not_found"));
}

#[tokio::test]
async fn who_changed_what_is_audited_without_what_may_hold_a_token() {
    let cast = Cast::new().await;
    let id = cast.made().await;
    let again = json!({ "resourceId": "mch_laser" });
    cast.send(UPDATE, cast.update(&id, &again)).await;
    cast.send(DELETE, cast.delete(&id, "?resourceId=mch_laser")).await;
    let mut told: Vec<(String, String)> = Vec::new();
    for entry in cast.audited() {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        assert_eq!(entry["object"], id.as_str());
        assert!(!entry.to_string().contains("token"), "{entry}");
        told.push((word(&entry["action"]), word(&entry["detail"]["outcome"])));
    }
    told.sort();
    let done = |what: &str| (format!("calcom-webhook.{what}"), "done".to_owned());
    assert_eq!(told, [done("create"), done("delete"), done("update")]);
}

#[tokio::test]
async fn an_audit_that_cannot_be_written_does_not_hide_what_calcom_did() {
    let cast = Cast::new().await;
    cast.world.store.fail_before(StoreCall::Commit, 1);
    let id = cast.made().await;
    assert!(cast.audited().is_empty());
    let standing = cast.world.scheduler.subscribed(&cast.world.account());
    assert_eq!(standing[0].id.as_str(), id);
}

#[tokio::test]
async fn a_second_webhook_with_the_same_address_is_refused() {
    let cast = Cast::new().await;
    cast.made().await;
    let second = json!({ "resourceId": "mch_laser", "url": URL });
    let told = cast.send(CREATE, cast.create(&second)).await;
    assert_eq!(told.told(), (409, "state_conflict"), "{}", told.text);
    let other = json!({ "resourceId": "mch_laser", "url": "http://10.0.0.7:8080" });
    let other = cast.send(CREATE, cast.create(&other)).await;
    let other = other.body["webhook"]["id"].as_str().unwrap().to_owned();
    let moved = cast.send(UPDATE, cast.update(&other, &second)).await;
    assert_eq!(moved.told(), (409, "state_conflict"), "{}", moved.text);
    assert_eq!(cast.world.scheduler.count(Call::Resubscribe), 0);
}

#[tokio::test]
async fn calcom_out_of_reach_is_503_and_what_may_have_been_done_is_audited() {
    let cast = Cast::new().await;
    let body = json!({ "resourceId": "mch_laser", "url": URL });
    let calendar = &cast.world.scheduler;
    calendar.fail_before(Call::Subscribe, Failure::NotConnected);
    let answer = cast.send(CREATE, cast.create(&body)).await;
    assert_eq!(answer.told(), (503, "upstream_unavailable"));
    assert_eq!(answer.header("retry-after"), "10");
    assert!(cast.audited().is_empty());
    calendar.fail_after(Call::Subscribe, Failure::UnknownOutcome);
    assert_eq!(cast.send(CREATE, cast.create(&body)).await.status, 503);
    assert_eq!(cast.audited()[0]["detail"]["outcome"], "unknown");
    calendar.fail_before(Call::Subscriptions, Failure::RateLimited);
    let listed = cast.send(LIST, cast.list("?resourceId=mch_laser")).await;
    assert_eq!((listed.status, listed.header("retry-after")), (503, "60"));
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_before_calcom_is_asked() {
    let cast = Cast::new().await;
    let with = |field: &str, value: Value| {
        let mut body = json!({ "resourceId": "mch_laser", "url": "https://a.test" });
        body[field] = value;
        body
    };
    let long = format!("https://a.test/{}", "x".repeat(2048));
    for (body, pointer) in [
        (with("url", json!("hooks.test/in")), "/url"),
        (with("url", json!("ftp://a.test")), "/url"),
        (with("url", json!("https://u:p@a.test")), "/url"),
        (with("url", json!(long)), "/url"),
        (with("triggers", json!([])), "/triggers"),
        (with("triggers", json!(["BOOKING_PAID", "BOOKING_CONFIRMED"])), "/triggers/1"),
        (with("triggers", json!(["BOOKING_PAID", "BOOKING_PAID"])), "/triggers/1"),
        (with("resourceId", json!("laser")), "/resourceId"),
    ] {
        let expected = (400, "invalid_body", pointer);
        refused(&cast.world, (ROUTES, CREATE), cast.create(&body), expected).await;
        refused(&cast.world, (ROUTES, UPDATE), cast.update("hook-1", &body), expected).await;
    }
    // A secret is no field at all.
    let secret = with("secret", json!("mine"));
    let expected = (400, "invalid_body", "-");
    refused(&cast.world, (ROUTES, CREATE), cast.create(&secret), expected).await;
    refused(&cast.world, (ROUTES, UPDATE), cast.update("hook-1", &secret), expected).await;
    let missing = (400, "invalid_parameter", "resourceId");
    refused(&cast.world, (ROUTES, LIST), cast.list(""), missing).await;
    refused(&cast.world, (ROUTES, LIST), cast.list("?resourceId=laser"), missing).await;
    refused(&cast.world, (ROUTES, DELETE), cast.delete("hook-1", ""), missing).await;
}

#[tokio::test]
async fn what_is_not_there_or_not_the_accounts_own_is_not_found() {
    let cast = Cast::new().await;
    let gone = (404, "not_found", "-");
    let unknown = json!({ "resourceId": "mch_none", "url": "https://a.test" });
    refused(&cast.world, (ROUTES, CREATE), cast.create(&unknown), gone).await;
    refused(&cast.world, (ROUTES, UPDATE), cast.update("hook-1", &unknown), gone).await;
    refused(&cast.world, (ROUTES, LIST), cast.list("?resourceId=mch_none"), gone).await;
    let query = "?resourceId=mch_laser";
    refused(&cast.world, (ROUTES, DELETE), cast.delete("a.b", query), gone).await;
    let body = json!({ "resourceId": "mch_laser" });
    let never = cast.send(UPDATE, cast.update("hook-9", &body)).await;
    assert_eq!(never.told(), (404, "not_found"));
    assert!(cast.audited().is_empty());
}

#[tokio::test]
async fn nobody_but_admins_may_call() {
    let mut cast = Cast::new().await;
    let boss = cast.world.person_with("boss", &[Role::Manager]).await;
    cast.admin = cast.world.session(&boss).await;
    let body = json!({ "resourceId": "mch_laser", "url": URL });
    for (name, raw) in [
        (LIST, cast.list("?resourceId=mch_laser")),
        (CREATE, cast.create(&body)),
        (UPDATE, cast.update("hook-1", &body)),
        (DELETE, cast.delete("hook-1", "?resourceId=mch_laser")),
    ] {
        refused(&cast.world, (ROUTES, name), raw, (403, "role_required", "-")).await;
    }
}
