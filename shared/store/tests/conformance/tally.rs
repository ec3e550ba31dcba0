//! Counts that are added to without being read.

use std::sync::Arc;

use interlock_app::ports::Tally;
use interlock_app::ports::store::{Key, Record, StoreError};
use interlock_testkit::MemoryStore;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::scripted::{Answer, Scripted, broken};
use crate::support::{Embedded, Table, all, ask, record, thing};

/// Runs each case on both tables.
macro_rules! counted_on_both {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                let table = std::sync::Arc::new(interlock_testkit::MemoryStore::default());
                super::$case(table.clone(), table).await;
            })+
        }

        mod embedded {
            $(#[tokio::test]
            async fn $case() {
                let table = crate::support::Embedded::in_memory().await;
                super::$case(table.store(), table.tally()).await;
            })+
        }
    };
}

counted_on_both!(
    a_count_begins_where_there_is_none_and_goes_on_where_there_is,
    additions_at_one_time_all_count,
    what_the_record_says_beside_is_as_the_last_addition_gave_it,
    an_addition_to_nothing_and_to_a_body_without_room_is_a_defect,
    counted_records_are_found_like_others,
);

fn day(sort: &str) -> Record {
    let mut record = Record::of(&thing("DAY", sort), 1).unwrap();
    record.body = json!({"day": sort}).into();
    record.expires_at = Some(Timestamp::from_second(2_000_000_000).unwrap());
    record
}

async fn counts(table: &Table, sort: &str) -> Value {
    record(table, &Key::new("DAY", sort)).await.unwrap().body["counts"].clone()
}

async fn a_count_begins_where_there_is_none_and_goes_on_where_there_is(
    table: Table,
    tally: Arc<dyn Tally>,
) {
    tally.add(&day("a"), &["refused", "hours_closed"]).await.unwrap();
    tally.add(&day("a"), &["refused", "grid_off"]).await.unwrap();
    tally.add(&day("a"), &["refused", "grid_off", "grid_off"]).await.unwrap();
    let wanted = json!({"refused": 3, "hours_closed": 1, "grid_off": 2});
    assert_eq!(counts(&table, "a").await, wanted);
    let read = record(&table, &Key::new("DAY", "a")).await.unwrap();
    assert_eq!((read.version, read.body["day"].as_str()), (3, Some("a")));
    assert_eq!(read.expires_at, day("a").expires_at);
}

async fn additions_at_one_time_all_count(table: Table, tally: Arc<dyn Tally>) {
    let mut adding = JoinSet::new();
    for _ in 0..16 {
        let tally = tally.clone();
        adding.spawn(async move { tally.add(&day("a"), &["refused"]).await });
    }
    while let Some(added) = adding.join_next().await {
        added.unwrap().unwrap();
    }
    assert_eq!(counts(&table, "a").await, json!({"refused": 16}));
}

async fn what_the_record_says_beside_is_as_the_last_addition_gave_it(
    table: Table,
    tally: Arc<dyn Tally>,
) {
    tally.add(&day("a"), &["refused"]).await.unwrap();
    let mut later = day("a");
    later.body = json!({"day": "a", "more": [1, 2]}).into();
    tally.add(&later, &["refused"]).await.unwrap();
    let read = record(&table, &Key::new("DAY", "a")).await.unwrap();
    assert_eq!(read.body, json!({"counts": {"refused": 2}, "day": "a", "more": [1, 2]}));
}

async fn an_addition_to_nothing_and_to_a_body_without_room_is_a_defect(
    table: Table,
    tally: Arc<dyn Tally>,
) {
    let mut taken = day("a");
    taken.body = json!({"counts": {}}).into();
    let mut no_object = day("a");
    no_object.body = json!(7).into();
    for (record, counts) in
        [(day("a"), vec![]), (day("a"), vec![""]), (taken, vec!["x"]), (no_object, vec!["x"])]
    {
        let answer = tally.add(&record, &counts).await;
        assert!(matches!(answer, Err(StoreError::Corrupt { .. })), "{answer:?}");
    }
    assert!(record(&table, &Key::new("DAY", "a")).await.is_none());
}

async fn counted_records_are_found_like_others(table: Table, tally: Arc<dyn Tally>) {
    for sort in ["a", "b", "c"] {
        tally.add(&day(sort), &["refused"]).await.unwrap();
    }
    let found = all(&table, ask(None, "DAY")).await;
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|record| record.body["counts"]["refused"] == 1));
}

#[tokio::test]
async fn a_count_that_is_not_taken_at_once_is_not_sent_again() {
    for answer in [broken(), Answer::Silence, Answer::Hang] {
        let table = Scripted::answering(vec![answer, broken()]).await;
        let answer = table.store.add(&day("a"), &["refused"]).await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
        assert_eq!(table.asked().len(), 1);
    }
}

#[tokio::test]
async fn an_ordinary_write_over_a_count_ends_it() {
    let embedded = Embedded::in_memory().await;
    let memory = Arc::new(MemoryStore::default());
    let both: [(Table, Arc<dyn Tally>); 2] =
        [(embedded.store(), embedded.tally()), (memory.clone(), memory)];
    for (table, tally) in both {
        tally.add(&day("a"), &["refused"]).await.unwrap();
        let other = interlock_app::ports::store::Transaction::new();
        table.commit(&other.put(&thing("DAY", "a")).unwrap()).await.unwrap();
        let read = record(&table, &Key::new("DAY", "a")).await.unwrap();
        assert!(read.body.get("counts").is_none());
    }
}
