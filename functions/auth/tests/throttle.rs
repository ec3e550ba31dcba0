//! Guessing is slow, whoever guesses from wherever, and nobody locks an owner out.

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
use browser::{Answer, post, request, send};
use interlock_testkit::World;
use interlock_testkit::store::Call;
use serde_json::json;

const LOGIN: &str = "/api/auth/login";

async fn world() -> World {
    let world = World::new().await.limited();
    for name in ["ada", "bea"] {
        let user_id = world.person(name).await;
        world.password(&user_id, "correct horse").await;
    }
    world
}

struct Try<'a> {
    email: &'a str,
    password: &'a str,
    address: Option<String>,
    cookie: &'a str,
}

const STRANGER: Try<'static> =
    Try { email: "ada@test.example", password: "wrong", address: None, cookie: "" };

async fn login(world: &World, tried: Try<'_>) -> Answer {
    let body = json!({"email": tried.email, "password": tried.password}).to_string();
    let mut raw = request("POST", LOGIN).json(body).header("cookie", tried.cookie);
    raw.source_ip = tried.address;
    send(world, ROUTES, "auth.login", raw).await
}

async fn owner(world: &World, cookie: &str) -> Answer {
    // Two requests of one name at one instant would be one entry of the audit.
    world.advance(1);
    login(world, Try { password: "correct horse", cookie, ..STRANGER }).await
}

/// The cookie of a known browser among those an answer sets.
fn device(answer: &Answer) -> String {
    answer.cookie("__Host-device")
}

#[tokio::test]
async fn ten_thousand_guesses_over_fifty_addresses_get_the_allowed_number_of_evaluations() {
    let world = world().await;
    let before = world.passwords.evaluations();
    let mut let_through = 0;
    for number in 0..10_000_u32 {
        let address = Some(format!("192.0.2.{}", number % 50));
        let answer = login(&world, Try { address, ..STRANGER }).await;
        match answer.status {
            401 => let_through += 1,
            429 => assert_eq!(answer.told(), (429, "rate_limited")),
            status => panic!("{status}: {}", answer.text),
        }
    }
    let evaluations = world.passwords.evaluations() - before;
    assert_eq!((evaluations, let_through), (10, 10), "the burst, and time stood still");
}

#[tokio::test]
async fn ten_thousand_seconds_of_guessing_get_no_more_than_the_doubling_allows() {
    let world = world().await;
    let before = world.passwords.evaluations();
    for _ in 0..10_000 {
        world.advance(1);
        login(&world, STRANGER).await;
    }
    let evaluations = world.passwords.evaluations() - before;
    // Ten at once, then ten more in 4, 8, 16, 32 and 64 minutes each; the plain rate gives 843.
    assert!((60..=70).contains(&evaluations), "{evaluations}");
}

#[tokio::test]
async fn an_unknown_address_of_e_mail_is_counted_like_a_known_one() {
    let world = world().await;
    let mut told = Vec::new();
    for email in ["ada@test.example", "nobody@test.example", " ADA@test.example"] {
        let mut answers = Vec::new();
        for _ in 0..12 {
            let answer = login(&world, Try { email, ..STRANGER }).await;
            answers.push((answer.status, answer.text));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
    assert!(told[2].iter().all(|(status, _)| *status == 429), "the same address, written anew");
}

#[tokio::test]
async fn a_stranger_cannot_lock_the_owner_out() {
    let world = world().await;
    let first = owner(&world, "").await;
    assert_eq!(first.status, 200);
    let device = device(&first);
    for _ in 0..100 {
        login(&world, STRANGER).await;
    }
    assert_eq!(owner(&world, "").await.told(), (429, "rate_limited"), "from a new browser");
    let answer = owner(&world, &device).await;
    assert_eq!(answer.status, 200, "from the known browser: {}", answer.text);
    for _ in 0..100 {
        login(&world, STRANGER).await;
    }
    assert_eq!(owner(&world, &device).await.status, 200, "however long it goes on");
}

#[tokio::test]
async fn a_known_browser_has_a_limit_too_and_counts_for_its_own_person_alone() {
    let world = world().await;
    let device = device(&owner(&world, "").await);
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(login(&world, Try { cookie: &device, ..STRANGER }).await.status);
    }
    assert_eq!(statuses[..10], [401; 10]);
    assert_eq!(statuses[10..], [429; 2]);
    for _ in 0..10 {
        let other = Try { email: "bea@test.example", cookie: &device, ..STRANGER };
        assert_eq!(login(&world, other).await.status, 401, "as any stranger");
    }
    let forged = format!("__Host-device=usr_ada.{}", "0".repeat(64));
    for _ in 0..10 {
        login(&world, STRANGER).await;
    }
    let answer = login(&world, Try { cookie: &forged, ..STRANGER }).await;
    assert_eq!(answer.status, 429, "a forged browser is no known one");
}

#[tokio::test]
async fn one_address_tries_many_accounts_no_faster_than_its_limit() {
    let world = world().await;
    let before = world.passwords.evaluations();
    let mut refused = 0;
    for number in 0..200 {
        let email = format!("person{number}@test.example");
        let tried = Try { email: &email, address: Some("2001:db8::1".into()), ..STRANGER };
        refused += u32::from(login(&world, tried).await.status == 429);
    }
    assert_eq!((world.passwords.evaluations() - before, refused), (120, 80));
    let neighbour = Try { address: Some("2001:db8::ffff".into()), ..STRANGER };
    assert_eq!(login(&world, neighbour).await.status, 429, "the same network");
    let elsewhere = Try { address: Some("2001:db8:0:1::1".into()), ..STRANGER };
    assert_eq!(login(&world, elsewhere).await.status, 401);
}

/// One try with a password everybody uses at each of so many accounts, each from a network of its
/// own; how many were worked on.
async fn sprayed(world: &World, accounts: u32) -> u64 {
    let before = world.passwords.evaluations();
    for number in 0..accounts {
        let email = format!("person{number}@test.example");
        let [_, a, b, c] = number.to_be_bytes();
        let tried = Try { email: &email, address: Some(format!("10.{a}.{b}.{c}")), ..STRANGER };
        let answer = login(world, tried).await;
        assert!(matches!(answer.status, 401 | 429), "{}: {}", answer.status, answer.text);
    }
    world.passwords.evaluations() - before
}

#[tokio::test]
async fn one_guess_at_each_of_a_thousand_accounts_is_counted_over_all_of_them() {
    let world = world().await;
    assert_eq!(sprayed(&world, 1000).await, 600, "at once, and time stood still");
    world.advance(7);
    assert_eq!(sprayed(&world, 300).await, 70, "ten more each second");
}

#[tokio::test]
async fn a_spray_keeps_nobody_out_of_a_known_browser_and_no_other_for_long() {
    let world = world().await;
    let device = device(&owner(&world, "").await);
    sprayed(&world, 1000).await;
    assert_eq!(owner(&world, &device).await.status, 200, "the known browser");
    sprayed(&world, 300).await;
    let tried = Try { password: "correct horse", ..STRANGER };
    let answer = login(&world, tried).await;
    assert_eq!(answer.told(), (429, "rate_limited"), "a new browser");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(owner(&world, "").await.status, 200, "the same a second later");
}

#[tokio::test]
async fn a_success_ends_the_row_and_the_answer_says_when_to_come_back() {
    let world = world().await;
    for _ in 0..9 {
        login(&world, STRANGER).await;
    }
    assert_eq!(owner(&world, "").await.status, 200);
    for _ in 0..10 {
        assert_eq!(login(&world, STRANGER).await.status, 401);
    }
    let answer = login(&world, STRANGER).await;
    assert_eq!(answer.header("retry-after"), "12");
    assert_eq!(answer.body["retryAfterSeconds"], 12);
    assert_eq!(answer.header("ratelimit-policy"), "\"login\";q=10;w=120");
    assert_eq!(answer.header("ratelimit"), "\"login\";r=0;t=120");
    world.advance(12);
    assert_eq!(login(&world, STRANGER).await.status, 401);
}

#[tokio::test]
async fn a_try_that_cannot_be_counted_is_not_made() {
    let world = world().await;
    let before = world.passwords.evaluations();
    world.store.fail_before(Call::Commit, 1);
    assert_eq!(owner(&world, "").await.told(), (503, "upstream_unavailable"));
    assert_eq!(world.passwords.evaluations(), before);
}

#[tokio::test]
async fn a_stolen_session_guesses_no_password() {
    let world = world().await;
    let cookie = world.session(&"usr_ada".parse().unwrap()).await;
    let before = world.passwords.evaluations();
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let body = json!({"currentPassword": "wrong", "newPassword": "five wet horses"});
        let raw = post("/api/auth/password", &cookie, &body.to_string());
        statuses.push(send(&world, ROUTES, "auth.password-change", raw).await.status);
    }
    assert_eq!(statuses, [400, 400, 400, 400, 400, 429, 429]);
    assert_eq!(world.passwords.evaluations() - before, 5);
}
