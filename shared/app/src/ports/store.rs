//! The table: records by key, read together and committed together.
//!
//! Three calls are enough for every use case, so the fake is small and the conformance suite
//! that holds it to the real table is complete (docs/adr/0006).

mod body;

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use body::Body;

/// Most actions in one transaction, DynamoDB's own limit.
pub const MAX_ACTIONS: usize = 100;
/// Most keys in one read, DynamoDB's own limit for a batch.
pub const MAX_READ: usize = 100;

/// Address of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition: records that grow together.
    pub partition: String,
    /// Place within the partition.
    pub sort: String,
}

impl Key {
    /// From both halves.
    pub fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: sort.into() }
    }
}

/// One of the two secondary indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Index {
    /// By owner or kind.
    One,
    /// By resource.
    Two,
}

/// Where else a record is found; absent halves keep it out of that index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Indexes {
    /// Key in the first index.
    pub one: Option<Key>,
    /// Key in the second index.
    pub two: Option<Key>,
}

/// A record as the table keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Address.
    pub key: Key,
    /// Kind of document.
    pub kind: String,
    /// Shape of the body, for upgrades on read.
    pub schema: u32,
    /// Counts up by one with each write.
    pub version: u64,
    /// Keys in the indexes.
    pub indexes: Indexes,
    /// When the table may drop it; code never relies on the dropping.
    pub expires_at: Option<Timestamp>,
    /// The document.
    pub body: Body,
}

/// A document with the version it was read at.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored<T> {
    /// The document.
    pub value: T,
    /// Version read; a write names it as its condition.
    pub version: u64,
}

/// Something that is kept as one record.
pub trait Document: Clone + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// Kind, written beside the body.
    const KIND: &'static str;
    /// Present shape of the body.
    const SCHEMA: u32 = 1;
    /// Whether it is written once and never again (promise R23).
    const APPEND_ONLY: bool = false;

    /// Address of this document.
    fn key(&self) -> Key;

    /// Keys in the indexes.
    fn indexes(&self) -> Indexes {
        Indexes::default()
    }

    /// When it is expendable.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }

    /// Brings an older body to the present shape; called only for `schema < SCHEMA`.
    fn upgrade(_schema: u32, body: Value) -> Value {
        body
    }
}

impl Record {
    /// The record of a document at a version.
    pub fn of<T: Document>(document: &T, version: u64) -> Result<Self, StoreError> {
        let key = document.key();
        let body =
            serde_json::to_value(document).map_err(|error| StoreError::corrupt(&key, error))?;
        let body = Body::from(body).sorted();
        Ok(Self {
            indexes: document.indexes(),
            expires_at: document.expires_at(),
            kind: T::KIND.to_owned(),
            schema: T::SCHEMA,
            version,
            key,
            body,
        })
    }

    /// The document, upgraded if it has an older shape.
    pub fn decode<T: Document>(&self) -> Result<Stored<T>, StoreError> {
        if self.kind != T::KIND || self.schema > T::SCHEMA {
            let found = format!("`{}` of schema {}", self.kind, self.schema);
            return Err(StoreError::corrupt(&self.key, found));
        }
        let value = self.body.document(|body| {
            if self.schema < T::SCHEMA {
                serde_json::from_value(T::upgrade(self.schema, body.clone()))
            } else {
                T::deserialize(body)
            }
        });
        let value = value.map_err(|error| StoreError::corrupt(&self.key, error))?;
        Ok(Stored { value, version: self.version })
    }
}

/// What must hold of a key for a transaction to commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Nothing is there.
    Absent,
    /// Something is there, at exactly this version.
    Version(u64),
    /// Anything or nothing.
    Any,
}

/// One part of a transaction; a key appears at most once.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Writes the whole record.
    Put {
        /// What to write.
        record: Box<Record>,
        /// Condition on what was there.
        expect: Expect,
    },
    /// Removes the record.
    Delete {
        /// Which.
        key: Key,
        /// Condition on what was there.
        expect: Expect,
    },
    /// Writes nothing, but must hold.
    Check {
        /// Which.
        key: Key,
        /// What must hold.
        expect: Expect,
    },
}

impl Action {
    /// The key it is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Put { record, .. } => &record.key,
            Self::Delete { key, .. } | Self::Check { key, .. } => key,
        }
    }
}

/// Writes that happen together or not at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transaction {
    actions: Vec<Action>,
}

impl Transaction {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a document that must not exist yet.
    pub fn create<T: Document>(mut self, document: &T) -> Result<Self, StoreError> {
        let record = Box::new(Record::of(document, 1)?);
        self.actions.push(Action::Put { record, expect: Expect::Absent });
        Ok(self)
    }

    /// Writes a document over the version that was read.
    pub fn replace<T: Document>(mut self, document: &T, read: u64) -> Result<Self, StoreError> {
        let record = Box::new(Record::of(document, read.saturating_add(1))?);
        self.actions.push(Action::Put { record, expect: Expect::Version(read) });
        Ok(self)
    }

    /// Creates or replaces, by what was read.
    pub fn save<T: Document>(self, document: &T, read: Option<u64>) -> Result<Self, StoreError> {
        match read {
            Some(version) => self.replace(document, version),
            None => self.create(document),
        }
    }

    /// Writes a document whatever was there, for records nobody reads before writing; one that is
    /// only ever added must not exist yet all the same.
    pub fn put<T: Document>(mut self, document: &T) -> Result<Self, StoreError> {
        let record = Box::new(Record::of(document, 1)?);
        let expect = if T::APPEND_ONLY { Expect::Absent } else { Expect::Any };
        self.actions.push(Action::Put { record, expect });
        Ok(self)
    }

    /// Writes a document at a version of the caller's choice, whatever was there; for marks whose
    /// version must differ from every one read before.
    pub fn overwrite<T: Document>(
        mut self,
        document: &T,
        version: u64,
    ) -> Result<Self, StoreError> {
        let record = Box::new(Record::of(document, version)?);
        self.actions.push(Action::Put { record, expect: Expect::Any });
        Ok(self)
    }

    /// Removes a record whatever its version.
    #[must_use]
    pub fn remove(mut self, key: Key) -> Self {
        self.actions.push(Action::Delete { key, expect: Expect::Any });
        self
    }

    /// Removes a record at the version read.
    #[must_use]
    pub fn remove_at(mut self, key: Key, read: u64) -> Self {
        self.actions.push(Action::Delete { key, expect: Expect::Version(read) });
        self
    }

    /// Demands that a record is as it was read; absent if it was absent.
    #[must_use]
    pub fn unchanged(mut self, key: Key, read: Option<u64>) -> Self {
        let expect = read.map_or(Expect::Absent, Expect::Version);
        self.actions.push(Action::Check { key, expect });
        self
    }

    /// The parts, in order.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }
}

impl FromIterator<Action> for Transaction {
    /// From parts that were made before.
    fn from_iter<I: IntoIterator<Item = Action>>(parts: I) -> Self {
        Self { actions: parts.into_iter().collect() }
    }
}

/// A question to the table or one of its indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// `None` asks the table itself, consistently; an index may lag.
    pub index: Option<Index>,
    /// Partition in the table or index.
    pub partition: String,
    /// First sort key wanted, inclusive.
    pub from: Option<String>,
    /// Sort key before which to stop, exclusive.
    pub until: Option<String>,
    /// Largest sort key first.
    pub descending: bool,
    /// Most records wanted.
    pub limit: u32,
    /// Position after which to go on, as a page gave it.
    pub after: Option<Position>,
}

impl Query {
    /// Everything of a partition, ascending.
    pub fn partition(index: Option<Index>, partition: impl Into<String>, limit: u32) -> Self {
        let partition = partition.into();
        Self { index, partition, from: None, until: None, descending: false, limit, after: None }
    }
}

/// Place in a result, by the keys of the last record seen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Partition and sort key in the table.
    pub key: (String, String),
    /// Sort key in the index asked, where one was.
    pub index_sort: Option<String>,
}

/// Part of a result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Records in order.
    pub records: Vec<Record>,
    /// Where the rest begins, if there may be more.
    pub next: Option<Position>,
}

/// The table did not serve.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Throttled, timed out or out of reach; the same call may succeed later.
    #[error("the table is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A record cannot be read; never retried, always alarmed.
    #[error("the record at `{partition}` `{sort}` is corrupt")]
    Corrupt {
        /// Partition of the record.
        partition: String,
        /// Sort key of the record.
        sort: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// A record that cannot be read or written.
    pub fn corrupt(key: &Key, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Corrupt {
            partition: key.partition.clone(),
            sort: key.sort.clone(),
            source: source.into(),
        }
    }
}

/// Nothing of a transaction was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Conditions on these keys did not hold, or another transaction was at work on them.
    #[error("another write came first")]
    Conflict(Vec<Key>),
    /// The table did not serve; whether it wrote is unknown only for `Unavailable`.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The table.
#[async_trait]
pub trait Store: Send + Sync {
    /// Reads up to [`MAX_READ`] keys consistently in one request; absent ones are left out.
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError>;

    /// One page of a partition.
    async fn query(&self, query: &Query) -> Result<Page, StoreError>;

    /// Commits at most [`MAX_ACTIONS`] actions, all or none.
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError>;
}
