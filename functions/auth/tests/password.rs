//! Changing a password: who may, which are taken, and what it ends.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use auth::ROUTES;
use browser::{Answer, by, get, post, refused, request, send};
use interlock_testkit::World;
use serde_json::json;

const PATH: &str = "/api/auth/password";
const NAME: &str = "auth.password-change";

async fn ada() -> (World, String) {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.password(&ada, "correct horse").await;
    let cookie = world.session(&ada).await;
    (world, cookie)
}

fn wish(current: &str, new: &str) -> String {
    json!({"currentPassword": current, "newPassword": new}).to_string()
}

async fn login(world: &World, password: &str) -> Answer {
    let body = json!({"email": "ada@test.example", "password": password}).to_string();
    send(world, ROUTES, "auth.login", request("POST", "/api/auth/login").json(body)).await
}

async fn me(world: &World, cookie: &str) -> u16 {
    send(world, ROUTES, "auth.me", get("/api/auth/me", cookie)).await.status
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_opens_one() {
    let (world, cookie) = ada().await;
    let other = world.session(&"usr_ada".parse().unwrap()).await;
    let before = world.passwords.evaluations();
    let raw = post(PATH, &cookie, &wish("correct horse", "five wet horses"));
    let answer = send(&world, ROUTES, NAME, raw).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(world.passwords.evaluations() - before, 2, "one to compare, one to store");
    let new = answer.cookie("__Host-session");
    assert_ne!(new, cookie);
    let dead = (me(&world, &cookie).await, me(&world, &other).await);
    assert_eq!((dead, me(&world, &new).await), ((401, 401), 200));
    assert_eq!(login(&world, "correct horse").await.told(), (401, "invalid_credentials"));
    assert_eq!(login(&world, "five wet horses").await.status, 200);
}

#[tokio::test]
async fn the_person_is_told_by_mail_and_the_audit_names_no_password() {
    let (world, cookie) = ada().await;
    let raw = post(PATH, &cookie, &wish("correct horse", "five wet horses"));
    assert_eq!(send(&world, ROUTES, NAME, raw).await.status, 204);
    let letters = world.store.of_kind("letter");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].body["kind"], "password_changed");
    assert_eq!(letters[0].indexes.one.as_ref().unwrap().partition, "OUTBOX#notify");
    let audit = world.store.of_kind("audit_entry");
    assert_eq!(audit[0].body["action"], "password.change");
    assert!(!audit[0].body.to_string().contains("horse"));
}

#[tokio::test]
async fn a_wrong_present_password_and_a_bad_new_one_change_nothing() {
    let (world, cookie) = ada().await;
    let (long, endless) = ("x".repeat(2000), "ab1".repeat(400));
    for (body, pointer) in [
        (wish("wrong", "five wet horses"), "/currentPassword"),
        (wish("", "five wet horses"), "/currentPassword"),
        (wish(&long, "five wet horses"), "/currentPassword"),
        (wish("correct horse", "short"), "/newPassword"),
        (wish("correct horse", "password123"), "/newPassword"),
        (wish("correct horse", "adaadaada"), "/newPassword"),
        (wish("correct horse", &endless), "/newPassword"),
        (r#"{"currentPassword":"correct horse"}"#.to_owned(), "/newPassword"),
        (r#"{"currentPassword":"a","newPassword":"b","userId":"usr_bea"}"#.into(), "/userId"),
    ] {
        let raw = post(PATH, &cookie, &body);
        refused(&world, (ROUTES, NAME), raw, (400, "invalid_body", pointer)).await;
    }
    assert_eq!(me(&world, &cookie).await, 200);
}

#[tokio::test]
async fn nobody_changes_a_password_without_a_session_or_from_a_foreign_page() {
    let (world, cookie) = ada().await;
    let body = wish("correct horse", "five wet horses");
    let bare = request("POST", PATH).json(body.clone());
    refused(&world, (ROUTES, NAME), bare, (401, "unauthenticated", "-")).await;
    let unmarked = request("POST", PATH).header("cookie", &cookie).json(body.clone());
    refused(&world, (ROUTES, NAME), unmarked, (403, "csrf_header_required", "-")).await;
    let foreign = by(request("POST", PATH), &cookie).header("origin", "https://evil.test");
    refused(&world, (ROUTES, NAME), foreign.json(body), (403, "cross_origin", "-")).await;
}
