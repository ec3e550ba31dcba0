//! The table with what the emulators lack: conflicts, throttling, lost answers, stale indexes.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::model::CallBudget;
use interlock_app::ports::store::{
    Action, CommitError, Document, Key, Page, Query, Record, StoreError, Transaction,
};
use interlock_app::ports::{Store, Tally};
use interlock_testkit::MemoryStore;

use crate::context::Ctx;
use crate::defects;
use crate::faults::Fault;
use crate::hub::{Behind, lock};

/// Most an index lags behind, in microseconds.
const MOST_LAG: i64 = 5_000_000;

/// The table as one activity reaches it.
pub(crate) struct SimStore(Arc<Ctx>);

impl SimStore {
    pub(crate) fn new(ctx: &Arc<Ctx>) -> Self {
        Self(ctx.clone())
    }

    async fn enter(&self) -> Result<(), StoreError> {
        self.0.wait(1_000, 9_000).await;
        if self.0.fault(Fault::Throttled) {
            self.0.is_excused();
            return Err(unavailable("throttled"));
        }
        Ok(())
    }

    /// The budget of calls where what is to be committed gives one out.
    fn given_out(&self, transaction: &Transaction) -> Option<CallBudget> {
        let after = written::<CallBudget>(transaction)?;
        self.0.takes_a_call();
        let before = self.0.hub.store.peek(&after.key());
        let before = before.and_then(|record| record.decode::<CallBudget>().ok());
        let arrival = before.map_or(0, |before| before.value.arrival);
        (after.arrival > arrival).then_some(after)
    }

    fn given(&self, budget: &CallBudget) {
        let hub = &self.0.hub;
        let now = (hub.micros(), hub.now());
        let broken = lock(&hub.calls).given(budget, self.0.urgency(), now);
        hub.judge(broken);
    }

    /// A page as an index shows it that has not caught up yet.
    fn stale(&self, query: &Query) -> Result<Page, StoreError> {
        let lag = self.0.range(1, MOST_LAG);
        let mut behind = lock(&self.0.hub.behind);
        let Behind { replica, unseen } = &mut *behind;
        let Some(replica) = replica else { return self.0.hub.store.query_now(query) };
        let horizon = self.0.hub.micros() - lag;
        let seen = unseen.partition_point(|(at, _)| *at <= horizon);
        for (_, transaction) in unseen.drain(..seen) {
            // It committed on the table, so it commits here, in the same order.
            let _ = replica.commit_now(&transaction);
        }
        replica.query_now(query)
    }
}

/// The document of a kind that a transaction writes.
pub(crate) fn written<T: Document>(transaction: &Transaction) -> Option<T> {
    transaction.actions().iter().find_map(|action| match action {
        Action::Put { record, .. } if record.kind == T::KIND => {
            record.decode::<T>().ok().map(|stored| stored.value)
        }
        Action::Put { .. } | Action::Delete { .. } | Action::Check { .. } => None,
    })
}

fn unavailable(why: &str) -> StoreError {
    StoreError::Unavailable(why.into())
}

/// The table an index lags behind from, when a schedule has stale indexes at all.
pub(crate) fn replica(store: &MemoryStore) -> MemoryStore {
    store.fork()
}

#[async_trait]
impl Store for SimStore {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        self.enter().await?;
        if keys.iter().any(|key| key.partition.starts_with("BUDGET#")) {
            self.0.hears_of_the_budget();
        }
        let records = self.0.hub.store.read_now(keys)?;
        Ok(defects::table::misread(&self.0.hub, records))
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        self.enter().await?;
        let page = if query.index.is_some() && self.0.fault(Fault::StaleIndex) {
            self.stale(query)?
        } else {
            self.0.hub.store.query_now(query)?
        };
        Ok(defects::table::overlooked(&self.0.hub, query, page))
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        self.enter().await?;
        let beaten = self.0.fault(Fault::TableConflict);
        let lost = self.0.fault(Fault::CommitLost);
        let given = self.given_out(transaction);
        let done = if beaten {
            let keys = transaction.actions().iter().take(1).map(|action| action.key().clone());
            Err(CommitError::Conflict(keys.collect()))
        } else {
            self.0.hub.commit(transaction)
        };
        if let Some(budget) = given.filter(|_| done.is_ok()) {
            self.given(&budget);
        }
        let done = defects::table::pretended(&self.0.hub, done);
        self.0.wait(500, 4_000).await;
        if lost && done.is_ok() {
            self.0.is_excused();
            return Err(unavailable("the answer was lost").into());
        }
        done
    }
}

#[async_trait]
impl Tally for SimStore {
    async fn add(&self, record: &Record, counts: &[&str]) -> Result<(), StoreError> {
        self.enter().await?;
        self.0.hub.store.add_now(record, counts)
    }
}
