//! Who did what, and whether the record is whole; through the guard.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use audit::ROUTES;
use browser::{Answer, get, post, refused, send};
use interlock_app::{UpdateUser, seal_audit, update_user};
use interlock_policy::{AccountStatus, Role};
use interlock_testkit::World;
use serde_json::json;

const LIST: &str = "audit.list";
const VERIFY: &str = "audit.verify";

/// A world in which an admin has banned somebody, and that is sealed.
async fn banned() -> (World, String) {
    let world = World::new().await;
    let root = world.person_with("root", &[Role::Admin]).await;
    let eve = world.person("eve").await;
    let cookie = world.session(&root).await;
    seal_audit(&world.app).await.unwrap();
    let ban = UpdateUser {
        user_id: eve,
        status: AccountStatus::Banned,
        suspension: None,
        act: world.act(&root),
    };
    update_user(&world.app, &root, &ban).await.unwrap();
    world.advance(600);
    seal_audit(&world.app).await.unwrap();
    (world, cookie)
}

async fn list(world: &World, cookie: &str, query: &str) -> Answer {
    send(world, ROUTES, LIST, get(&format!("/api/audit{query}"), cookie)).await
}

#[tokio::test]
async fn an_admin_reads_who_did_what_with_before_and_after() {
    let (world, root) = banned().await;
    for query in [
        "?action=user.status",
        "?action=user.",
        "?actor=usr_root&action=user.status",
        "?object=usr_eve",
        "?requestId=req_test&object=usr_eve",
    ] {
        let answer = list(&world, &root, query).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        let entry = &answer.body["items"][0];
        assert_eq!(
            (&entry["action"], &entry["object"]),
            (&json!("user.status"), &json!("usr_eve"))
        );
        assert_eq!((&entry["before"], &entry["after"]), (&json!("active"), &json!("banned")));
        assert_eq!(entry["actor"], json!({ "kind": "user", "userId": "usr_root" }));
    }
    let none = list(&world, &root, "?object=usr_nobody").await;
    assert_eq!(none.body, json!({ "items": [] }));
}

#[tokio::test]
async fn the_chain_is_exported_page_by_page_and_whole() {
    let (world, root) = banned().await;
    let (mut kinds, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = list(&world, &root, &format!("?format=chain&limit=1{cursor}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let items = answer.body["items"].as_array().unwrap();
        kinds.extend(items.iter().map(|line| line["kind"].as_str().unwrap().to_owned()));
        match answer.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(kinds.iter().filter(|kind| *kind == "entry").count(), 1);
    assert!(kinds.iter().filter(|kind| *kind == "seal").count() >= 2);
    refused(
        &world,
        (ROUTES, LIST),
        get("/api/audit?format=chain&actor=usr_root", &root),
        (400, "invalid_parameter", "actor"),
    )
    .await;
}

#[tokio::test]
async fn a_verification_says_what_it_verified() {
    let (world, root) = banned().await;
    let verify = async |body: &str| {
        send(&world, ROUTES, VERIFY, post("/api/audit/verify", &root, body)).await
    };
    let answer = verify("{}").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!((&answer.body["intact"], &answer.body["entries"]), (&json!(true), &json!(1)));
    let noted = json!({ "root": answer.body["root"] }).to_string();
    assert_eq!(verify(&noted).await.body["intact"], true);
    let other = verify(r#"{"root":"other"}"#).await;
    assert_eq!(other.status, 200);
    assert_eq!(other.body["faults"], json!([{ "what": "root_missing" }]));
    let long = r#"{"from":"2026-01-01T00:00:00Z","to":"2026-03-01T00:00:00Z"}"#;
    assert_eq!(verify(long).await.status, 400);
    assert_eq!(verify(r#"{"since":1}"#).await.status, 400);
}

#[tokio::test]
async fn words_that_do_not_exist_are_refused() {
    let (world, root) = banned().await;
    for query in ["?format=csv", "?from=today", "?limit=0", "?who=root"] {
        assert_eq!(list(&world, &root, query).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn nobody_but_admins_may_call() {
    let (world, _) = banned().await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let boss = world.session(&boss).await;
    for (name, raw) in
        [(LIST, get("/api/audit", &boss)), (VERIFY, post("/api/audit/verify", &boss, "{}"))]
    {
        let answer = send(&world, ROUTES, name, raw).await;
        assert_eq!(answer.told(), (403, "role_required"), "{name}");
    }
}
