//! Random work has the same answers on the table in memory as on two independent ones, and
//! leaves the same records (docs/FIDELITY.md).

mod known;
mod play;
mod script;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use interlock_app::ports::store::Key;
use interlock_testkit::MemoryStore;
use proptest::test_runner::{Config, TestError, TestRunner};
use tokio::runtime::Runtime;

use self::play::Pair;
use self::script::{Names, Wrong, script};
use crate::support::{Embedded, Ministack, Table, delete_table, every_version, ministack_table};

/// Other counts for both comparisons, for longer runs.
const VARIABLE: &str = "INTERLOCK_FIDELITY_SEQUENCES";
const EMBEDDED: u32 = 2000;
const MINISTACK: u32 = 300;
/// One in so many sequences is looked at by every index at its end.
const EVERY_WAY: u32 = 5;
/// Sequences on one table; a fresh one keeps each request short.
const A_TABLE: u32 = 250;
/// So many sequences of a longer run are told to whoever waits.
const TOLD: u32 = 5000;
/// Tables at a time.
const THREADS: u32 = 2;

#[expect(clippy::disallowed_methods, reason = "a test has no configuration to read it from")]
fn sequences(usual: u32) -> u32 {
    std::env::var(VARIABLE).map_or(usual, |count| count.parse().unwrap())
}

/// The table that memory is held to.
struct Other {
    table: Table,
    client: Client,
    /// Defects that it lets pass.
    known: &'static [Wrong],
}

/// Plays so many sequences, each on a memory of its own; the other table must end with exactly
/// the records that all of them left.
fn compare(runtime: &Runtime, cases: Range<u32>, other: &Other) {
    let case = Cell::new(cases.start);
    let left: RefCell<BTreeMap<Key, u64>> = RefCell::default();
    let count = cases.end - cases.start;
    let config = Config { cases: count, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&script(other.known), |steps| {
        let number = case.replace(case.get() + 1);
        let names = Names(number.to_string());
        let memory: Table = Arc::new(MemoryStore::default());
        let pair = Pair { one: memory, two: Arc::clone(&other.table) };
        let records = runtime.block_on(pair.play(&names, &steps, number.is_multiple_of(EVERY_WAY)));
        let mut left = left.borrow_mut();
        left.extend(records.into_iter().map(|record| (record.key, record.version)));
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(why, steps)) => panic!("{why}\n{steps:#?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    assert_eq!(runtime.block_on(every_version(&other.client)), *left.borrow());
}

fn tell(what: &str, done: u32, count: u32) {
    if done > 0 && done.is_multiple_of(TOLD) {
        eprintln!("memory and {what}: {done} of {count}");
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Every so many tables of so many sequences.
fn compare_embedded(thread: u32, count: u32) {
    let runtime = runtime();
    let step = usize::try_from(A_TABLE * THREADS).unwrap();
    for first in (thread * A_TABLE..count).step_by(step) {
        let embedded = runtime.block_on(Embedded::in_memory());
        let (table, client) = (embedded.store(), embedded.client().clone());
        let other = Other { table, client, known: known::EMBEDDED };
        compare(&runtime, first..count.min(first + A_TABLE), &other);
        tell("embedded", first, count);
    }
}

#[test]
fn memory_and_the_embedded_table_answer_random_work_alike() {
    let count = sequences(EMBEDDED);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || compare_embedded(thread, count));
        }
    });
    println!("figures: memory and embedded: {count} sequences alike");
}

#[test]
fn memory_and_ministack_answer_random_work_alike() {
    let Some(ministack) = Ministack::start("dynamodb") else { return };
    let runtime = runtime();
    let count = sequences(MINISTACK);
    for first in (0..count).step_by(usize::try_from(A_TABLE).unwrap()) {
        let (client, table) = runtime.block_on(ministack_table(&ministack));
        let other = Other { table, client, known: known::MINISTACK };
        compare(&runtime, first..count.min(first + A_TABLE), &other);
        runtime.block_on(delete_table(&other.client));
        tell("ministack", first, count);
    }
    println!("figures: memory and ministack: {count} sequences alike");
}
