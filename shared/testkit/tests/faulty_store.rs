//! What the wrapper adds to a table, and what it leaves alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that finds something missing has failed"
)]

use std::sync::Arc;

use interlock_app::ports::Store;
use interlock_app::ports::store::{
    CommitError, Document, Index, Indexes, Key, Query, StoreError, Transaction,
};
use interlock_testkit::store::faulty::{Acted, Faults, Lag};
use interlock_testkit::{FaultyStore, ManualClock, MemoryStore};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Note {
    id: String,
    shelf: String,
}

impl Document for Note {
    const KIND: &'static str = "note";

    fn key(&self) -> Key {
        key(&self.id)
    }

    fn indexes(&self) -> Indexes {
        Indexes { one: Some(Key::new(self.shelf.as_str(), self.id.as_str())), two: None }
    }
}

struct Rig {
    inner: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
    table: FaultyStore,
}

fn rig(seed: u64, faults: Faults) -> Rig {
    let inner = Arc::new(MemoryStore::default());
    let clock = Arc::new(ManualClock::default());
    let table = FaultyStore::new(
        Arc::<MemoryStore>::clone(&inner),
        Arc::<ManualClock>::clone(&clock),
        seed,
        faults,
    );
    Rig { inner, clock, table }
}

fn key(id: &str) -> Key {
    Key::new("NOTE", id)
}

fn note(id: &str, shelf: &str) -> Note {
    Note { id: id.to_owned(), shelf: shelf.to_owned() }
}

fn creation(id: &str) -> Transaction {
    Transaction::new().create(&note(id, "S")).unwrap()
}

fn shelf(name: &str) -> Query {
    Query::partition(Some(Index::One), name, 50)
}

async fn ids(table: &FaultyStore, query: &Query) -> Vec<String> {
    let page = table.query(query).await.unwrap();
    page.records.into_iter().map(|record| record.key.sort).collect()
}

fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

fn is_unknown(result: &Result<(), CommitError>) -> bool {
    matches!(result, Err(CommitError::Store(StoreError::Unavailable(_))))
}

const STALE: Faults = Faults {
    throttled: 0,
    lost: 0,
    late: 0,
    conflict: 0,
    stale: 1000,
    lag: Lag::Writes(2),
    torn: false,
};

#[tokio::test]
async fn without_faults_it_is_the_table_inside() {
    let rig = rig(1, Faults::default());
    for id in ["a", "b", "c"] {
        rig.table.commit(&creation(id)).await.unwrap();
    }
    assert_eq!(rig.table.read(&[key("a")]).await.unwrap().len(), 1);
    assert_eq!(ids(&rig.table, &shelf("S")).await, ["a", "b", "c"]);
    let Err(CommitError::Conflict(keys)) = rig.table.commit(&creation("a")).await else {
        panic!("no conflict");
    };
    assert_eq!(keys, [key("a")]);
    assert_eq!(rig.inner.requests(), 6);
    assert_eq!(rig.table.acted(), Acted::default());
}

#[tokio::test]
async fn a_throttled_call_does_nothing() {
    let rig = rig(1, Faults { throttled: 1000, ..Faults::default() });
    assert!(is_unknown(&rig.table.commit(&creation("a")).await));
    assert!(is_unavailable(&rig.table.read(&[key("a")]).await));
    assert!(is_unavailable(&rig.table.query(&shelf("S")).await));
    assert_eq!((rig.inner.requests(), rig.table.acted().throttled), (0, 3));
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_done() {
    let rig = rig(1, Faults { lost: 1000, ..Faults::default() });
    assert!(is_unknown(&rig.table.commit(&creation("a")).await));
    assert_eq!(rig.inner.dump().len(), 1);
    // The refusal of the second is lost as well.
    assert!(is_unknown(&rig.table.commit(&creation("a")).await));
    assert_eq!((rig.inner.dump()[0].version, rig.table.acted().lost), (1, 2));
}

#[tokio::test]
async fn a_defect_of_the_caller_is_told_even_where_answers_are_lost() {
    let rig = rig(1, Faults { lost: 1000, ..Faults::default() });
    let wrong = creation("");
    let Err(CommitError::Store(StoreError::Corrupt { .. })) = rig.table.commit(&wrong).await else {
        panic!("no defect");
    };
}

#[tokio::test]
async fn a_late_commit_arrives_within_four_calls() {
    for seed in 0..50 {
        let rig = rig(seed, Faults { late: 1000, ..Faults::default() });
        assert!(is_unknown(&rig.table.commit(&creation("a")).await));
        assert!(rig.inner.dump().is_empty());
        rig.table.calm();
        for _ in 0..4 {
            rig.table.read(&[key("other")]).await.unwrap();
        }
        assert_eq!(rig.inner.dump().len(), 1);
    }
}

#[tokio::test]
async fn a_late_commit_is_judged_when_it_arrives() {
    let rig = rig(1, Faults { late: 1000, ..Faults::default() });
    assert!(is_unknown(&rig.table.commit(&creation("a")).await));
    let first = Transaction::new().create(&note("a", "FIRST")).unwrap();
    rig.inner.commit(&first).await.unwrap();
    rig.table.settle().await;
    let left = rig.inner.dump();
    assert_eq!(left[0].indexes.one, Some(Key::new("FIRST", "a")));
    assert_eq!((left.len(), rig.table.acted().late), (1, 1));
}

#[tokio::test]
async fn a_conflict_names_one_key_at_stake_and_writes_nothing() {
    let mut named = std::collections::BTreeSet::new();
    for seed in 0..50 {
        let rig = rig(seed, Faults { conflict: 1000, ..Faults::default() });
        let both = creation("a").create(&note("b", "S")).unwrap();
        let Err(CommitError::Conflict(keys)) = rig.table.commit(&both).await else {
            panic!("no conflict");
        };
        assert_eq!((keys.len(), rig.inner.dump().len()), (1, 0));
        named.extend(keys);
    }
    assert_eq!(named.into_iter().collect::<Vec<_>>(), [key("a"), key("b")]);
}

#[tokio::test]
async fn an_index_lacks_the_newest_writes_and_the_table_does_not() {
    let rig = rig(1, STALE);
    for id in ["a", "b", "c"] {
        rig.table.commit(&creation(id)).await.unwrap();
    }
    assert_eq!(ids(&rig.table, &shelf("S")).await, ["a"]);
    assert_eq!(ids(&rig.table, &Query::partition(None, "NOTE", 50)).await, ["a", "b", "c"]);
    assert_eq!(rig.table.read(&[key("c")]).await.unwrap().len(), 1);
    assert_eq!(rig.table.acted().stale, 1);
}

#[tokio::test]
async fn an_index_shows_what_was_removed_and_moved_where_it_was() {
    let rig = rig(1, STALE);
    rig.table.commit(&creation("a")).await.unwrap();
    rig.table.commit(&creation("b")).await.unwrap();
    let moved = Transaction::new().remove_at(key("a"), 1).replace(&note("b", "T"), 1).unwrap();
    rig.table.commit(&moved).await.unwrap();
    assert_eq!(ids(&rig.table, &shelf("S")).await, ["a", "b"]);
    assert!(ids(&rig.table, &shelf("T")).await.is_empty());
    rig.table.calm();
    assert!(ids(&rig.table, &shelf("S")).await.is_empty());
    assert_eq!(ids(&rig.table, &shelf("T")).await, ["b"]);
}

#[tokio::test]
async fn an_index_catches_up_with_time() {
    let lag = Lag::Time(SignedDuration::from_secs(5));
    let rig = rig(1, Faults { lag, ..STALE });
    rig.table.commit(&creation("a")).await.unwrap();
    rig.clock.advance(SignedDuration::from_secs(4));
    rig.table.commit(&creation("b")).await.unwrap();
    assert!(ids(&rig.table, &shelf("S")).await.is_empty());
    rig.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(ids(&rig.table, &shelf("S")).await, ["a"]);
    rig.clock.advance(SignedDuration::from_secs(4));
    assert_eq!(ids(&rig.table, &shelf("S")).await, ["a", "b"]);
}

#[tokio::test]
async fn an_index_may_show_half_of_a_transaction() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..100 {
        let rig = rig(seed, Faults { torn: true, ..STALE });
        let both = creation("a").create(&note("b", "S")).unwrap();
        rig.table.commit(&both).await.unwrap();
        seen.insert(ids(&rig.table, &shelf("S")).await.concat());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["", "a", "ab", "b"]);
}

#[tokio::test]
async fn a_write_made_between_two_lags_is_never_undone() {
    let rig = rig(1, STALE);
    rig.table.commit(&creation("a")).await.unwrap();
    rig.table.calm();
    rig.table.commit(&creation("b")).await.unwrap();
    rig.table.set(STALE);
    assert_eq!(ids(&rig.table, &shelf("S")).await, ["a", "b"]);
}

#[tokio::test]
async fn pages_of_an_index_behind_give_each_record_once() {
    let rig = rig(1, Faults { lag: Lag::Writes(10), ..STALE });
    for id in 0..30 {
        rig.table.commit(&creation(&format!("{id:02}"))).await.unwrap();
    }
    let mut query = Query { limit: 3, ..shelf("S") };
    let mut found = Vec::new();
    loop {
        let page = rig.table.query(&query).await.unwrap();
        assert!(page.records.len() <= 3);
        found.extend(page.records.into_iter().map(|record| record.key.sort));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    let expected: Vec<String> = (0..20).map(|id| format!("{id:02}")).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn requests_that_are_never_sent_meet_no_fault() {
    let rig = rig(1, Faults { throttled: 1000, ..Faults::default() });
    rig.table.commit(&Transaction::new()).await.unwrap();
    assert!(rig.table.read(&[]).await.unwrap().is_empty());
    let nothing = Query { until: Some(String::new()), ..shelf("S") };
    assert!(rig.table.query(&nothing).await.unwrap().records.is_empty());
    assert_eq!(rig.table.acted(), Acted::default());
}

/// A mixed life under every fault: what each call told, and the counts.
async fn life(seed: u64, steps: u32) -> (Vec<String>, Acted) {
    let faults = Faults {
        throttled: 100,
        lost: 100,
        late: 100,
        conflict: 100,
        stale: 300,
        lag: Lag::Writes(4),
        torn: true,
    };
    let rig = rig(seed, faults);
    let mut told = Vec::new();
    for step in 0..steps {
        let id = (step / 3 % 7).to_string();
        told.push(match step % 3 {
            0 => format!("{:?}", rig.table.commit(&creation(&id)).await),
            1 => format!("{:?}", rig.table.query(&shelf("S")).await),
            _ => format!("{:?}", rig.table.commit(&Transaction::new().remove(key(&id))).await),
        });
    }
    (told, rig.table.acted())
}

#[tokio::test]
async fn a_seed_repeats_and_another_differs() {
    assert_eq!(life(7, 300).await, life(7, 300).await);
    assert_ne!(life(7, 300).await, life(8, 300).await);
}

#[tokio::test]
async fn every_fault_comes_about_as_often_as_its_rate_says() {
    let (_, acted) = life(3, 9000).await;
    // 9,000 calls could be throttled or lost, 6,000 of them commits, 3,000 queries of an index.
    for count in [acted.throttled, acted.lost] {
        assert!((750..1050).contains(&count), "{acted:?}");
    }
    for count in [acted.late, acted.conflict] {
        assert!((480..720).contains(&count), "{acted:?}");
    }
    assert!((200..1000).contains(&acted.stale), "{acted:?}");
}
