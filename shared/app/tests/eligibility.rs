//! The gate's question, and what it costs: one read, or none if the request has read already.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Account, Resource};
use interlock_app::{AppError, Snapshot, eligibility, eligibility_keys};
use interlock_policy::{AccountStatus, Decision, Interval, Request, UserId, Verdict};
use interlock_testkit::World;
use interlock_testkit::world::HOUR;
use jiff::SignedDuration;
use support::read;

const NOW: Request = Request { interval: None, event_type_id: None };

async fn ask(world: &World, user: &UserId, request: &Request) -> Verdict {
    eligibility(&world.app, Snapshot::default(), user, &world.laser(), request).await.unwrap()
}

fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[tokio::test]
async fn it_costs_one_read_alone_and_none_with_what_was_read_before() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    world.store.reset_counts();
    assert!(ask(&world, &ada, &NOW).await.permits());
    assert_eq!((world.store.reads(), world.store.requests()), (1, 1));
    let keys = eligibility_keys(&ada, &world.laser());
    let snapshot = Snapshot::read(world.store.as_ref(), &keys).await.unwrap();
    world.store.reset_counts();
    let verdict = eligibility(&world.app, snapshot, &ada, &world.laser(), &NOW).await.unwrap();
    assert!(verdict.permits());
    assert_eq!(world.store.requests(), 0);
    assert!(world.scheduler.calls().is_empty(), "a verdict never reads a calendar");
}

#[tokio::test]
async fn everything_that_is_missing_is_told_at_once_with_next_steps() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let verdict = ask(&world, &ada, &NOW).await;
    assert_eq!(verdict.decision, Decision::Refuse);
    assert_eq!(codes(&verdict), ["training_incomplete", "checkout_missing"]);
    assert!(verdict.reasons.iter().all(|reason| !reason.next_steps.is_empty()));
}

#[tokio::test]
async fn only_an_interval_is_judged_by_the_rules_of_time() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    assert!(ask(&world, &ada, &NOW).await.permits());
    for (minutes, code) in
        [(10, "grid_off"), (30, "notice_create"), (61 * 24 * 60, "horizon_exceeded")]
    {
        let interval =
            Interval::lasting(world.after(minutes), SignedDuration::from_hours(1)).unwrap();
        let request = Request { interval: Some(interval), event_type_id: Some(HOUR) };
        let verdict = ask(&world, &ada, &request).await;
        assert!(codes(&verdict).contains(&code), "{minutes}: {:?}", codes(&verdict));
    }
}

#[tokio::test]
async fn a_banned_person_and_an_inactive_machine_are_refused() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let account = read::<Account>(&world, Account::key_of(&ada)).await.unwrap();
    world.put(&Account { status: AccountStatus::Banned, ..account }).await;
    let laser = read::<Resource>(&world, Resource::key_of(&world.laser())).await.unwrap();
    world.put(&Resource { active: false, ..laser }).await;
    assert_eq!(codes(&ask(&world, &ada, &NOW).await), ["account_banned", "machine_inactive"]);
}

#[tokio::test]
async fn an_unknown_machine_or_person_is_not_found() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let none = "mch_none".parse().unwrap();
    let answer = eligibility(&world.app, Snapshot::default(), &ada, &none, &NOW).await;
    assert!(matches!(answer, Err(AppError::NotFound { what: "resource" })), "{answer:?}");
    let (nobody, laser) = ("usr_nobody".parse().unwrap(), world.laser());
    let answer = eligibility(&world.app, Snapshot::default(), &nobody, &laser, &NOW).await;
    assert!(matches!(answer, Err(AppError::NotFound { what: "person" })), "{answer:?}");
}
