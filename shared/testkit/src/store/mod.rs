//! The table in memory.
//!
//! Every answer is one the real table could give; the conformance suite of the adapter compares.

pub mod faulty;
mod limits;
mod query;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interlock_app::ports::Store;
use interlock_app::ports::store::{
    Action, CommitError, Expect, Key, Page, Query, Record, StoreError, Transaction,
};
use jiff::Timestamp;

pub use faulty::FaultyStore;

use crate::script::{Script, lock};

/// Kind of a call, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// Keys read together.
    Read,
    /// A page of a partition.
    Query,
    /// A transaction.
    Commit,
    /// An addition to counts.
    Add,
}

#[derive(Debug, Clone)]
enum Fault {
    Before,
    After,
    Conflict(Vec<Key>),
    SlipIn(Box<Transaction>),
}

#[derive(Debug, Default, Clone)]
struct Table {
    /// Shared between forks: a fork copies no record that it does not change.
    records: BTreeMap<Key, Arc<Record>>,
    partitions: query::Partitions,
}

impl Table {
    fn put(&mut self, record: Record) {
        if let Some(old) = self.records.get_mut(&record.key) {
            // What both have in common lies where it lay.
            if old.indexes != record.indexes {
                self.partitions.remove(old);
                self.partitions.add(&record);
            }
            *old = Arc::new(record);
        } else {
            self.partitions.add(&record);
            self.records.insert(record.key.clone(), Arc::new(record));
        }
    }

    fn remove(&mut self, key: &Key) {
        if let Some(old) = self.records.remove(key) {
            self.partitions.remove(&old);
        }
    }
}

/// Records by key, with counts of requests and faults to order.
#[derive(Debug, Default)]
pub struct MemoryStore {
    table: Mutex<Table>,
    faults: Script<Call, Fault>,
    reads: AtomicU64,
    queries: AtomicU64,
    commits: AtomicU64,
    additions: AtomicU64,
}

impl MemoryStore {
    /// A table with the same records and faults that goes its own way from here; counts begin at
    /// nought.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            table: Mutex::new(lock(&self.table).clone()),
            faults: self.faults.fork(),
            ..Self::default()
        }
    }

    /// Requests that read keys.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Requests for a page.
    pub fn queries(&self) -> u64 {
        self.queries.load(Ordering::Relaxed)
    }

    /// Requests to commit, refused ones included.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Requests to add to counts.
    pub fn additions(&self) -> u64 {
        self.additions.load(Ordering::Relaxed)
    }

    /// All requests.
    pub fn requests(&self) -> u64 {
        self.reads() + self.queries() + self.commits() + self.additions()
    }

    /// Starts all counts at nought.
    pub fn reset_counts(&self) {
        for count in [&self.reads, &self.queries, &self.commits, &self.additions] {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// The next `times` calls of this kind fail and do nothing.
    pub fn fail_before(&self, call: Call, times: usize) {
        (0..times).for_each(|_| self.faults.push(call, Fault::Before));
    }

    /// The next `times` calls of this kind do their work, and the caller hears of a failure.
    pub fn fail_after(&self, call: Call, times: usize) {
        (0..times).for_each(|_| self.faults.push(call, Fault::After));
    }

    /// The next commit loses to another transaction on these keys, whatever its conditions say.
    pub fn force_conflict(&self, keys: Vec<Key>) {
        self.faults.push(Call::Commit, Fault::Conflict(keys));
    }

    /// Somebody else commits this just before the next commit is judged; if his own conditions
    /// fail, he too leaves nothing.
    pub fn slip_in(&self, transaction: Transaction) {
        self.faults.push(Call::Commit, Fault::SlipIn(Box::new(transaction)));
    }

    /// Drops every fault not acted out yet.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// Drops what has expired, as the real table does hours later.
    pub fn sweep_expired(&self, now: Timestamp) {
        let mut table = lock(&self.table);
        let expired = |record: &&Arc<Record>| record.expires_at.is_some_and(|at| at <= now);
        let gone: Vec<Key> =
            table.records.values().filter(expired).map(|record| record.key.clone()).collect();
        for key in gone {
            table.remove(&key);
        }
    }

    /// Every record, in order of keys; a test's look behind the port, not counted.
    pub fn dump(&self) -> Vec<Record> {
        lock(&self.table).records.values().map(|one| Record::clone(one)).collect()
    }

    /// Every record as it is now, in order of keys, shared with the table; not counted.
    pub fn snapshot(&self) -> Vec<Arc<Record>> {
        lock(&self.table).records.values().cloned().collect()
    }

    /// Every record of a kind, in order of keys; not counted, and cheaper than all.
    pub fn of_kind(&self, kind: &str) -> Vec<Record> {
        let table = lock(&self.table);
        let wanted = table.records.values().filter(|record| record.kind == kind);
        wanted.map(|one| Record::clone(one)).collect()
    }

    /// Writes a record past every condition, as a hand at the console might; not counted.
    pub fn plant(&self, record: Record) {
        lock(&self.table).put(record);
    }

    /// Gives another task its turn, then meets the fault ordered for this call.
    async fn enter(&self, call: Call, count: &AtomicU64) -> Result<Option<Fault>, StoreError> {
        count.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        match self.faults.take(&call) {
            Some(Fault::Before) => Err(scripted("before")),
            fault => Ok(fault),
        }
    }

    fn apply(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let mut table = lock(&self.table);
        let failed: Vec<Key> = transaction
            .actions()
            .iter()
            .filter(|action| {
                !holds(expected(action), table.records.get(action.key()).map(AsRef::as_ref))
            })
            .map(|action| action.key().clone())
            .collect();
        if !failed.is_empty() {
            return Err(CommitError::Conflict(failed));
        }
        for action in transaction.actions() {
            match action {
                Action::Put { record, .. } => {
                    table.put(limits::normalised(record));
                }
                Action::Delete { key, .. } => {
                    table.remove(key);
                }
                Action::Check { .. } => {}
            }
        }
        Ok(())
    }
}

fn expected(action: &Action) -> Expect {
    match action {
        Action::Put { expect, .. }
        | Action::Delete { expect, .. }
        | Action::Check { expect, .. } => *expect,
    }
}

fn holds(expect: Expect, found: Option<&Record>) -> bool {
    match expect {
        Expect::Absent => found.is_none(),
        Expect::Version(version) => found.is_some_and(|record| record.version == version),
        Expect::Any => true,
    }
}

fn scripted(side: &str) -> StoreError {
    StoreError::Unavailable(format!("scripted {side} the effect").into())
}

fn answered<T>(fault: Option<&Fault>, answer: T) -> Result<T, StoreError> {
    if matches!(fault, Some(Fault::After)) { Err(scripted("after")) } else { Ok(answer) }
}

/// The three requests without a turn for anybody else and without faults, for a host that orders
/// both itself.
impl MemoryStore {
    /// As the port's `read`.
    pub fn read_now(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        let wanted: BTreeSet<&Key> = keys.iter().collect();
        limits::readable(&wanted)?;
        let records = &lock(&self.table).records;
        let found = wanted
            .into_iter()
            .filter_map(|key| Some((key.clone(), Record::clone(records.get(key)?))));
        Ok(found.collect())
    }

    /// As the port's `query`.
    pub fn query_now(&self, query: &Query) -> Result<Page, StoreError> {
        limits::askable(query)?;
        if query::is_empty(query) {
            return Ok(Page::default());
        }
        let table = lock(&self.table);
        Ok(query::page(&table.records, &table.partitions, query))
    }

    /// As the port's `commit`.
    pub fn commit_now(&self, transaction: &Transaction) -> Result<(), CommitError> {
        limits::committable(transaction)?;
        self.apply(transaction)
    }

    /// A record, past the port.
    pub fn peek(&self, key: &Key) -> Option<Record> {
        lock(&self.table).records.get(key).map(|one| Record::clone(one))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        limits::readable(&keys.iter().collect())?;
        let fault = self.enter(Call::Read, &self.reads).await?;
        answered(fault.as_ref(), self.read_now(keys)?)
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        limits::askable(query)?;
        if query::is_empty(query) {
            return Ok(Page::default());
        }
        let fault = self.enter(Call::Query, &self.queries).await?;
        answered(fault.as_ref(), self.query_now(query)?)
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        limits::committable(transaction)?;
        if transaction.actions().is_empty() {
            return Ok(());
        }
        let fault = self.enter(Call::Commit, &self.commits).await?;
        match &fault {
            Some(Fault::Conflict(keys)) => return Err(CommitError::Conflict(keys.clone())),
            Some(Fault::SlipIn(other)) => {
                // His own lost race is his affair; the caller's commit is judged either way.
                let _ = self.apply(other);
            }
            Some(Fault::Before | Fault::After) | None => {}
        }
        self.apply(transaction)?;
        answered(fault.as_ref(), ()).map_err(CommitError::from)
    }
}
