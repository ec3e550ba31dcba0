//! Logging in: every no costs what a yes costs, and looks the same.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Account, AuditEntry, Credential, Session, SessionHash, SessionUse};
use interlock_app::ports::store::Transaction;
use interlock_app::{AppError, Attempt, NewSession, log_in, log_out, open_session};
use interlock_policy::{AccountStatus, UserId};
use interlock_testkit::store::Call;
use interlock_testkit::{FakePasswords, World};
use jiff::SignedDuration;
use support::{all, read, stored};

async fn with_password(world: &World, name: &str, password: &str) -> UserId {
    let user_id = world.person(name).await;
    world.password(&user_id, password).await;
    user_id
}

/// The answer and how many password evaluations it cost.
async fn knock(world: &World, email: &str, password: &str) -> (Result<Account, AppError>, u64) {
    let before = world.passwords.evaluations();
    let request_id = &world.job().request_id;
    let attempt = Attempt { email, password, address: None, device: None, request_id };
    let answer = log_in(&world.app, &attempt).await.map(|entered| entered.account);
    (answer, world.passwords.evaluations() - before)
}

#[tokio::test]
async fn the_right_password_opens_in_any_case_of_the_address() {
    let world = World::new().await;
    let ada = with_password(&world, "ada", "correct horse").await;
    for email in ["ada@test.example", "ADA@Test.Example", "  ada@test.example "] {
        let (answer, cost) = knock(&world, email, "correct horse").await;
        assert_eq!((answer.unwrap().id, cost), (ada.clone(), 1), "{email}");
    }
}

#[tokio::test]
async fn every_no_is_the_same_no_at_the_same_cost() {
    let world = World::new().await;
    with_password(&world, "ada", "correct horse").await;
    let bea = with_password(&world, "bea", "correct horse").await;
    let account = read::<Account>(&world, Account::key_of(&bea)).await.unwrap();
    world.put(&Account { status: AccountStatus::Banned, ..account }).await;
    world.person("without").await;
    for (email, password) in [
        ("ada@test.example", "wrong"),
        ("ada@test.example", ""),
        ("nobody@test.example", "correct horse"),
        ("bea@test.example", "correct horse"),
        ("bea@test.example", "wrong"),
        ("without@test.example", "correct horse"),
        ("", "correct horse"),
        ("not an address", "correct horse"),
        (&"a".repeat(3000), "correct horse"),
        (&"🚀".repeat(600), "correct horse"),
    ] {
        let (answer, cost) = knock(&world, email, password).await;
        assert!(matches!(answer, Err(AppError::InvalidCredentials)), "{email}: {answer:?}");
        assert_eq!(cost, 1, "{email}");
    }
}

#[tokio::test]
async fn a_suspended_person_may_log_in_to_see_why() {
    let world = World::new().await;
    let ada = with_password(&world, "ada", "correct horse").await;
    let account = read::<Account>(&world, Account::key_of(&ada)).await.unwrap();
    world.put(&Account { status: AccountStatus::Suspended, ..account }).await;
    assert!(knock(&world, "ada@test.example", "correct horse").await.0.is_ok());
}

/// A person whose hash was made when hashes were cheaper.
async fn with_weak_hash(world: &World) -> UserId {
    let ada = world.person("ada").await;
    let password_hash = FakePasswords::weak_hash("correct horse");
    world.put(&Credential { user_id: ada.clone(), password_hash }).await;
    ada
}

async fn hash_of(world: &World, id: &UserId) -> String {
    read::<Credential>(world, Credential::key_of(id)).await.unwrap().password_hash
}

#[tokio::test]
async fn a_weak_hash_is_made_anew_by_the_right_password_once_and_by_no_other() {
    let world = World::new().await;
    let ada = with_weak_hash(&world).await;
    let weak = hash_of(&world, &ada).await;
    let (answer, cost) = knock(&world, "ada@test.example", "wrong").await;
    assert!(matches!(answer, Err(AppError::InvalidCredentials)), "{answer:?}");
    assert_eq!((cost, hash_of(&world, &ada).await), (1, weak.clone()));
    let (answer, cost) = knock(&world, "ada@test.example", "correct horse").await;
    assert!(answer.is_ok());
    assert_eq!(cost, 2, "the check, and the new hash");
    assert_ne!(hash_of(&world, &ada).await, weak);
    let told = all::<AuditEntry>(&world);
    assert_eq!(told.iter().filter(|entry| entry.action == "password.strengthen").count(), 1);
    let (answer, cost) = knock(&world, "ada@test.example", "correct horse").await;
    assert!(answer.is_ok());
    assert_eq!(cost, 1);
}

#[tokio::test]
async fn a_banned_persons_weak_hash_stays_as_it_is() {
    let world = World::new().await;
    let ada = with_weak_hash(&world).await;
    let account = read::<Account>(&world, Account::key_of(&ada)).await.unwrap();
    world.put(&Account { status: AccountStatus::Banned, ..account }).await;
    let (answer, cost) = knock(&world, "ada@test.example", "correct horse").await;
    assert!(matches!(answer, Err(AppError::InvalidCredentials)), "{answer:?}");
    assert_eq!((cost, hash_of(&world, &ada).await), (1, FakePasswords::weak_hash("correct horse")));
}

#[tokio::test]
async fn a_new_hash_that_cannot_be_stored_keeps_nobody_out() {
    let world = World::new().await;
    let ada = with_weak_hash(&world).await;
    // The first commit counts the try and is let through.
    world.store.slip_in(Transaction::new());
    world.store.fail_before(Call::Commit, 1);
    let (answer, _) = knock(&world, "ada@test.example", "correct horse").await;
    assert!(answer.is_ok(), "{answer:?}");
    assert_eq!(hash_of(&world, &ada).await, FakePasswords::weak_hash("correct horse"));
}

#[tokio::test]
async fn an_endless_password_is_never_hashed() {
    let world = World::new().await;
    with_password(&world, "ada", "correct horse").await;
    let (answer, cost) = knock(&world, "ada@test.example", &"x".repeat(1025)).await;
    assert!(matches!(answer, Err(AppError::Invalid(_))), "{answer:?}");
    assert_eq!(cost, 0);
}

#[tokio::test]
async fn a_session_carries_the_epoch_and_ends_with_the_logout() {
    let world = World::new().await;
    let ada = with_password(&world, "ada", "correct horse").await;
    let account = knock(&world, "ada@test.example", "correct horse").await.0.unwrap();
    let account = Account { session_epoch: 4, ..account };
    let (hash, life) = (SessionHash("ab".repeat(32)), SignedDuration::from_hours(12));
    let request_id = world.job().request_id;
    let new = NewSession { hash: hash.clone(), life, device: None, factor_at: None };
    let session = open_session(&world.app, &account, (new, None), request_id).await.unwrap();
    assert_eq!(session.epoch, 4);
    assert_eq!(session.expires_at, world.clock_now() + life);
    let key = Session::key_of(&ada, &hash);
    assert!(stored::<Session>(&world, key.clone()).await.is_some());
    world.put(&SessionUse::of(&session, world.clock_now())).await;
    for _ in 0..2 {
        log_out(&world.app, &ada, &hash, &world.act(&ada)).await.unwrap();
        assert!(stored::<Session>(&world, key.clone()).await.is_none());
    }
    assert!(all::<SessionUse>(&world).is_empty());
    let ends: Vec<_> = all::<AuditEntry>(&world)
        .into_iter()
        .filter(|entry| entry.action == "session.end")
        .map(|entry| (entry.actor, entry.object))
        .collect();
    let name = hash.public().unwrap().to_string();
    assert_eq!(ends, [(world.act(&ada).actor, name)], "once, however often it is asked for");
}
