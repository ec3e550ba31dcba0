//! What a test may order of the table in memory, and what it may count.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that finds something missing has failed"
)]

use interlock_app::ports::Store;
use interlock_app::ports::store::{
    CommitError, Document, Key, Query, Record, StoreError, Transaction,
};
use interlock_testkit::MemoryStore;
use interlock_testkit::store::Call;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Note {
    id: String,
    expires_at: Option<Timestamp>,
}

impl Document for Note {
    const KIND: &'static str = "note";

    fn key(&self) -> Key {
        Key::new("NOTE", self.id.as_str())
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

fn note(id: &str) -> Note {
    Note { id: id.to_owned(), expires_at: None }
}

fn creation(id: &str) -> Transaction {
    Transaction::new().create(&note(id)).unwrap()
}

fn key(id: &str) -> Key {
    Key::new("NOTE", id)
}

fn is_unavailable(result: Result<(), CommitError>) -> bool {
    result.is_err_and(|error| matches!(error, CommitError::Store(StoreError::Unavailable(_))))
}

#[tokio::test]
async fn a_commit_that_fails_before_its_effect_leaves_nothing() {
    let store = MemoryStore::default();
    store.fail_before(Call::Commit, 2);
    for _ in 0..2 {
        assert!(is_unavailable(store.commit(&creation("a")).await));
        assert!(store.dump().is_empty());
    }
    store.commit(&creation("a")).await.unwrap();
    assert_eq!((store.dump().len(), store.commits()), (1, 3));
}

#[tokio::test]
async fn a_commit_that_fails_after_its_effect_leaves_everything() {
    let store = MemoryStore::default();
    store.fail_after(Call::Commit, 1);
    assert!(is_unavailable(store.commit(&creation("a")).await));
    assert_eq!(store.dump().len(), 1);
}

#[tokio::test]
async fn faults_wait_for_calls_of_their_own_kind() {
    let store = MemoryStore::default();
    store.fail_before(Call::Query, 1);
    store.fail_after(Call::Read, 1);
    store.commit(&creation("a")).await.unwrap();
    assert!(store.read(&[key("a")]).await.is_err());
    assert_eq!(store.read(&[key("a")]).await.unwrap().len(), 1);
    let query = Query::partition(None, "NOTE", 5);
    assert!(store.query(&query).await.is_err());
    assert_eq!(store.query(&query).await.unwrap().records.len(), 1);
}

#[tokio::test]
async fn an_ordered_conflict_names_its_keys_and_writes_nothing() {
    let store = MemoryStore::default();
    store.force_conflict(vec![key("other")]);
    let Err(CommitError::Conflict(keys)) = store.commit(&creation("a")).await else {
        panic!("no conflict");
    };
    assert_eq!(keys, [key("other")]);
    assert!(store.dump().is_empty());
}

#[tokio::test]
async fn somebody_else_may_come_first() {
    let store = MemoryStore::default();
    store.slip_in(creation("a"));
    let Err(CommitError::Conflict(keys)) = store.commit(&creation("a")).await else {
        panic!("no conflict");
    };
    assert_eq!(keys, [key("a")]);
    store.slip_in(creation("b"));
    store.commit(&creation("c")).await.unwrap();
    assert_eq!((store.dump().len(), store.commits()), (3, 2));
}

#[tokio::test]
async fn every_request_is_counted_and_empty_ones_are_none() {
    let store = MemoryStore::default();
    store.commit(&Transaction::new()).await.unwrap();
    store.read(&[]).await.unwrap();
    assert_eq!(store.requests(), 0);
    store.commit(&creation("a")).await.unwrap();
    store.read(&[key("a"), key("b")]).await.unwrap();
    store.query(&Query::partition(None, "NOTE", 5)).await.unwrap();
    assert_eq!((store.reads(), store.queries(), store.commits()), (1, 1, 1));
    store.reset_counts();
    assert_eq!(store.requests(), 0);
}

#[tokio::test]
async fn a_sweep_drops_what_has_expired() {
    let store = MemoryStore::default();
    let at = |second| Timestamp::from_second(second).unwrap();
    for (id, expires_at) in [("a", Some(at(10))), ("b", Some(at(11))), ("c", None)] {
        let note = Note { expires_at, ..note(id) };
        store.commit(&Transaction::new().create(&note).unwrap()).await.unwrap();
    }
    store.sweep_expired(at(10));
    let left: Vec<String> = store.dump().into_iter().map(|record| record.key.sort).collect();
    assert_eq!(left, ["b", "c"]);
}

#[tokio::test]
async fn a_planted_record_is_read_like_any_other() {
    let store = MemoryStore::default();
    store.plant(Record::of(&note("a"), 9).unwrap());
    assert_eq!(store.read(&[key("a")]).await.unwrap()[&key("a")].version, 9);
}

#[tokio::test]
async fn cleared_faults_do_not_happen() {
    let store = MemoryStore::default();
    store.fail_before(Call::Commit, 5);
    store.clear_faults();
    store.commit(&creation("a")).await.unwrap();
}
