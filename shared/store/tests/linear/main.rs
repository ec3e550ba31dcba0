//! The ledger's API is linearisable: whatever eight clients do at once, some order of single steps
//! explains every answer (promises R2, R10).
//!
//! `LINEAR_HISTORIES` and `LINEAR_OPERATIONS` set how many histories on the table in memory and how
//! many operations of each client; `LINEAR_EMBEDDED` how many against the embedded table.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod clients;
#[path = "../../../app/tests/support/dice.rs"]
mod dice;
mod history;
mod support;
mod wrong;

use std::sync::Arc;

use clients::{Client, NAMES, Recorder};
use dice::{Dice, Work, interleave, run};
use history::History;
use interlock_app::App;
use interlock_app::ports::Store;
use interlock_app::ports::scheduler::Failure;
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use interlock_testkit::store::Call as StoreCall;
use support::{Embedded, carried, workshop};
use wrong::{Wrong, WrongStore};

/// Histories on the table in memory where nobody says how many.
const HISTORIES: u64 = 120;
/// Operations of each client then.
const OPERATIONS: u64 = 8;
/// Histories against the embedded table.
const EMBEDDED: u64 = 50;
/// Operations of each client there; each is several requests over HTTP.
const EMBEDDED_OPERATIONS: u64 = 4;

fn number(name: &str, otherwise: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a test's own knob")]
    let text = std::env::var(name);
    text.ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A history of a seed on the table in memory; every third with lost answers.
fn interleaved(seed: u64, operations: u64, wrong: Option<Wrong>) -> History {
    let (world, users) = run(workshop(&NAMES));
    let mut dice = Dice::new(seed);
    let store: Arc<dyn Store> = match wrong {
        Some(wrong) => Arc::new(WrongStore::new(world.store.clone(), wrong)),
        None => world.store.clone(),
    };
    let app = App { store, ..world.app.clone() };
    if wrong.is_none() && seed.is_multiple_of(3) {
        faults(&world, &mut dice);
    }
    let recorder = Recorder::default();
    let count = usize::try_from(operations).unwrap();
    let works = users.into_iter().map(|user| {
        let client = Client::of(&world, app.clone(), user, dice.roll(u64::MAX));
        Box::pin(client.work(&recorder, count)) as Work<'_>
    });
    let works: Vec<Work<'_>> = works.collect();
    let mut order = Dice::new(seed ^ 0x5eed);
    interleave(&mut order, works, None);
    recorder.history()
}

/// Answers that get lost on the way; what they were is then unknown to the client.
fn faults(world: &World, dice: &mut Dice) {
    for _ in 0..dice.roll(3) {
        match dice.roll(4) {
            0 => world.store.fail_after(StoreCall::Commit, 1),
            1 => world.store.fail_before(StoreCall::Commit, 1),
            2 => world.scheduler.fail_after(Call::Create, Failure::UnknownOutcome),
            _ => world.scheduler.fail_after(Call::Reschedule, Failure::UnknownOutcome),
        }
    }
}

#[test]
fn some_order_explains_what_eight_clients_were_answered() {
    let count = number("LINEAR_HISTORIES", HISTORIES);
    let operations = number("LINEAR_OPERATIONS", OPERATIONS);
    let half = |rest: u64| {
        let (mut failed, mut answered, mut open) = (Vec::new(), 0, 0);
        for seed in (0..count).filter(|seed| seed % 2 == rest) {
            let history = interleaved(seed, operations, None);
            let (known, unknown) = history.counts();
            (answered, open) = (answered + known, open + unknown);
            if !history.is_linearisable() {
                failed.push(seed);
            }
        }
        (failed, answered, open)
    };
    let (mut failed, answered, open) = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let (mut failed, answered, open) = half(0);
        let (others, known, unknown) = other.join().unwrap();
        failed.extend(others);
        (failed, answered + known, open + unknown)
    });
    failed.sort_unstable();
    println!(
        "linear: histories={count} clients=8 operations={operations} answered={answered} \
         unknown={open} failed={failed:?}"
    );
    assert!(failed.is_empty(), "no order explains the histories of the seeds {failed:?}");
    let asked = usize::try_from(8 * count * operations).unwrap();
    assert!(answered * 2 > asked, "only {answered} of {asked} operations say anything");
}

#[test]
fn every_wrong_ledger_is_rejected() {
    let count = number("LINEAR_HISTORIES", HISTORIES);
    for wrong in [Wrong::NoCondition, Wrong::StaleRead, Wrong::EarlyRelease] {
        let caught =
            (0..count).find(|seed| !interleaved(*seed, OPERATIONS, Some(wrong)).is_linearisable());
        let caught = caught.unwrap_or_else(|| panic!("{wrong:?} passes {count} histories"));
        println!("linear: wrong={wrong:?} rejected by history {}", caught + 1);
    }
}

#[tokio::test]
async fn some_order_explains_what_the_embedded_table_answered() {
    let count = number("LINEAR_EMBEDDED", EMBEDDED);
    let operations = usize::try_from(EMBEDDED_OPERATIONS).unwrap();
    for seed in 0..count {
        let (world, users) = workshop(&NAMES).await;
        let table = Embedded::in_memory().await;
        let store = table.store();
        carried(&world, store.as_ref()).await;
        let app = App { store, ..world.app.clone() };
        let recorder = Arc::new(Recorder::default());
        let mut clients = tokio::task::JoinSet::new();
        let mut dice = Dice::new(seed);
        for user in users {
            let client = Client::of(&world, app.clone(), user, dice.roll(u64::MAX));
            let recorder = recorder.clone();
            clients.spawn(async move { client.work(&recorder, operations).await });
        }
        clients.join_all().await;
        table.kill().await;
        let history = Arc::into_inner(recorder).unwrap().history();
        assert!(history.is_linearisable(), "no order explains history {seed}: {history:?}");
    }
    println!("linear: embedded histories={count} clients=8 operations={operations} failed=[]");
}
