//! Where one is logged in: seen, ended, and ended by time.

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
use browser::{Answer, by, get, refused, request, send};
use interlock_policy::Role;
use interlock_testkit::World;
use serde_json::json;

const LIST: &str = "/api/auth/sessions";

async fn list(world: &World, cookie: &str) -> Answer {
    send(world, ROUTES, "auth.sessions-list", get(LIST, cookie)).await
}

async fn me(world: &World, cookie: &str) -> u16 {
    send(world, ROUTES, "auth.me", get("/api/auth/me", cookie)).await.status
}

async fn end(world: &World, cookie: &str, id: &str) -> Answer {
    let raw = by(request("DELETE", &format!("{LIST}/{id}")), cookie);
    send(world, ROUTES, "auth.sessions-revoke", raw).await
}

#[tokio::test]
async fn the_live_sessions_are_listed_with_the_newest_first_and_the_callers_marked() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let bea = world.person("bea").await;
    let old = world.session(&ada).await;
    world.advance(60);
    let new = world.session(&ada).await;
    world.session(&bea).await;
    let answer = list(&world, &old).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let items = answer.body["items"].as_array().unwrap();
    let current: Vec<_> = items.iter().map(|item| item["current"] == true).collect();
    assert_eq!(current, [false, true]);
    for secret in [&old, &new] {
        let secret = secret.rsplit('.').next().unwrap();
        assert!(!answer.text.contains(secret), "no token is told");
    }
    for record in world.store.of_kind("session") {
        let hash = record.body["hash"].as_str().unwrap();
        assert!(!answer.text.contains(hash), "no whole hash is told");
    }
}

#[tokio::test]
async fn an_ended_session_is_refused_on_the_very_next_request() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let (own, stolen) = (world.session(&ada).await, world.session(&ada).await);
    assert_eq!(me(&world, &stolen).await, 200);
    let items = list(&world, &own).await.body["items"].clone();
    let other = items.as_array().unwrap().iter().find(|item| item["current"] == false).unwrap();
    let id = other["id"].as_str().unwrap();
    let answer = end(&world, &own, id).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (204, ""));
    assert_eq!((me(&world, &stolen).await, me(&world, &own).await), (401, 200));
    assert_eq!(end(&world, &own, id).await.told(), (404, "not_found"));
    let audit = world.store.of_kind("audit_entry");
    assert_eq!(audit[0].body["action"], "session.end");
    assert_eq!(audit[0].body["object"], id);
}

#[tokio::test]
async fn ending_the_session_one_calls_with_clears_the_cookie() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let own = world.session(&ada).await;
    let id = list(&world, &own).await.body["items"][0]["id"].as_str().unwrap().to_owned();
    let answer = end(&world, &own, &id).await;
    assert!(answer.header("set-cookie").ends_with("Max-Age=0"));
    assert_eq!(me(&world, &own).await, 401);
}

#[tokio::test]
async fn other_peoples_sessions_answer_like_missing_ones() {
    let world = World::new().await;
    let (ada, bea) = (world.person("ada").await, world.person("bea").await);
    let (ada, bea) = (world.session(&ada).await, world.session(&bea).await);
    let foreign = list(&world, &bea).await.body["items"][0]["id"].as_str().unwrap().to_owned();
    let short: String = foreign.chars().take(20).collect();
    let missing = format!("ses_{}", "0".repeat(32));
    for id in [foreign.as_str(), &missing, &short, "ses_", "usr_bea", "x"] {
        let raw = by(request("DELETE", &format!("{LIST}/{id}")), &ada);
        let expected = (404, "not_found", "-");
        refused(&world, (ROUTES, "auth.sessions-revoke"), raw, expected).await;
    }
    assert_eq!(me(&world, &bea).await, 200);
}

#[tokio::test]
async fn a_session_of_staff_ends_half_an_hour_after_its_last_use() {
    let world = World::new().await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let (used, unused) = (world.session(&boss).await, world.session(&boss).await);
    for _ in 0..3 {
        world.advance(25 * 60);
        assert_eq!(me(&world, &used).await, 200, "use keeps it alive");
    }
    assert_eq!(me(&world, &unused).await, 401);
    assert_eq!(list(&world, &used).await.body["items"].as_array().unwrap().len(), 1);
    world.advance(30 * 60);
    assert_eq!(me(&world, &used).await, 401);
}

#[tokio::test]
async fn use_does_not_lengthen_the_absolute_life() {
    let world = World::new().await;
    let boss = world.person_with("boss", &[Role::Manager]).await;
    let cookie = world.session(&boss).await;
    for _ in 0..28 {
        world.advance(25 * 60);
        assert_eq!(me(&world, &cookie).await, 200);
    }
    world.advance(20 * 60);
    assert_eq!(me(&world, &cookie).await, 401, "twelve hours after the login");
}

#[tokio::test]
async fn a_members_session_outlives_half_an_hour_and_its_use_is_noted_once_an_hour() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let cookie = world.session(&ada).await;
    for (minutes, notes) in [(59, 0), (1, 1), (59, 1), (1, 2)] {
        world.advance(minutes * 60);
        let before = world.store.commits();
        assert_eq!(me(&world, &cookie).await, 200);
        let noted = world.store.of_kind("session_use");
        assert_eq!(noted.len(), usize::from(notes > 0));
        let wrote = world.store.commits() - before;
        assert_eq!(wrote, u64::from(minutes == 1), "a note only when the last is an hour old");
    }
}

#[tokio::test]
async fn a_login_keeps_what_the_browser_calls_itself() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    world.password(&ada, "correct horse").await;
    let body = json!({"email": "ada@test.example", "password": "correct horse"}).to_string();
    let raw = request("POST", "/api/auth/login").json(body);
    let answer = send(&world, ROUTES, "auth.login", raw.header("user-agent", "Browser/1")).await;
    let cookie = answer.cookie("__Host-session");
    let listed = list(&world, &cookie).await;
    assert_eq!(listed.body["items"][0]["device"], "Browser/1");
    assert_eq!(listed.body["items"][0]["current"], true);
}
