//! Trying policies, exempting people, announcing outages; through the guard.

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
use interlock_http::RawRequest;
use interlock_policy::Role;
use interlock_testkit::World;
use machines::ROUTES;
use serde_json::{Value, json};

const PREVIEW: &str = "/api/machines/mch_laser/policy/preview";
const EXEMPTIONS: &str = "/api/machines/mch_laser/exemptions";
const OUTAGES: &str = "/api/machines/mch_laser/outages";

struct Cast {
    world: World,
    boss: String,
    eve: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let boss = world.person_with("boss", &[Role::Manager]).await;
        let eve = world.person("eve").await;
        let (boss, eve) = (world.session(&boss).await, world.session(&eve).await);
        Self { world, boss, eve }
    }

    async fn send(&self, name: &str, raw: RawRequest) -> Answer {
        send(&self.world, ROUTES, name, raw).await
    }

    async fn post(&self, name: &str, path: &str, body: &Value) -> Answer {
        self.send(name, post(path, &self.boss, &body.to_string())).await
    }

    async fn get(&self, name: &str, path: &str) -> Answer {
        self.send(name, get(path, &self.eve)).await
    }
}

fn open() -> Value {
    json!({"timeZone": "Europe/Berlin", "requirements": [], "rules": {}})
}

fn grant(codes: &Value) -> Value {
    json!({"userId": "usr_eve", "codes": codes, "endsAt": "2026-06-08T10:00:00Z",
        "reason": "she built it"})
}

#[tokio::test]
async fn a_trial_tells_who_gains_and_writes_nothing() {
    let cast = Cast::new().await;
    let before = cast.world.store.dump();
    let body = json!({"policy": open(), "pastDays": 30});
    let answer = cast.post("policy.preview", PREVIEW, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let members = &answer.body["members"];
    assert_eq!((&members["considered"], &members["eligibleAfter"]), (&json!(2), &json!(2)));
    let gained = members["gained"].as_array().unwrap();
    let eve = gained.iter().find(|one| one["userId"] == "usr_eve").unwrap();
    assert_eq!(eve["reasons"], json!(["training_incomplete", "checkout_missing"]));
    let expected = json!({"considered": 0, "complete": true, "affected": []});
    assert_eq!(answer.body["reservations"], expected);
    assert_eq!(answer.body["past"]["days"], 30);
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn a_bad_trial_is_told_with_its_place() {
    let cast = Cast::new().await;
    let route = (ROUTES, "policy.preview");
    for (body, pointer) in [
        (json!({}), "/policy"),
        (json!({"policy": open(), "pastDays": 91}), "/pastDays"),
        (
            json!({"policy": {"timeZone": "Europe/Berlin", "requirements": [],
            "rules": {"gridMinutes": 0}}}),
            "/policy/rules/gridMinutes",
        ),
    ] {
        let raw = post(PREVIEW, &cast.boss, &body.to_string());
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let raw = post(PREVIEW, &cast.eve, &json!({"policy": open()}).to_string());
    refused(&cast.world, route, raw, (403, "role_required", "-")).await;
}

#[tokio::test]
async fn an_exemption_is_granted_listed_for_the_member_and_taken_back() {
    let cast = Cast::new().await;
    let codes = json!(["training_incomplete", "checkout_missing"]);
    let answer = cast.post("exemptions.grant", EXEMPTIONS, &grant(&codes)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let exemption = &answer.body["exemption"];
    assert_eq!((&exemption["codes"], &exemption["used"]), (&codes, &json!(0)));
    assert_eq!(exemption["grantedBy"], json!({"kind": "user", "userId": "usr_boss"}));
    assert_eq!(answer.body["eligibility"]["verdict"], "permit_with_conditions");
    let id = exemption["id"].as_str().unwrap();
    let own = cast.get("machines.eligibility", "/api/machines/mch_laser/eligibility").await;
    assert_eq!(own.body["verdict"], "permit_with_conditions");
    assert!(own.body["reasons"].as_array().unwrap().iter().all(|one| one["waivedBy"] == id));
    let list = "/api/machines/mch_laser/policy?exemptions=true";
    let listed = cast.send("policy.get", get(list, &cast.boss)).await;
    assert_eq!(listed.body["items"][0]["reason"], "she built it", "{}", listed.text);
    let path = format!("{EXEMPTIONS}/{id}");
    let revoke = || by(request("DELETE", &path), &cast.boss);
    let answer = cast.send("exemptions.revoke", revoke()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.body["exemption"]["revoked"]["by"]["userId"], "usr_boss");
    let route = (ROUTES, "exemptions.revoke");
    refused(&cast.world, route, revoke(), (409, "state_conflict", "-")).await;
    let own = cast.get("machines.eligibility", "/api/machines/mch_laser/eligibility").await;
    assert_eq!(own.body["verdict"], "refuse");
}

#[tokio::test]
async fn what_of_a_policy_is_no_list_takes_neither_limit_nor_cursor() {
    let cast = Cast::new().await;
    let route = (ROUTES, "policy.get");
    for (query, name) in
        [("limit=5", "limit"), ("cursor=x", "cursor"), ("version=1&limit=5", "limit")]
    {
        let raw = get(&format!("/api/machines/mch_laser/policy?{query}"), &cast.boss);
        refused(&cast.world, route, raw, (400, "invalid_parameter", name)).await;
    }
}

#[tokio::test]
async fn a_bad_grant_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let route = (ROUTES, "exemptions.grant");
    for (body, pointer) in [
        (json!({}), "/userId"),
        (grant(&json!(["no_such_code"])), "/codes/0"),
        (grant(&json!([])), "/codes"),
        (grant(&json!(["account_banned"])), "/codes/0"),
        (grant(&json!(["checkout_missing", "machine_inactive"])), "/codes/1"),
    ] {
        let raw = post(EXEMPTIONS, &cast.boss, &body.to_string());
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let good = grant(&json!(["checkout_missing"]));
    let raw = post(EXEMPTIONS, &cast.eve, &good.to_string());
    refused(&cast.world, route, raw, (403, "role_required", "-")).await;
    let mut own = good.clone();
    own["userId"] = json!("usr_boss");
    let raw = post(EXEMPTIONS, &cast.boss, &own.to_string());
    refused(&cast.world, route, raw, (403, "self_approval", "-")).await;
    let nothing = post("/api/machines/mch_none/exemptions", &cast.boss, &good.to_string());
    refused(&cast.world, route, nothing, (404, "not_found", "-")).await;
    for id in ["exm_none", "chk_none"] {
        let raw = by(request("DELETE", &format!("{EXEMPTIONS}/{id}")), &cast.boss);
        refused(&cast.world, (ROUTES, "exemptions.revoke"), raw, (404, "not_found", "-")).await;
    }
}

#[tokio::test]
async fn an_outage_is_tried_announced_shown_to_members_and_ended() {
    let cast = Cast::new().await;
    let mut body = json!({"reason": "the tube is broken", "dryRun": true});
    let before = cast.world.store.dump();
    let tried = cast.post("outages.create", OUTAGES, &body).await;
    assert_eq!((tried.status, &tried.body["outage"]["id"]), (200, &Value::Null));
    assert_eq!(cast.world.store.dump(), before);
    body["dryRun"] = json!(false);
    let made = cast.post("outages.create", OUTAGES, &body).await;
    assert_eq!((made.status, made.header("location")), (201, "/api/machines/mch_laser"));
    let id = made.body["outage"]["id"].as_str().unwrap();
    let shown = cast.get("machines.get", "/api/machines/mch_laser").await;
    let outage = &shown.body["machine"]["outages"][0];
    assert_eq!((&outage["id"], &outage["reason"]), (&json!(id), &json!("the tube is broken")));
    let own = cast.get("machines.eligibility", "/api/machines/mch_laser/eligibility").await;
    let reasons = own.body["reasons"].as_array().unwrap();
    let reason = reasons.iter().find(|one| one["code"] == "machine_outage").unwrap();
    assert_eq!(reason["evidence"][0]["outageId"], id);
    assert_eq!(reason["parameters"]["reason"], "the tube is broken");
    let path = format!("{OUTAGES}/{id}/end");
    cast.world.advance(60);
    let ended = cast.post("outages.end", &path, &json!({})).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_eq!(ended.body["outage"]["endsAt"], "2026-06-01T10:01:00Z");
    let again = post(&path, &cast.boss, "{}");
    refused(&cast.world, (ROUTES, "outages.end"), again, (409, "state_conflict", "-")).await;
}

#[tokio::test]
async fn a_bad_outage_is_told_with_its_place_and_changes_nothing() {
    let cast = Cast::new().await;
    let route = (ROUTES, "outages.create");
    for (body, pointer) in [
        (json!({}), "/reason"),
        (json!({"reason": "why", "startsAt": "2026-05-01T10:00:00Z"}), "/startsAt"),
        (json!({"reason": "why", "endsAt": "2026-05-01T10:00:00Z"}), "/endsAt"),
        (json!({"reason": "why", "dryRun": "yes"}), "/dryRun"),
    ] {
        let raw = post(OUTAGES, &cast.boss, &body.to_string());
        refused(&cast.world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let raw = post(OUTAGES, &cast.eve, r#"{"reason":"why"}"#);
    refused(&cast.world, route, raw, (403, "role_required", "-")).await;
    let raw = post(&format!("{OUTAGES}/otg_none/end"), &cast.boss, "{}");
    refused(&cast.world, (ROUTES, "outages.end"), raw, (404, "not_found", "-")).await;
}
