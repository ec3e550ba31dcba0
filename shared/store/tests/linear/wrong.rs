//! Ledgers that are wrong in one way each, to show that the check would see it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interlock_app::model::LedgerDay;
use interlock_app::ports::Store;
use interlock_app::ports::store::{
    Action, CommitError, Document, Expect, Key, Page, Query, Record, StoreError, Transaction,
};
use interlock_testkit::MemoryStore;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// A day is written whatever its version.
    NoCondition,
    /// A day is read as it was some writes ago, under the version it has now.
    StaleRead,
    /// A move gives the old time back before it is sure of the new.
    EarlyRelease,
}

/// A table with a wrong ledger over a right one.
pub(crate) struct WrongStore {
    inner: Arc<MemoryStore>,
    wrong: Wrong,
    past: Mutex<BTreeMap<Key, VecDeque<Record>>>,
}

impl WrongStore {
    /// Wrong in this way.
    pub(crate) fn new(inner: Arc<MemoryStore>, wrong: Wrong) -> Self {
        Self { inner, wrong, past: Mutex::default() }
    }

    /// The record as it was two writes ago, with the version of today.
    fn aged(&self, record: &Record) -> Record {
        let mut past = self.past.lock().unwrap();
        let seen = past.entry(record.key.clone()).or_default();
        if seen.back().is_none_or(|last| last.version < record.version) {
            seen.push_back(record.clone());
        }
        if seen.len() > 3 {
            seen.pop_front();
        }
        let old = seen.front().cloned().unwrap_or_else(|| record.clone());
        Record { version: record.version, ..old }
    }

    /// Takes what a moving reservation holds out of its day, past every condition.
    fn release(&self, record: &Record) {
        if record.body.get("state").and_then(|state| state.get("status"))
            != Some(&serde_json::json!("moving"))
        {
            return;
        }
        let id = record.body.get("id").cloned();
        for mut day in self.inner.of_kind(LedgerDay::KIND) {
            if let Some(entries) = day.body.get_mut("entries").and_then(|all| all.as_array_mut()) {
                entries.retain(|entry| entry.get("reservationId") != id.as_ref());
                self.inner.plant(day);
            }
        }
    }
}

#[async_trait]
impl Store for WrongStore {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        let mut read = self.inner.read(keys).await?;
        if self.wrong == Wrong::StaleRead {
            for record in read.values_mut().filter(|record| record.kind == LedgerDay::KIND) {
                *record = self.aged(record);
            }
        }
        Ok(read)
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        self.inner.query(query).await
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        match self.wrong {
            Wrong::StaleRead => self.inner.commit(transaction).await,
            Wrong::NoCondition => {
                for action in transaction.actions() {
                    if let Action::Put { record, expect } = action
                        && record.kind == LedgerDay::KIND
                        && *expect != Expect::Any
                    {
                        self.pretend(record, *expect);
                    }
                }
                self.inner.commit(transaction).await
            }
            Wrong::EarlyRelease => {
                for action in transaction.actions() {
                    if let Action::Put { record, .. } = action {
                        self.release(record);
                    }
                }
                tokio::task::yield_now().await;
                self.inner.commit(transaction).await
            }
        }
    }
}

impl WrongStore {
    /// Makes the version that is there the one expected, so that the condition always holds.
    fn pretend(&self, record: &Record, expect: Expect) {
        if let Expect::Version(version) = expect {
            self.inner.plant(Record { version, ..record.clone() });
        }
    }
}
