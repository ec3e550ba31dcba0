//! A table that fails as the real one may and no emulator does.
//!
//! It wraps any other and adds only what a caller must bear of DynamoDB: throttling, answers
//! lost, commits that come late, transactions in each other's way, indexes that lag.
//! Its seed decides everything: the same calls in the same order meet the same faults.

mod history;
mod rates;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use interlock_app::ports::store::{
    Action, CommitError, Expect, Key, Page, Query, Record, StoreError, Transaction,
};
use interlock_app::ports::{Clock, Store};

pub use self::rates::{Acted, Faults, Lag};

use self::history::History;
use self::rates::Kind;
use super::query;
use crate::draws::Draws;
use crate::script::lock;

/// Most calls that may come between a late commit and the answer its caller lost.
const LATEST: u64 = 4;
/// Records asked for at a time when an index is read whole.
const WHOLE: u32 = 200;

/// A commit that is still under way while its caller has given up.
#[derive(Debug)]
struct Late {
    calls: u64,
    transaction: Transaction,
}

/// Any table behind faults; requests it makes itself to know the past are counted by the table
/// inside like all others.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    draws: Draws,
    faults: Mutex<Faults>,
    acted: Mutex<Acted>,
    late: Mutex<Vec<Late>>,
    history: tokio::sync::Mutex<History>,
}

impl fmt::Debug for FaultyStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let acted = self.acted();
        formatter.debug_struct("FaultyStore").field("acted", &acted).finish_non_exhaustive()
    }
}

impl FaultyStore {
    /// Over another table; the clock only measures a lag given as time.
    pub fn new(inner: Arc<dyn Store>, clock: Arc<dyn Clock>, seed: u64, faults: Faults) -> Self {
        Self {
            inner,
            clock,
            draws: Draws::new(seed),
            faults: Mutex::new(faults),
            acted: Mutex::default(),
            late: Mutex::default(),
            history: tokio::sync::Mutex::default(),
        }
    }

    /// Other rates from now on; commits under way stay so.
    pub fn set(&self, faults: Faults) {
        *lock(&self.faults) = faults;
    }

    /// No fault from now on, and every index caught up; commits under way stay so.
    pub fn calm(&self) {
        self.set(Faults::default());
    }

    /// Lets every commit under way arrive.
    pub async fn settle(&self) {
        let all = std::mem::take(&mut *lock(&self.late));
        for late in all {
            self.arrive(&late.transaction).await;
        }
    }

    /// How often each fault made a difference so far.
    pub fn acted(&self) -> Acted {
        *lock(&self.acted)
    }

    /// Lets late commits come closer and arrive.
    async fn pass(&self) {
        let due: Vec<Late> = {
            let mut late = lock(&self.late);
            late.iter_mut().for_each(|one| one.calls = one.calls.saturating_sub(1));
            late.extract_if(.., |one| one.calls == 0).collect()
        };
        for late in due {
            self.arrive(&late.transaction).await;
        }
    }

    /// Nobody hears how a late commit ends; its conditions are judged when it arrives.
    async fn arrive(&self, transaction: &Transaction) {
        let _ = self.write(transaction).await;
    }

    /// The fault this call meets, at most one.
    fn meet(&self, kinds: &[Kind]) -> Option<Kind> {
        let faults = *lock(&self.faults);
        let mut at = self.draws.below(1000);
        for kind in kinds {
            let rate = u64::from(faults.rate(*kind));
            if at < rate {
                return Some(*kind);
            }
            at -= rate;
        }
        None
    }

    fn count(&self, kind: Kind) {
        lock(&self.acted).add(kind);
    }

    fn unavailable(&self, kind: Kind) -> StoreError {
        self.count(kind);
        StoreError::Unavailable(kind.words().into())
    }

    /// Commits and remembers what was there, as long as an index may lag.
    async fn write(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let lag = lock(&self.faults).lag;
        if lag == Lag::Writes(0) {
            // A past with a hole would be none.
            self.history.lock().await.clear();
            return self.inner.commit(transaction).await;
        }
        // Held over both requests: what is remembered is what this commit wrote over.
        let mut history = self.history.lock().await;
        let keys = written(transaction);
        let mut before = self.inner.read(&keys).await?;
        let answer = self.inner.commit(transaction).await;
        let wrote = matches!(answer, Ok(()) | Err(CommitError::Store(StoreError::Unavailable(_))));
        if wrote {
            let now = self.clock.now();
            for key in keys {
                let record = before.remove(&key);
                history.remember(now, key, record);
            }
            history.forget(lag, now);
        }
        answer
    }

    /// A page of an index that has not heard of the newest writes; the present one if nothing
    /// new concerns it.
    async fn stale(&self, query: &Query) -> Result<Page, StoreError> {
        let faults = *lock(&self.faults);
        let mut history = self.history.lock().await;
        history.forget(faults.lag, self.clock.now());
        let mut records = self.whole(query).await?;
        let fresh = query::scan(&records, query);
        for (key, past) in history.past(faults.torn, &self.draws) {
            match past {
                Some(record) => records.insert(key, record),
                None => records.remove(&key),
            };
        }
        let page = query::scan(&records, query);
        if page != fresh {
            self.count(Kind::Stale);
        }
        Ok(page)
    }

    /// Everything a query would give page by page.
    async fn whole(&self, query: &Query) -> Result<BTreeMap<Key, Record>, StoreError> {
        let mut query = Query { after: None, limit: WHOLE, ..query.clone() };
        let mut records = BTreeMap::new();
        loop {
            let page = self.inner.query(&query).await?;
            records.extend(page.records.into_iter().map(|record| (record.key.clone(), record)));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(records),
            }
        }
    }

    /// One of the keys on which another transaction may be at work; a key of which nothing is
    /// demanded is none.
    fn contested(&self, transaction: &Transaction) -> Vec<Key> {
        let keys: Vec<&Key> =
            transaction.actions().iter().filter(|action| says(action)).map(Action::key).collect();
        let at = self.draws.below(u64::try_from(keys.len()).unwrap_or(u64::MAX));
        let key = usize::try_from(at).ok().and_then(|at| keys.get(at).copied());
        key.cloned().into_iter().collect()
    }
}

fn says(action: &Action) -> bool {
    match action {
        Action::Put { .. } | Action::Delete { .. } => true,
        Action::Check { expect, .. } => *expect != Expect::Any,
    }
}

fn written(transaction: &Transaction) -> Vec<Key> {
    let keys = transaction.actions().iter().filter_map(|action| match action {
        Action::Put { .. } | Action::Delete { .. } => Some(action.key().clone()),
        Action::Check { .. } => None,
    });
    keys.collect()
}

#[async_trait]
impl Store for FaultyStore {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        if keys.is_empty() {
            return self.inner.read(keys).await;
        }
        self.pass().await;
        match self.meet(&[Kind::Throttled, Kind::Lost]) {
            Some(kind) => Err(self.unavailable(kind)),
            None => self.inner.read(keys).await,
        }
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        if query::is_empty(query) {
            return self.inner.query(query).await;
        }
        self.pass().await;
        let index: &[Kind] = &[Kind::Throttled, Kind::Lost, Kind::Stale];
        let table: &[Kind] = &[Kind::Throttled, Kind::Lost];
        match self.meet(if query.index.is_some() { index } else { table }) {
            Some(Kind::Stale) => self.stale(query).await,
            Some(kind @ (Kind::Throttled | Kind::Lost | Kind::Late | Kind::Conflict)) => {
                Err(self.unavailable(kind))
            }
            None => self.inner.query(query).await,
        }
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        if !transaction.actions().iter().any(says) {
            return self.inner.commit(transaction).await;
        }
        self.pass().await;
        match self.meet(&[Kind::Throttled, Kind::Lost, Kind::Late, Kind::Conflict]) {
            Some(kind @ (Kind::Throttled | Kind::Stale)) => Err(self.unavailable(kind).into()),
            Some(Kind::Lost) => {
                // A defect of the caller is no answer of the table, so it is not lost either.
                match self.write(transaction).await {
                    Err(error @ CommitError::Store(StoreError::Corrupt { .. })) => Err(error),
                    Ok(()) | Err(_) => Err(self.unavailable(Kind::Lost).into()),
                }
            }
            Some(Kind::Late) => {
                let calls = 1 + self.draws.below(LATEST);
                lock(&self.late).push(Late { calls, transaction: transaction.clone() });
                Err(self.unavailable(Kind::Late).into())
            }
            Some(Kind::Conflict) => {
                self.count(Kind::Conflict);
                Err(CommitError::Conflict(self.contested(transaction)))
            }
            None => self.write(transaction).await,
        }
    }
}
