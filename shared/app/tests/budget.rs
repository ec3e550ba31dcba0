//! One budget of calls for all processes: never exceeded, people first, silence after a refusal.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;

use interlock_app::ports::Scheduler;
use interlock_app::ports::scheduler::{CalAccount, CredentialMode, Failure, Urgency};
use interlock_app::{Budget, Budgeted, CallLimit};
use interlock_testkit::scheduler::Call;
use interlock_testkit::store::Call as Table;
use interlock_testkit::{ClockPause, SeededIds, World};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const URGENCIES: [Urgency; 4] = [Urgency::User, Urgency::Cancel, Urgency::Sync, Urgency::Reconcile];

/// Processes that share one table.
struct Processes {
    world: World,
    limit: CallLimit,
    started: Vec<Budgeted>,
}

impl Processes {
    fn new(limit: u32, count: u64) -> Self {
        let world = World::bare(1);
        let limit = CallLimit::per_minute(limit);
        let started = (0..count).map(|seed| process(&world, limit, seed)).collect();
        Self { world, limit, started }
    }

    /// Whether a call of this urgency was made, and when.
    async fn call(&self, process: usize, urgency: Urgency) -> Option<Timestamp> {
        let scheduler = self.started[process].paced(urgency).unwrap();
        let made = self.world.scheduler.count(Call::Me);
        let answer = scheduler.me(&self.world.account()).await;
        let calls = self.world.scheduler.count(Call::Me) - made;
        assert_eq!(calls, usize::from(answer.is_ok()), "a refused call is not made");
        answer.ok().map(|_| self.world.clock_now())
    }

    fn advance(&self, millis: i64) {
        self.world.clock.advance(SignedDuration::from_millis(millis));
    }
}

fn process(world: &World, limit: CallLimit, seed: u64) -> Budgeted {
    let pause = Arc::new(ClockPause(world.clock.clone()));
    let ids = SeededIds::new(seed);
    let budget = Budget::new((world.store.clone(), world.clock.clone()), (&ids, pause), limit);
    Budgeted::new(world.scheduler.clone(), Arc::new(budget))
}

/// Most calls in any 60 seconds that begin with a call.
fn fullest(calls: &[Timestamp]) -> usize {
    let minute = SignedDuration::from_secs(60);
    let window = |from: &Timestamp| {
        calls.iter().filter(|at| *at >= from && at.duration_since(*from) < minute).count()
    };
    calls.iter().map(window).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_sixty_seconds_hold_more_calls_than_the_limit(
        limit in 10_u32..=200,
        steps in prop::collection::vec((0_usize..8, 0_usize..4, 0_i64..1500), 400),
        rests in prop::collection::vec(0_i64..90_000, 4),
    ) {
        let processes = Processes::new(limit, 8);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut made = Vec::new();
        for (place, (process, urgency, pause)) in steps.iter().enumerate() {
            made.extend(runtime.block_on(processes.call(*process, URGENCIES[*urgency])));
            // Long rests fill the bucket and leave calls lying spare.
            let rest = if place % 100 == 99 { rests[place / 100] } else { pause / 8 };
            processes.advance(rest);
        }
        let most = usize::try_from(processes.limit.calls()).unwrap();
        prop_assert!(fullest(&made) <= most, "{} of {most}", fullest(&made));
        prop_assert!(!made.is_empty(), "a full bucket gives a call to whoever asks first");
    }
}

#[tokio::test]
async fn people_get_through_at_once_while_reconciliation_takes_all_it_can() {
    let processes = Processes::new(100, 3);
    let (mut made, mut kept_waiting) = (Vec::new(), 0);
    for round in 0..400 {
        made.extend(processes.call(0, Urgency::Reconcile).await);
        processes.advance(10);
        if round % 5 == 0 {
            let asked = processes.world.clock_now();
            let called = processes.call(1 + round % 2, Urgency::User).await;
            kept_waiting += usize::from(called != Some(asked));
            made.extend(called);
        }
    }
    assert_eq!(kept_waiting, 0, "a person never waits for reconciliation");
    assert!(fullest(&made) <= 100);
    assert!(made.len() >= 400, "reconciliation goes on: {}", made.len());
}

#[tokio::test]
async fn at_every_limit_each_leaves_a_call_to_what_is_more_urgent() {
    for limit in 10..=120 {
        let processes = Processes::new(limit, 60);
        let made_at_once = async |process: usize, urgency: Urgency| {
            let asked = processes.world.clock_now();
            processes.call(process, urgency).await == Some(asked)
        };
        // Each asks from a process of its own, which has no spare calls.
        let mut process = 0;
        while made_at_once(process, Urgency::Reconcile).await {
            process += 1;
        }
        for (place, urgency) in URGENCIES.into_iter().rev().skip(1).enumerate() {
            let at_once = made_at_once(57 + place, urgency).await;
            assert!(at_once, "{urgency:?} waits for the less urgent at a limit of {limit}");
        }
    }
}

#[tokio::test]
async fn a_refusal_silences_people_for_the_block_and_all_others_for_the_window_too() {
    let processes = Processes::new(100, 2);
    processes.world.scheduler.fail_before(Call::Me, Failure::RateLimited);
    let refused = processes.started[0].me(&processes.world.account()).await.unwrap_err();
    assert_eq!(refused.failure, Failure::RateLimited);
    processes.advance(1000);
    let own = processes.started[1].me(&processes.world.account()).await.unwrap_err();
    assert_eq!(own.failure, Failure::RateLimited);
    assert_eq!(own.retry_after, Some(SignedDuration::from_secs(60)));
    assert_eq!(processes.world.scheduler.count(Call::Me), 1, "the other process did not call");
    processes.advance(59_000);
    assert!(processes.call(1, Urgency::User).await.is_some());
    for urgency in [Urgency::Cancel, Urgency::Sync, Urgency::Reconcile] {
        assert!(processes.call(0, urgency).await.is_none());
    }
    processes.advance(60_000);
    assert!(processes.call(0, Urgency::Reconcile).await.is_some());
}

#[tokio::test]
async fn a_call_that_cannot_be_counted_is_not_made() {
    let processes = Processes::new(100, 1);
    processes.world.store.fail_before(Table::Read, 1);
    assert!(processes.call(0, Urgency::User).await.is_none());
    processes.world.store.fail_before(Table::Commit, 1);
    assert!(processes.call(0, Urgency::User).await.is_none());
    assert!(processes.call(0, Urgency::User).await.is_some());
}

#[tokio::test]
async fn a_warm_process_mostly_calls_without_asking_the_table() {
    let processes = Processes::new(100, 1);
    processes.call(0, Urgency::User).await.unwrap();
    let asked = processes.world.store.reads() + processes.world.store.commits();
    for _ in 0..3 {
        processes.advance(60_000);
        processes.call(0, Urgency::User).await.unwrap();
    }
    let again = processes.world.store.reads() + processes.world.store.commits();
    assert_eq!(again, asked);
}

#[tokio::test]
async fn calls_count_by_credential_and_without_one_by_address() {
    let processes = Processes::new(10, 1);
    let scheduler = &processes.started[0];
    let account = |name: &str, mode| CalAccount {
        username: name.to_owned(),
        credential_ref: name.to_owned(),
        mode,
        ..processes.world.account()
    };
    let mut drained = Vec::new();
    for mode in [CredentialMode::ApiKey, CredentialMode::None] {
        let (one, two) = (account("one", mode), account("two", mode));
        while scheduler.event_types(&one).await.is_ok() {}
        drained.push(scheduler.event_types(&two).await.is_err());
        processes.advance(600_000);
    }
    assert_eq!(drained, [false, true]);
}
