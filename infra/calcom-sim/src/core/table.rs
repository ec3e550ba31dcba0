//! A keyed collection that remembers which rows changed since they were last saved.
//! Every mutation marks its row, so that a snapshot never misses one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// One row to write (`body` present) or to delete (`body` absent).
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) kind: &'static str,
    pub(crate) key: String,
    pub(crate) body: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    kind: &'static str,
    /// Shared with every copy of the world that has not written here.
    rows: Arc<BTreeMap<String, T>>,
    dirty: BTreeSet<String>,
}

impl<T: Clone + Serialize + DeserializeOwned> Table<T> {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self { kind, rows: Arc::default(), dirty: BTreeSet::new() }
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(key)
    }

    pub(crate) fn put(&mut self, key: impl Into<String>, row: T) {
        let key = key.into();
        self.dirty.insert(key.clone());
        Arc::make_mut(&mut self.rows).insert(key, row);
    }

    /// The row for writing; it counts as changed from here on.
    pub(crate) fn change(&mut self, key: &str) -> Option<&mut T> {
        let row = Arc::make_mut(&mut self.rows).get_mut(key)?;
        self.dirty.insert(key.to_owned());
        Some(row)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<T> {
        let row = Arc::make_mut(&mut self.rows).remove(key)?;
        self.dirty.insert(key.to_owned());
        Some(row)
    }

    pub(crate) fn clear(&mut self) {
        self.dirty.extend(self.rows.keys().cloned());
        self.rows = Arc::default();
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes a row as it was saved; it does not count as changed.
    pub(crate) fn load(&mut self, key: &str, body: &str) -> Result<(), serde_json::Error> {
        let row = serde_json::from_str(body)?;
        Arc::make_mut(&mut self.rows).insert(key.to_owned(), row);
        Ok(())
    }

    pub(crate) fn drain(&mut self, out: &mut Vec<Change>) -> Result<(), serde_json::Error> {
        for key in std::mem::take(&mut self.dirty) {
            let body = self.rows.get(&key).map(serde_json::to_string).transpose()?;
            out.push(Change { kind: self.kind, key, body });
        }
        Ok(())
    }
}
