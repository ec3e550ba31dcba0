//! Random work on few keys has the same results on both tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use interlock_app::ports::store::{CommitError, Index, Key, Page, Query, StoreError, Transaction};
use interlock_testkit::MemoryStore;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{Embedded, Table, Thing, thing};

const CASES: u32 = 150;
const KEYS: [(&str, &str); 5] = [("A", "1"), ("A", "2"), ("A", "3"), ("B", "1"), ("B", "2")];
const PLACES: [Option<(&str, &str)>; 4] =
    [None, Some(("I", "1")), Some(("I", "2")), Some(("J", "1"))];

/// One action on the key of this number.
#[derive(Debug, Clone)]
enum Deed {
    Create(Place),
    Replace(Place, u64),
    Put(Place),
    Remove,
    RemoveAt(u64),
    Unchanged(Option<u64>),
}

/// Where the record goes in the indexes, and what it says.
#[derive(Debug, Clone)]
struct Place {
    one: usize,
    two: usize,
    value: u64,
}

#[derive(Debug, Clone)]
enum Step {
    Commit(Vec<(usize, Deed)>),
    Read(Vec<usize>),
    Pages { source: usize, bounds: (usize, usize), descending: bool, limit: u32 },
}

fn place() -> impl Strategy<Value = Place> {
    (0..PLACES.len(), 0..PLACES.len(), any::<u64>()).prop_map(|(one, two, value)| Place {
        one,
        two,
        value,
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => place().prop_map(Deed::Create),
        4 => (place(), 1..4_u64).prop_map(|(place, read)| Deed::Replace(place, read)),
        2 => place().prop_map(Deed::Put),
        1 => Just(Deed::Remove),
        1 => (1..4_u64).prop_map(Deed::RemoveAt),
        1 => prop::option::of(1..4_u64).prop_map(Deed::Unchanged),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => prop::collection::btree_map(0..KEYS.len(), deed(), 1..4)
            .prop_map(|deeds| Step::Commit(deeds.into_iter().collect())),
        1 => prop::collection::vec(0..KEYS.len(), 0..7).prop_map(Step::Read),
        3 => (0..6_usize, (0..5_usize, 0..5_usize), any::<bool>(), select(vec![1, 2, 3, 9]))
            .prop_map(|(source, bounds, descending, limit)| {
                Step::Pages { source, bounds, descending, limit }
            }),
    ]
}

/// Keeps one case's records apart from another's.
struct Names(String);

impl Names {
    fn key(&self, number: usize) -> Key {
        let (partition, sort) = KEYS[number];
        Key::new(format!("{}#{partition}", self.0), sort)
    }

    fn thing(&self, number: usize, place: &Place) -> Thing {
        let key = self.key(number);
        let at = |number: usize| {
            PLACES[number].map(|(index, sort)| (format!("{}#{index}", self.0), sort.to_owned()))
        };
        let made = thing(&key.partition, &key.sort).with(place.value);
        Thing { one: at(place.one), two: at(place.two), ..made }
    }

    fn transaction(&self, deeds: &[(usize, Deed)]) -> Transaction {
        deeds.iter().fold(Transaction::new(), |transaction, (number, deed)| {
            let key = self.key(*number);
            match deed {
                Deed::Create(place) => transaction.create(&self.thing(*number, place)).unwrap(),
                Deed::Replace(place, read) => {
                    transaction.replace(&self.thing(*number, place), *read).unwrap()
                }
                Deed::Put(place) => transaction.put(&self.thing(*number, place)).unwrap(),
                Deed::Remove => transaction.remove(key),
                Deed::RemoveAt(read) => transaction.remove_at(key, *read),
                Deed::Unchanged(read) => transaction.unchanged(key, *read),
            }
        })
    }

    fn query(&self, step: &Step) -> Option<Query> {
        let Step::Pages { source, bounds: (from, until), descending, limit } = step else {
            return None;
        };
        let sources = [
            (None, "A"),
            (None, "B"),
            (Some(Index::One), "I"),
            (Some(Index::One), "J"),
            (Some(Index::Two), "I"),
            (Some(Index::Two), "J"),
        ];
        let bound = |number: usize| [None, Some("1"), Some("2"), Some("3"), Some("25")][number];
        let (index, partition) = sources[*source];
        Some(Query {
            from: bound(*from).map(str::to_owned),
            until: bound(*until).map(str::to_owned),
            descending: *descending,
            ..Query::partition(index, format!("{}#{partition}", self.0), *limit)
        })
    }
}

/// A commit's result in a form that compares.
fn outcome(result: Result<(), CommitError>) -> Result<(), Vec<Key>> {
    match result {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(keys)) => Err(keys),
        Err(CommitError::Store(error)) => panic!("{error:?}"),
    }
}

async fn pages(table: &Table, query: &Query) -> Result<Vec<Page>, StoreError> {
    let mut query = query.clone();
    let mut found = Vec::new();
    loop {
        let page = table.query(&query).await?;
        query.after.clone_from(&page.next);
        found.push(page);
        if query.after.is_none() {
            return Ok(found);
        }
    }
}

async fn same(names: &Names, steps: &[Step], one: &Table, two: &Table) {
    for step in steps {
        match step {
            Step::Commit(deeds) => {
                let transaction = names.transaction(deeds);
                let (one, two) = (one.commit(&transaction).await, two.commit(&transaction).await);
                assert_eq!(outcome(one), outcome(two), "{step:?}");
            }
            Step::Read(numbers) => {
                let keys: Vec<Key> = numbers.iter().map(|number| names.key(*number)).collect();
                let (one, two) = (one.read(&keys).await, two.read(&keys).await);
                assert_eq!(one.unwrap(), two.unwrap(), "{step:?}");
            }
            Step::Pages { .. } => {
                let query = names.query(step).unwrap();
                let (one, two) = (pages(one, &query).await, pages(two, &query).await);
                assert_eq!(one.unwrap(), two.unwrap(), "{step:?}");
            }
        }
    }
}

#[test]
fn both_tables_answer_random_work_alike() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let embedded = runtime.block_on(Embedded::in_memory());
    let (one, two): (Table, Table) = (Arc::new(MemoryStore::default()), embedded.store());
    let case = AtomicU64::new(0);
    let config =
        ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..25))| {
        let names = Names(case.fetch_add(1, Ordering::Relaxed).to_string());
        runtime.block_on(same(&names, &steps, &one, &two));
    });
}
