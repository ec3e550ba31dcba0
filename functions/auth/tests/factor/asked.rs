//! Who must have a second factor, when it must be shown again, and how often one may guess.

use std::sync::Arc;

use auth::ROUTES;
use interlock_app::{FactorPolicy, Settings};
use interlock_policy::Role;
use interlock_testkit::World;
use serde_json::json;

use crate::browser::{self, Answer, get, request, send};
use crate::telephone::{Telephone, begin, complete, confirm, login, me, pending, step_up};

/// A deployment that asks staff for one, and somebody in it.
async fn strict(role: Role) -> (World, String) {
    let mut world = World::new().await;
    let settings = world.app.settings.as_ref().clone();
    let settings = Settings { second_factor: FactorPolicy::Staff, ..settings };
    world.app.settings = Arc::new(settings);
    let id = world.person_with("mia", &[role]).await;
    world.password(&id, "correct horse").await;
    let cookie = world.session(&id).await;
    (world, cookie)
}

async fn sessions(world: &World, cookie: &str) -> Answer {
    send(world, ROUTES, "auth.sessions-list", get("/api/auth/sessions", cookie)).await
}

async fn password(world: &World, cookie: &str) -> Answer {
    let body = json!({"currentPassword": "correct horse", "newPassword": "five wet horses"});
    let raw = browser::post("/api/auth/password", cookie, &body.to_string());
    send(world, ROUTES, "auth.password-change", raw).await
}

#[tokio::test]
async fn staff_without_one_may_see_who_it_is_leave_and_get_one() {
    for role in [Role::Manager, Role::Admin] {
        let (world, cookie) = strict(role).await;
        let shown = me(&world, &cookie).await;
        assert_eq!(shown.body["secondFactor"], json!({"enrolled": false, "required": true}));
        assert_eq!(sessions(&world, &cookie).await.status, 200);
        assert_eq!(password(&world, &cookie).await.told(), (403, "factor_required"));
        let logged_in = login(&world, "mia").await;
        assert_eq!(logged_in.status, 200, "there is nothing to ask for yet");
        let telephone = Telephone::enrol(&world, &logged_in.cookie("__Host-session")).await;
        assert_eq!(password(&world, &telephone.cookie).await.status, 204);
    }
}

#[tokio::test]
async fn members_and_hosts_need_none_and_are_asked_for_the_one_they_have() {
    for role in [Role::Member, Role::Host] {
        let (world, cookie) = strict(role).await;
        let shown = me(&world, &cookie).await;
        assert_eq!(shown.body["secondFactor"], json!({"enrolled": false, "required": false}));
        Telephone::enrol(&world, &cookie).await;
        assert_eq!(login(&world, "mia").await.status, 202);
    }
}

#[tokio::test]
async fn what_is_dangerous_wants_a_code_of_the_last_ten_minutes() {
    let (world, cookie) = strict(Role::Manager).await;
    let telephone = Telephone::enrol(&world, &cookie).await;
    world.advance(599);
    let soon = begin(&world, &telephone.cookie, "correct horse").await;
    assert_eq!(soon.status, 200, "{}", soon.text);
    world.advance(1);
    let late = begin(&world, &telephone.cookie, "correct horse").await;
    assert_eq!(late.told(), (403, "step_up_required"));
    let secret = soon.body["factor"]["secret"].as_str().unwrap();
    let late = confirm(&world, &telephone.cookie, &world.code(secret)).await;
    assert_eq!(late.told(), (403, "step_up_required"));
    let fresh = step_up(&world, &telephone.cookie, &telephone.code(&world)).await;
    let fresh = begin(&world, &fresh.cookie("__Host-session"), "correct horse").await;
    assert_eq!(fresh.status, 200, "{}", fresh.text);
}

#[tokio::test]
async fn guessing_codes_is_slowed_per_person_and_the_known_browser_gets_in() {
    let (world, cookie) = strict(Role::Manager).await;
    let world = world.limited();
    let telephone = Telephone::enrol(&world, &cookie).await;
    world.advance(60);
    let waiting = pending(&world, "mia").await;
    let code = json!({"code": telephone.code(&world)});
    let known = complete(&world, &waiting, &code).await.cookie("__Host-device");
    let waiting = pending(&world, "mia").await;
    for _ in 0..5 {
        let answer = complete(&world, &waiting, &json!({"code": "000000"})).await;
        assert_eq!(answer.told(), (401, "invalid_code"));
    }
    world.advance(30);
    let right = json!({"code": telephone.code(&world)});
    let refused = complete(&world, &waiting, &right).await;
    assert_eq!(refused.told(), (429, "rate_limited"));
    assert!(!refused.header("retry-after").is_empty());
    let owner = format!("{waiting}; {known}");
    assert_eq!(complete(&world, &owner, &right).await.status, 200);
}

#[tokio::test]
async fn a_thousand_guesses_of_whoever_has_the_password_compare_the_allowed_number() {
    let (world, cookie) = strict(Role::Manager).await;
    let world = world.limited();
    Telephone::enrol(&world, &cookie).await;
    world.advance(60);
    let waiting = pending(&world, "mia").await;
    let mut compared = 0;
    for number in 0..1000 {
        let guess = json!({"code": format!("{number:06}")});
        let answer = complete(&world, &waiting, &guess).await;
        compared += i32::from(answer.told() == (401, "invalid_code"));
    }
    assert_eq!(compared, 5);
}

#[tokio::test]
async fn whoever_shows_no_login_that_waits_takes_nothing_from_the_person() {
    let (world, cookie) = strict(Role::Manager).await;
    let world = world.limited();
    let telephone = Telephone::enrol(&world, &cookie).await;
    world.advance(60);
    let foreign = format!("__Host-pending=usr_mia.{}", "0".repeat(64));
    for _ in 0..20 {
        let raw = request("POST", "/api/auth/login/code").header("cookie", &foreign);
        let raw = raw.json(r#"{"code":"000000"}"#);
        assert_eq!(send(&world, ROUTES, "auth.login-code", raw).await.status, 401);
    }
    let waiting = pending(&world, "mia").await;
    let code = json!({"code": telephone.code(&world)});
    assert_eq!(complete(&world, &waiting, &code).await.status, 200);
}

#[tokio::test]
async fn a_token_of_an_issuer_outside_sees_who_it_is_and_touches_no_session_and_no_factor() {
    let mut world = World::new().await;
    let id = world.person_with("mia", &[Role::Member]).await;
    world.password(&id, "correct horse").await;
    world.link(&id, "mia").await;
    let before = browser::kept(&world);
    let passwords = r#"{"currentPassword":"correct horse","newPassword":"five wet horses"}"#;
    for (name, method, path, body, status) in [
        ("auth.me", "GET", "/api/auth/me", "", 200),
        ("auth.logout", "POST", "/api/auth/logout", "", 401),
        ("auth.sessions-list", "GET", "/api/auth/sessions", "", 401),
        ("auth.sessions-revoke", "DELETE", "/api/auth/sessions/ses_1", "", 401),
        ("auth.password-change", "POST", "/api/auth/password", passwords, 401),
        ("auth.factor-begin", "POST", "/api/auth/factor", r#"{"currentPassword":"x"}"#, 401),
        ("auth.factor-confirm", "POST", "/api/auth/factor/confirm", r#"{"code":"1"}"#, 401),
        ("auth.factor-remove", "DELETE", "/api/auth/factor", "", 401),
        ("auth.recovery-codes", "POST", "/api/auth/factor/recovery-codes", "", 401),
        ("auth.step-up", "POST", "/api/auth/step-up", r#"{"code":"1"}"#, 401),
    ] {
        let raw = request(method, path).header("authorization", "Bearer mfa:mia");
        let raw = if body.is_empty() { raw } else { raw.json(body) };
        let answer = send(&world, ROUTES, name, raw).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text);
    }
    assert_eq!(browser::kept(&world), before);
}
