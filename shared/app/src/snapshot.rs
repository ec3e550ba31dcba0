//! What one consistent read returned; asks the table again only for what was not in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::AppError;
use crate::ports::Store;
use crate::ports::store::{Document, Key, Record, StoreError, Stored};

/// Records by key, together with the keys that were asked for, so that "absent" and "not asked"
/// are told apart.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    records: BTreeMap<Key, Record>,
    asked: BTreeSet<Key>,
}

impl Snapshot {
    /// From a read of `asked`.
    pub fn new(records: BTreeMap<Key, Record>, asked: impl IntoIterator<Item = Key>) -> Self {
        Self { records, asked: asked.into_iter().collect() }
    }

    /// Reads keys from the table in one request.
    pub async fn read(store: &dyn Store, keys: &[Key]) -> Result<Self, AppError> {
        Ok(Self::new(store.read(keys).await?, keys.iter().cloned()))
    }

    /// The document at a key; `None` if it is absent or was not asked for.
    pub fn get<T: Document>(&self, key: &Key) -> Result<Option<Stored<T>>, StoreError> {
        self.records.get(key).map(Record::decode).transpose()
    }

    /// Whether a key was asked for.
    pub fn knows(&self, key: &Key) -> bool {
        self.asked.contains(key)
    }

    /// With these keys known: no request if all of them are, one otherwise.
    pub async fn with(mut self, store: &dyn Store, keys: &[Key]) -> Result<Self, AppError> {
        let missing: Vec<Key> =
            keys.iter().filter(|key| !self.asked.contains(*key)).cloned().collect();
        if !missing.is_empty() {
            self.records.append(&mut store.read(&missing).await?);
            self.asked.extend(missing);
        }
        Ok(self)
    }
}
