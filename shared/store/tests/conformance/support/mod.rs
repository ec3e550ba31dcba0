//! What the cases share: a document that can be anything, and both tables.

mod embedded;
#[path = "../../../../testkit/ministack/mod.rs"]
mod ministack;
pub(crate) mod scripted;

use std::sync::Arc;

use interlock_app::ports::Store;
use interlock_app::ports::store::{
    CommitError, Document, Index, Indexes, Key, Page, Query, Record, StoreError, Stored,
    Transaction,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use embedded::{Embedded, client_at, delete_table, every_version};
pub(crate) use ministack::Ministack;

/// Runs each case on both tables.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(std::sync::Arc::new(interlock_testkit::MemoryStore::default())).await;
            })+
        }

        mod embedded {
            $(#[tokio::test]
            async fn $case() {
                let table = crate::support::Embedded::in_memory().await;
                super::$case(table.store()).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// The table of a case.
pub(crate) type Table = Arc<dyn Store>;

/// A document whose every part a case chooses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Thing {
    pub(crate) partition: String,
    pub(crate) sort: String,
    pub(crate) one: Option<(String, String)>,
    pub(crate) two: Option<(String, String)>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) value: Value,
}

impl Document for Thing {
    const KIND: &'static str = "thing";

    fn key(&self) -> Key {
        Key::new(self.partition.as_str(), self.sort.as_str())
    }

    fn indexes(&self) -> Indexes {
        let key = |half: &Option<(String, String)>| {
            half.as_ref().map(|(partition, sort)| Key::new(partition.as_str(), sort.as_str()))
        };
        Indexes { one: key(&self.one), two: key(&self.two) }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

impl Thing {
    pub(crate) fn with(self, value: impl Into<Value>) -> Self {
        Self { value: value.into(), ..self }
    }

    pub(crate) fn in_one(self, partition: &str, sort: &str) -> Self {
        Self { one: Some((partition.to_owned(), sort.to_owned())), ..self }
    }

    pub(crate) fn in_two(self, partition: &str, sort: &str) -> Self {
        Self { two: Some((partition.to_owned(), sort.to_owned())), ..self }
    }
}

pub(crate) fn thing(partition: &str, sort: &str) -> Thing {
    Thing {
        partition: partition.to_owned(),
        sort: sort.to_owned(),
        one: None,
        two: None,
        expires_at: None,
        value: json!(0),
    }
}

pub(crate) async fn create(table: &Table, thing: &Thing) -> Result<(), CommitError> {
    table.commit(&Transaction::new().create(thing).unwrap()).await
}

pub(crate) async fn replace(table: &Table, thing: &Thing, read: u64) -> Result<(), CommitError> {
    table.commit(&Transaction::new().replace(thing, read).unwrap()).await
}

/// Creates all of them, a transaction at a time.
pub(crate) async fn fill(table: &Table, things: &[Thing]) {
    for some in things.chunks(25) {
        let transaction = some
            .iter()
            .fold(Transaction::new(), |transaction, thing| transaction.create(thing).unwrap());
        table.commit(&transaction).await.unwrap();
    }
}

pub(crate) async fn record(table: &Table, key: &Key) -> Option<Record> {
    table.read(std::slice::from_ref(key)).await.unwrap().remove(key)
}

pub(crate) async fn stored(table: &Table, key: &Key) -> Option<Stored<Thing>> {
    record(table, key).await.map(|record| record.decode().unwrap())
}

/// The keys in conflict, or a panic.
pub(crate) fn lost(result: Result<(), CommitError>) -> Vec<Key> {
    match result {
        Err(CommitError::Conflict(keys)) => keys,
        other => panic!("no conflict but {other:?}"),
    }
}

/// Whether it was refused as a defect.
pub(crate) fn is_corrupt(result: Result<(), CommitError>) -> bool {
    result.is_err_and(|error| matches!(error, CommitError::Store(StoreError::Corrupt { .. })))
}

pub(crate) fn sorts(page: &Page) -> Vec<&str> {
    page.records.iter().map(|record| record.key.sort.as_str()).collect()
}

/// Everything a query gives, page by page; each page must keep to the limit.
pub(crate) async fn all(table: &Table, query: Query) -> Vec<Record> {
    let mut found = Vec::new();
    let mut query = query;
    loop {
        let page = table.query(&query).await.unwrap();
        assert!(page.records.len() <= usize::try_from(query.limit).unwrap());
        found.extend(page.records);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

pub(crate) fn ask(index: Option<Index>, partition: &str) -> Query {
    Query::partition(index, partition, 100)
}

/// The table of the suite behind ministack, created.
pub(crate) async fn ministack_table(server: &Ministack) -> (aws_sdk_dynamodb::Client, Table) {
    let client = client_at(&server.url);
    embedded::create_table(&client).await;
    let table = embedded::table_of(&client);
    (client, table)
}
