//! Logging in, being somebody, logging out; through the guard and over fakes.

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
use browser::{by, get, refused, request, send};
use interlock_app::{Front, Settings};
use interlock_policy::{Role, UserId};
use interlock_testkit::World;

const LOGIN: &str = "/api/auth/login";

async fn with_password(world: &World, name: &str, roles: &[Role]) -> UserId {
    let user_id = world.person_with(name, roles).await;
    world.password(&user_id, "correct horse").await;
    user_id
}

fn login(email: &str, password: &str) -> interlock_http::RawRequest {
    let body = serde_json::json!({"email": email, "password": password}).to_string();
    request("POST", LOGIN).json(body)
}

#[tokio::test]
async fn a_login_answers_the_person_and_a_cookie_that_works_until_the_logout() {
    let world = World::new().await;
    with_password(&world, "ada", &[Role::Member]).await;
    let answer =
        send(&world, ROUTES, "auth.login", login("Ada@test.example", "correct horse")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let user = serde_json::json!({
        "id": "usr_ada", "email": "ada@test.example", "name": "ada", "roles": ["member"],
        "status": "active", "timeZone": "Europe/Berlin",
    });
    assert_eq!(answer.body, serde_json::json!({ "user": user }));
    assert_eq!(answer.header("cache-control"), "no-store");
    let set = answer.header("set-cookie");
    assert!(set.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000"), "{set}");
    let cookie = &answer.cookie("__Host-session");
    assert!(
        !world
            .store
            .dump()
            .iter()
            .any(|record| { record.body.to_string().contains(cookie.rsplit('.').next().unwrap()) }),
        "the secret half is never stored"
    );

    let me = send(&world, ROUTES, "auth.me", get("/api/auth/me", cookie)).await;
    assert_eq!((me.status, &me.body["user"]), (200, &user));
    let out =
        send(&world, ROUTES, "auth.logout", by(request("POST", "/api/auth/logout"), cookie)).await;
    assert_eq!((out.status, out.text.as_str()), (204, ""));
    assert!(out.header("set-cookie").ends_with("Max-Age=0"));
    let me = send(&world, ROUTES, "auth.me", get("/api/auth/me", cookie)).await;
    assert_eq!(me.told(), (401, "unauthenticated"));
}

#[tokio::test]
async fn from_pages_elsewhere_one_logs_in_and_out_with_cookies_to_match() {
    let mut world = World::new().await;
    let settings = world.app.settings.as_ref().clone();
    world.app.settings = Settings { front: Front::Gateway, ..settings }.into();
    let origin = world.app.settings.app_origin.clone();
    with_password(&world, "ada", &[Role::Member]).await;
    let raw = login("ada@test.example", "correct horse").header("origin", &origin);
    let answer = send(&world, ROUTES, "auth.login", raw).await;
    let set: Vec<_> = answer.headers().filter(|(name, _)| *name == "set-cookie").collect();
    assert_eq!(set.len(), 2, "{set:?}");
    let reach = "; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=";
    assert!(set.iter().all(|(_, value)| value.contains(reach)), "{set:?}");

    let cookie = answer.cookie("__Host-session");
    let out = || by(request("POST", "/api/auth/logout"), &cookie);
    let silent = send(&world, ROUTES, "auth.logout", out()).await;
    assert_eq!(silent.told(), (403, "cross_origin"));
    let foreign = out().header("origin", "https://evil.test");
    assert_eq!(send(&world, ROUTES, "auth.logout", foreign).await.told(), (403, "cross_origin"));
    let ours = out().header("origin", &origin).header("sec-fetch-site", "cross-site");
    let out = send(&world, ROUTES, "auth.logout", ours).await;
    assert_eq!(out.status, 204, "{}", out.text);
    // A browser takes away only what is named with the same attributes.
    let ended = "__Host-session=; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=0";
    assert_eq!(out.header("set-cookie"), ended);
}

#[tokio::test]
async fn staff_is_logged_in_for_half_a_day() {
    let world = World::new().await;
    with_password(&world, "boss", &[Role::Manager]).await;
    let answer =
        send(&world, ROUTES, "auth.login", login("boss@test.example", "correct horse")).await;
    assert!(answer.header("set-cookie").ends_with("Max-Age=43200"));
}

#[tokio::test]
async fn every_no_is_the_same_no() {
    let world = World::new().await;
    with_password(&world, "ada", &[Role::Member]).await;
    let mut answers = Vec::new();
    for (email, password) in
        [("ada@test.example", "wrong"), ("nobody@test.example", "correct horse"), ("", "")]
    {
        let answer = send(&world, ROUTES, "auth.login", login(email, password)).await;
        assert_eq!(answer.told(), (401, "invalid_credentials"));
        assert_eq!(answer.header("set-cookie"), "");
        answers.push(answer.text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "nothing tells which half was wrong");
}

#[tokio::test]
async fn bad_input_is_told_with_its_place_and_changes_nothing() {
    let world = World::new().await;
    with_password(&world, "ada", &[Role::Member]).await;
    let long = format!(r#"{{"email":"a","password":"{}"}}"#, "x".repeat(2000));
    let huge = format!(r#"{{"email":"a","password":"{}"}}"#, "x".repeat(100_000));
    for (body, status, code, pointer) in [
        ("", 400, "invalid_body", ""),
        ("{", 400, "invalid_body", "-"),
        ("[]", 400, "invalid_body", ""),
        (r#"{"email":"a"}"#, 400, "invalid_body", "/password"),
        (r#"{"email":1,"password":"b"}"#, 400, "invalid_body", "/email"),
        (r#"{"email":"a","password":"b","admin":true}"#, 400, "invalid_body", "/admin"),
        (r#"{"email":"a","email":"b","password":"c"}"#, 400, "invalid_body", "-"),
        (long.as_str(), 400, "invalid_body", "/password"),
        (huge.as_str(), 413, "body_too_large", "-"),
    ] {
        let raw = request("POST", LOGIN).json(body);
        refused(&world, (ROUTES, "auth.login"), raw, (status, code, pointer)).await;
    }
    let mut plain = login("ada@test.example", "correct horse");
    plain.headers.clear();
    let plain = plain.header("content-type", "text/plain");
    let expected = (415, "unsupported_media_type", "-");
    refused(&world, (ROUTES, "auth.login"), plain, expected).await;
}

#[tokio::test]
async fn without_a_good_session_one_is_nobody() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let good = world.session(&ada).await;
    let forged = format!("__Host-session=usr_ada.{}", "0".repeat(64));
    for cookie in ["", "__Host-session=", "__Host-session=usr_ada.00", forged.as_str()] {
        let expected = (401, "unauthenticated", "-");
        for (name, method, path) in
            [("auth.me", "GET", "/api/auth/me"), ("auth.logout", "POST", "/api/auth/logout")]
        {
            let raw = by(request(method, path), cookie);
            refused(&world, (ROUTES, name), raw, expected).await;
        }
    }
    world.advance(12 * 3600);
    let raw = get("/api/auth/me", &good);
    refused(&world, (ROUTES, "auth.me"), raw, (401, "unauthenticated", "-")).await;
}

#[tokio::test]
async fn a_logout_from_a_foreign_page_is_refused() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let cookie = world.session(&ada).await;
    let bare = request("POST", "/api/auth/logout").header("cookie", &cookie);
    let route = (ROUTES, "auth.logout");
    refused(&world, route, bare.clone(), (403, "csrf_header_required", "-")).await;
    let foreign =
        by(request("POST", "/api/auth/logout"), &cookie).header("origin", "https://evil.test");
    refused(&world, route, foreign, (403, "cross_origin", "-")).await;
    let own = by(request("POST", "/api/auth/logout"), &cookie)
        .header("origin", "https://app.test")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(send(&world, ROUTES, "auth.logout", own).await.status, 204);
}
