//! Modules are made and changed by an admin, in versions; a manager's word is proof too.

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
use interlock_policy::{Role, UserId};
use interlock_testkit::World;
use serde_json::{Value, json};
use training::ROUTES;

const MODULES: &str = "/api/training/modules";
const BASICS: &str = "/api/training/modules/mod_basics";
const COMPLETE: &str = "/api/training/complete";

async fn of(world: &World, name: &str, roles: &[Role]) -> String {
    let id = world.person_with(name, roles).await;
    world.session(&id).await
}

async fn admin(world: &World) -> String {
    of(world, "root", &[Role::Admin]).await
}

async fn create(world: &World, cookie: &str, body: &Value) -> Answer {
    send(world, ROUTES, "training.modules-create", post(MODULES, cookie, &body.to_string())).await
}

fn patch(path: &str, cookie: &str, etag: Option<&str>, body: &Value) -> RawRequest {
    let raw = by(request("PATCH", path), cookie).json(body.to_string());
    match etag {
        Some(etag) => raw.header("if-match", etag),
        None => raw,
    }
}

async fn update(world: &World, cookie: &str, etag: &str, body: &Value) -> Answer {
    let raw = patch(BASICS, cookie, Some(etag), body);
    send(world, ROUTES, "training.modules-update", raw).await
}

async fn status(world: &World, cookie: &str, query: &str) -> Answer {
    let raw = get(&format!("/api/training/status{query}"), cookie);
    send(world, ROUTES, "training.status", raw).await
}

fn word(user: &UserId, kind: &str, note: &str) -> Value {
    let alternative = json!({ "kind": kind, "note": note });
    json!({ "moduleId": "mod_basics", "userId": user, "alternative": alternative })
}

async fn complete(world: &World, cookie: &str, body: &Value) -> Answer {
    send(world, ROUTES, "training.complete", post(COMPLETE, cookie, &body.to_string())).await
}

#[tokio::test]
async fn a_module_is_made_with_everything_there_is_to_say() {
    let world = World::new().await;
    let cookie = admin(&world).await;
    let body = json!({
        "id": "mod_lathe", "title": " Lathe ", "durationSeconds": 300,
        "youtubeVideoId": "a1B2c3D4e5F", "ignoredTailSeconds": 10,
        "mustSee": [{"from": 60, "to": 75.5}], "prerequisites": ["mod_basics"],
        "rules": {
            "completionPercent": 95.5, "longestGapSeconds": 5, "maxRate": 1.25,
            "minimumWatchedSeconds": 280, "versionGraceDays": 14,
        },
    });
    let made = create(&world, &cookie, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("location"), "/api/training/modules/mod_lathe");
    assert_eq!(made.header("etag"), "\"v1\"");
    let mut expected = body;
    expected["title"] = "Lathe".into();
    expected["version"] = 1.into();
    expected["active"] = true.into();
    expected["etag"] = "\"v1\"".into();
    assert_eq!(made.body["module"], expected);
    let list = send(&world, ROUTES, "training.modules-list", get(MODULES, &cookie)).await;
    assert_eq!(list.body["items"][1], expected);
    let taken = json!({ "id": "mod_lathe", "title": "Again", "durationSeconds": 300 });
    let route = (ROUTES, "training.modules-create");
    let raw = post(MODULES, &cookie, &taken.to_string());
    refused(&world, route, raw, (409, "state_conflict", "-")).await;
    let drawn = create(&world, &cookie, &json!({ "title": "Saw", "durationSeconds": 60 })).await;
    assert!(drawn.body["module"]["id"].as_str().unwrap().starts_with("mod_"));
}

#[tokio::test]
async fn every_fault_of_a_module_is_told_with_its_place() {
    let world = World::new().await;
    let cookie = admin(&world).await;
    let route = (ROUTES, "training.modules-create");
    let with = |name: &str, value: Value| {
        let mut body = json!({ "id": "mod_new", "title": "New", "durationSeconds": 100 });
        body[name] = value;
        body
    };
    let rule = |name: &str, value: Value| with("rules", json!({ name: value }));
    for (body, pointer) in [
        (json!({ "durationSeconds": 100 }), "/title"),
        (json!({ "title": "New" }), "/durationSeconds"),
        (with("id", "new".into()), "/id"),
        (with("title", "  ".into()), "/title"),
        (with("title", "x".repeat(201).into()), "/title"),
        (with("durationSeconds", 86_401.into()), "/durationSeconds"),
        (with("youtubeVideoId", "a1B2c3D4e5".into()), "/youtubeVideoId"),
        (with("youtubeVideoId", "a1B2c3D4e/F".into()), "/youtubeVideoId"),
        (with("ignoredTailSeconds", 100.into()), "/ignoredTailSeconds"),
        (with("mustSee", json!([{"from": 0, "to": 1}, {"from": 5, "to": 5}])), "/mustSee/1"),
        (with("mustSee", json!([{"from": 90, "to": 100.001}])), "/mustSee/0"),
        (with("prerequisites", json!(["mod_none"])), "/prerequisites/0"),
        (with("prerequisites", json!(["mod_new"])), "/prerequisites/0"),
        (with("prerequisites", json!(["mod_basics", "mod_basics"])), "/prerequisites/1"),
        (rule("completionPercent", 0.into()), "/rules/completionPercent"),
        (rule("completionPercent", 101.into()), "/rules/completionPercent"),
        (rule("maxRate", 2.001.into()), "/rules/maxRate"),
        (rule("maxRate", 0.999.into()), "/rules/maxRate"),
        (rule("minimumWatchedSeconds", 101.into()), "/rules/minimumWatchedSeconds"),
        (rule("versionGraceDays", 366.into()), "/rules/versionGraceDays"),
        (rule("graceMs", 60_000.into()), "/rules/graceMs"),
        (with("version", 7.into()), "/version"),
    ] {
        let raw = post(MODULES, &cookie, &body.to_string());
        refused(&world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let both = json!({ "title": "", "durationSeconds": 0 });
    let answer = create(&world, &cookie, &both).await;
    assert_eq!(answer.pointers(), ["/title", "/durationSeconds"]);
}

#[tokio::test]
async fn only_another_video_makes_a_new_version() {
    let world = World::new().await;
    let cookie = admin(&world).await;
    let named = update(&world, &cookie, "\"v1\"", &json!({ "title": "First steps" })).await;
    assert_eq!((named.status, &named.body["module"]["version"]), (200, &json!(1)));
    assert_eq!(named.header("etag"), "\"v2\"");
    let longer = json!({
        "durationSeconds": 90, "youtubeVideoId": "a1B2c3D4e5F",
        "changed": [{"from": 5, "to": 10}], "graceDays": 7,
    });
    let revised = update(&world, &cookie, "\"v2\"", &longer).await;
    assert_eq!(revised.status, 200, "{}", revised.text);
    assert_eq!(revised.body["module"]["version"], 2);
    let cut = update(&world, &cookie, "\"v3\"", &json!({ "changed": "everything" })).await;
    assert_eq!(cut.body["module"]["version"], 3);
    let gone = json!({ "youtubeVideoId": null, "changed": [] });
    let gone = update(&world, &cookie, "\"v4\"", &gone).await;
    assert_eq!(gone.body["module"]["version"], 4);
    assert_eq!(gone.body["module"]["youtubeVideoId"], Value::Null);
    let off = update(&world, &cookie, "\"v5\"", &json!({ "active": false })).await;
    assert_eq!(
        (&off.body["module"]["version"], &off.body["module"]["active"]),
        (&json!(4), &json!(false))
    );
}

#[tokio::test]
async fn a_change_that_cannot_be_made_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let cookie = admin(&world).await;
    let route = (ROUTES, "training.modules-update");
    for (body, pointer) in [
        (json!({ "durationSeconds": 90 }), "/changed"),
        (json!({ "youtubeVideoId": "a1B2c3D4e5F" }), "/changed"),
        (json!({ "changed": "some" }), "/changed"),
        (json!({ "changed": [{"from": 0, "to": 60.001}] }), "/changed/0"),
        (json!({ "graceDays": 7 }), "/graceDays"),
        (json!({ "changed": [], "graceDays": 366 }), "/graceDays"),
        (json!({ "prerequisites": ["mod_basics"] }), "/prerequisites/0"),
        (json!({ "id": "mod_other" }), "/id"),
        (json!({ "version": 2 }), "/version"),
    ] {
        let raw = patch(BASICS, &cookie, Some("\"v1\""), &body);
        refused(&world, route, raw, (400, "invalid_body", pointer)).await;
    }
    let body = json!({ "title": "Other" });
    let raw = patch(BASICS, &cookie, None, &body);
    refused(&world, route, raw, (428, "precondition_required", "-")).await;
    let raw = patch(BASICS, &cookie, Some("\"v2\""), &body);
    refused(&world, route, raw, (412, "precondition_failed", "-")).await;
    let none = patch(&format!("{MODULES}/mod_none"), &cookie, Some("\"v1\""), &body);
    refused(&world, route, none, (404, "not_found", "-")).await;
}

#[tokio::test]
async fn modules_never_build_on_each_other_in_a_circle() {
    let world = World::new().await;
    let cookie = admin(&world).await;
    for (id, before) in [("mod_b", "mod_basics"), ("mod_c", "mod_b")] {
        let body = json!({
            "id": id, "title": "Next", "durationSeconds": 60, "prerequisites": [before],
        });
        assert_eq!(create(&world, &cookie, &body).await.status, 201);
    }
    let body = json!({ "prerequisites": ["mod_c"] });
    let raw = patch(BASICS, &cookie, Some("\"v1\""), &body);
    let fault = (400, "invalid_body", "/prerequisites/0");
    refused(&world, (ROUTES, "training.modules-update"), raw, fault).await;
    let free = json!({ "prerequisites": [] });
    let raw = patch(&format!("{MODULES}/mod_b"), &cookie, Some("\"v1\""), &free);
    assert_eq!(send(&world, ROUTES, "training.modules-update", raw).await.status, 200);
    assert_eq!(update(&world, &cookie, "\"v1\"", &body).await.status, 200);
}

#[tokio::test]
async fn only_an_admin_makes_and_changes_modules() {
    let world = World::new().await;
    let manager = of(&world, "mia", &[Role::Manager]).await;
    let body = json!({ "title": "New", "durationSeconds": 60 }).to_string();
    let raw = post(MODULES, &manager, &body);
    let route = (ROUTES, "training.modules-create");
    refused(&world, route, raw, (403, "role_required", "-")).await;
    refused(&world, route, request("POST", MODULES), (401, "unauthenticated", "-")).await;
    let route = (ROUTES, "training.modules-update");
    let raw = patch(BASICS, &manager, Some("\"v1\""), &json!({ "active": false }));
    refused(&world, route, raw, (403, "role_required", "-")).await;
    refused(&world, route, request("PATCH", BASICS), (401, "unauthenticated", "-")).await;
}

#[tokio::test]
async fn a_managers_word_is_proof_and_shown_as_such() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (own, mia) = (world.session(&ada).await, of(&world, "mia", &[Role::Manager]).await);
    let body = word(&ada, "transcript", "read it aloud with me");
    let answer = complete(&world, &mia, &body).await;
    assert_eq!((answer.status, &answer.body["completed"]), (200, &json!(true)), "{}", answer.text);
    let said = json!({
        "kind": "transcript", "recordedBy": "usr_mia", "note": "read it aloud with me",
    });
    assert_eq!(answer.body["alternative"], said);
    let shown = status(&world, &own, "").await;
    let item = &shown.body["items"][0];
    assert_eq!((&item["completed"], &item["coveragePercent"]), (&json!(true), &json!(0)));
    assert_eq!(item["proof"], json!({ "moduleVersion": 1, "alternative": said }));
    let again = complete(&world, &mia, &word(&ada, "live_session", "twice")).await;
    assert_eq!(again.text, answer.text, "what is proven stays as it is");
    let own = complete(&world, &own, &json!({ "moduleId": "mod_basics" })).await;
    assert_eq!(own.text, answer.text);
}

#[tokio::test]
async fn a_managers_word_needs_a_manager_a_reason_and_another_person() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let own = world.session(&ada).await;
    let mia = world.person_with("mia", &[Role::Manager]).await;
    let cookie = world.session(&mia).await;
    let route = (ROUTES, "training.complete");
    let raw = |cookie: &str, body: &Value| post(COMPLETE, cookie, &body.to_string());
    let word_of = |kind| word(&ada, kind, "was there");
    let body = word(&ada, "live_session", "I was there");
    refused(&world, route, raw(&own, &body), (403, "role_required", "-")).await;
    let body = word(&mia, "live_session", "I was there");
    refused(&world, route, raw(&cookie, &body), (403, "self_approval", "-")).await;
    let mut unsaid = word_of("live_session");
    unsaid.as_object_mut().unwrap().remove("userId");
    refused(&world, route, raw(&cookie, &unsaid), (403, "self_approval", "-")).await;
    let nobody = word(&"usr_nobody".parse().unwrap(), "live_session", "was there");
    refused(&world, route, raw(&cookie, &nobody), (404, "not_found", "-")).await;
    let waits = word_of("watch_confirmed");
    refused(&world, route, raw(&cookie, &waits), (409, "state_conflict", "-")).await;
    let no = json!({ "moduleId": "mod_basics", "userId": ada, "decline": { "reason": "no" } });
    refused(&world, route, raw(&cookie, &no), (409, "state_conflict", "-")).await;
    refused(&world, route, raw(&own, &no), (403, "role_required", "-")).await;
    let mut both = word_of("watch_confirmed");
    both["decline"] = json!({ "reason": "yes and no" });
    for (body, pointer) in [
        (json!({ "moduleId": "mod_basics", "userId": ada }), "/alternative"),
        (both, "/decline"),
        (json!({ "moduleId": "mod_basics", "userId": ada, "decline": {} }), "/decline/reason"),
        (word_of("rumour"), "/alternative/kind"),
        (word(&ada, "transcript", " "), "/alternative/note"),
        (word(&ada, "transcript", &"x".repeat(2001)), "/alternative/note"),
    ] {
        refused(&world, route, raw(&cookie, &body), (400, "invalid_body", pointer)).await;
    }
}

#[tokio::test]
async fn only_a_manager_looks_at_others() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let own = world.session(&ada).await;
    let mia = of(&world, "mia", &[Role::Manager]).await;
    let route = (ROUTES, "training.status");
    for query in ["?userId=usr_ada", "?awaiting=confirmation"] {
        let raw = get(&format!("/api/training/status{query}"), &own);
        refused(&world, route, raw, (403, "role_required", "-")).await;
        assert_eq!(status(&world, &mia, query).await.status, 200);
    }
    for (query, told) in [
        ("?userId=ada", (400, "invalid_parameter", "userId")),
        ("?awaiting=lunch", (400, "invalid_parameter", "awaiting")),
        ("?userId=usr_nobody", (404, "not_found", "-")),
    ] {
        refused(&world, route, get(&format!("/api/training/status{query}"), &mia), told).await;
    }
}
