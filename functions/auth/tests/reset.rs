//! A forgotten password: asked for, mailed, used once, and nothing told to strangers.

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
use browser::{Answer, get, request, send};
use interlock_app::model::{Account, Letter, LetterId};
use interlock_app::token_of;
use interlock_policy::AccountStatus;
use interlock_testkit::World;
use serde_json::json;

async fn world() -> World {
    let world = World::new().await.limited();
    let user_id = world.person("ada").await;
    world.password(&user_id, "correct horse").await;
    world
}

async fn ask(world: &World, email: &str) -> Answer {
    // Two requests of one name at one instant would be one entry of the audit.
    world.advance(1);
    let raw = request("POST", "/api/auth/reset-request").json(json!({"email": email}).to_string());
    send(world, ROUTES, "auth.reset-request", raw).await
}

async fn choose(world: &World, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "newPassword": password}).to_string();
    send(world, ROUTES, "auth.reset", request("POST", "/api/auth/reset").json(body)).await
}

async fn login(world: &World, password: &str) -> u16 {
    let body = json!({"email": "ada@test.example", "password": password}).to_string();
    send(world, ROUTES, "auth.login", request("POST", "/api/auth/login").json(body)).await.status
}

/// The token the sender would mail for the newest letter.
fn mailed(world: &World) -> String {
    let letters = world.store.of_kind("letter");
    let letter: Letter = letters
        .iter()
        .map(|record| record.decode::<Letter>().unwrap().value)
        .max_by_key(|letter| (letter.due_at, letter.id.to_string()))
        .unwrap();
    token_of(&world.app.settings, &letter.id).unwrap()
}

#[tokio::test]
async fn the_answer_and_the_work_never_tell_whether_an_address_has_an_account() {
    let world = world().await;
    let banned = world.person("banned").await;
    let account = Account { status: AccountStatus::Banned, ..world.account_of(&banned).unwrap() };
    world.put(&account).await;
    let mut told = Vec::new();
    for email in ["ada@test.example", "nobody@test.example", "banned@test.example", "", "x"] {
        world.store.reset_counts();
        let answer = ask(&world, email).await;
        let headers: Vec<_> =
            answer.headers().map(|(name, value)| format!("{name}: {value}")).collect();
        told.push((answer.status, answer.text, headers, world.store.requests()));
    }
    assert_eq!(told[0].0, 204);
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(world.store.of_kind("letter").len(), 1, "one letter, to whom it belongs");
}

#[tokio::test]
async fn a_link_works_once_ends_every_session_and_opens_none() {
    let world = world().await;
    let cookie = world.session(&"usr_ada".parse().unwrap()).await;
    assert_eq!(ask(&world, " Ada@test.example").await.status, 204);
    let token = mailed(&world);
    let answer = choose(&world, &token, "five wet horses").await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let set: Vec<_> = answer.headers().filter(|(name, _)| *name == "set-cookie").collect();
    assert_eq!(set.len(), 1);
    assert!(set[0].1.starts_with("__Host-device="), "no session: {set:?}");
    let me = send(&world, ROUTES, "auth.me", get("/api/auth/me", &cookie)).await;
    assert_eq!(me.told(), (401, "unauthenticated"));
    assert_eq!(
        (login(&world, "correct horse").await, login(&world, "five wet horses").await),
        (401, 200)
    );
    let again = choose(&world, &token, "six wet horses").await;
    assert_eq!((again.told(), again.pointers()), ((400, "invalid_body"), vec!["/token"]));
}

#[tokio::test]
async fn the_token_is_in_no_record() {
    let world = world().await;
    ask(&world, "ada@test.example").await;
    let token = mailed(&world);
    for record in world.store.dump() {
        let text = format!("{:?} {}", record.key, *record.body);
        assert!(!text.contains(&token), "{text}");
    }
    let other: LetterId = "ltr_0".parse().unwrap();
    assert_ne!(token_of(&world.app.settings, &other).unwrap(), token);
}

#[tokio::test]
async fn a_link_ends_after_half_an_hour_and_with_any_other_new_password() {
    let world = world().await;
    ask(&world, "ada@test.example").await;
    let old = mailed(&world);
    world.advance(30 * 60);
    assert_eq!(choose(&world, &old, "five wet horses").await.pointers(), ["/token"]);
    ask(&world, "ada@test.example").await;
    let first = mailed(&world);
    world.advance(1);
    ask(&world, "ada@test.example").await;
    let second = mailed(&world);
    assert_ne!(first, second);
    assert_eq!(choose(&world, &second, "five wet horses").await.status, 204);
    assert_eq!(choose(&world, &first, "six wet horses").await.pointers(), ["/token"]);
}

#[tokio::test]
async fn a_banned_person_chooses_nothing() {
    let world = world().await;
    ask(&world, "ada@test.example").await;
    let token = mailed(&world);
    let ada = "usr_ada".parse().unwrap();
    world.put(&Account { status: AccountStatus::Banned, ..world.account_of(&ada).unwrap() }).await;
    assert_eq!(choose(&world, &token, "five wet horses").await.pointers(), ["/token"]);
}

#[tokio::test]
async fn what_is_no_token_costs_no_evaluation_and_a_bad_password_keeps_the_link() {
    let world = world().await;
    ask(&world, "ada@test.example").await;
    let token = mailed(&world);
    let before = world.passwords.evaluations();
    for wrong in [
        "",
        "x",
        &"0".repeat(64),
        &token.to_uppercase(),
        token.strip_prefix(char::is_alphanumeric).unwrap(),
    ] {
        assert_eq!(
            choose(&world, wrong, "five wet horses").await.pointers(),
            ["/token"],
            "{wrong}"
        );
    }
    for weak in ["short", "password1", "ada@test.example", &"x".repeat(2000)] {
        assert_eq!(choose(&world, &token, weak).await.pointers(), ["/newPassword"], "{weak}");
    }
    assert_eq!(world.passwords.evaluations(), before);
    assert_eq!(choose(&world, &token, "five wet horses").await.status, 204);
}

#[tokio::test]
async fn asking_again_and_again_is_limited_alike_for_everybody() {
    let world = world().await;
    for email in ["ada@test.example", "nobody@test.example"] {
        let mut statuses = Vec::new();
        for _ in 0..5 {
            statuses.push(ask(&world, email).await.status);
        }
        assert_eq!(statuses, [204, 204, 204, 429, 429], "{email}");
    }
    assert_eq!(world.store.of_kind("letter").len(), 3);
}

#[tokio::test]
async fn what_is_longer_than_any_address_is_refused_before_it_is_counted() {
    let world = world().await;
    let long = format!("{}@test.example", "a".repeat(242));
    assert_eq!(long.len(), 255);
    let answer = ask(&world, &long).await;
    assert_eq!(answer.told(), (400, "invalid_body"));
    assert_eq!(answer.body["errors"][0]["pointer"], "/email");
    assert!(world.store.of_kind("tab").is_empty());
    let longest = format!("{}@test.example", "a".repeat(241));
    assert_eq!(ask(&world, &longest).await.status, 204, "as any address without an account");
}
