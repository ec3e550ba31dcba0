//! Ports for a dry run: what is read is real, what is written or called stays in memory.
//!
//! The production code runs over them unchanged, so a dry run cannot decide otherwise than the
//! real one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use interlock_policy::{EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

use crate::App;
use crate::ports::scheduler::{
    Booking, BookingFilter, BookingStatus, CalAccount, CalUid, EventType, Failure, NewBooking,
    SchedulerError,
};
use crate::ports::store::{
    Action, CommitError, Expect, Key, Page, Query, Record, StoreError, Transaction,
};
use crate::ports::{Queue, QueueError, QueueName, Scheduler, Store};

/// A call to Cal.com that would be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Withheld {
    /// An end.
    Cancel,
    /// A move; what follows depends on Cal.com's answer, so the dry run stops there.
    Reschedule,
    /// A booking; no delivery leads to one.
    Create,
}

#[derive(Default)]
struct Memory {
    written: BTreeMap<Key, Option<Record>>,
    calls: Vec<Withheld>,
    ended: BTreeSet<String>,
}

/// The real ports with a memory before them.
pub(super) struct Overlay {
    real: App,
    memory: Arc<Mutex<Memory>>,
}

impl Overlay {
    pub(super) fn over(app: &App) -> Self {
        Self { real: app.clone(), memory: Arc::default() }
    }

    /// The app that changes nothing.
    pub(super) fn app(&self) -> App {
        let (real, memory) = (self.real.clone(), self.memory.clone());
        let port = || Port { real: real.clone(), memory: memory.clone() };
        App {
            store: Arc::new(port()),
            scheduler: Arc::new(port()),
            queue: Arc::new(port()),
            ..real.clone()
        }
    }

    /// Records of a kind that would be written, as they would be.
    pub(super) fn written(&self, kind: &str) -> Vec<Record> {
        let memory = lock(&self.memory);
        memory.written.values().flatten().filter(|record| record.kind == kind).cloned().collect()
    }

    /// Calls that would be made, in order.
    pub(super) fn calls(&self) -> Vec<Withheld> {
        lock(&self.memory).calls.clone()
    }
}

struct Port {
    real: App,
    memory: Arc<Mutex<Memory>>,
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Port {
    fn withheld(&self, call: Withheld, failure: Failure) -> SchedulerError {
        lock(&self.memory).calls.push(call);
        SchedulerError::of(failure)
    }

    /// As Cal.com would tell of it after the calls withheld so far.
    fn told(&self, booking: Booking) -> Booking {
        let ended = lock(&self.memory).ended.contains(&booking.uid.0);
        let status = if ended { BookingStatus::Cancelled } else { booking.status.clone() };
        Booking { status, ..booking }
    }
}

#[async_trait]
impl Store for Port {
    async fn read(&self, keys: &[Key]) -> Result<BTreeMap<Key, Record>, StoreError> {
        let mut found = self.real.store.read(keys).await?;
        let memory = lock(&self.memory);
        for key in keys {
            match memory.written.get(key) {
                Some(Some(record)) => {
                    found.insert(key.clone(), record.clone());
                }
                Some(None) => {
                    found.remove(key);
                }
                None => {}
            }
        }
        Ok(found)
    }

    /// Only settings are asked for by query on this way, and no delivery changes those.
    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        self.real.store.query(query).await
    }

    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let keys: Vec<Key> = transaction.actions().iter().map(|one| one.key().clone()).collect();
        let present = self.read(&keys).await?;
        let holds = |key: &Key, expect: &Expect| match expect {
            Expect::Any => true,
            Expect::Absent => !present.contains_key(key),
            Expect::Version(version) => {
                present.get(key).is_some_and(|record| record.version == *version)
            }
        };
        let mut failed = Vec::new();
        let mut written = BTreeMap::new();
        for action in transaction.actions() {
            let (key, expect, after) = match action {
                Action::Put { record, expect } => (&record.key, expect, Some(Some(record))),
                Action::Delete { key, expect } => (key, expect, Some(None)),
                Action::Check { key, expect } => (key, expect, None),
            };
            if !holds(key, expect) {
                failed.push(key.clone());
            }
            if let Some(after) = after {
                written.insert(key.clone(), after.map(|record| record.as_ref().clone()));
            }
        }
        if !failed.is_empty() {
            return Err(CommitError::Conflict(failed));
        }
        lock(&self.memory).written.extend(written);
        Ok(())
    }
}

#[async_trait]
impl Scheduler for Port {
    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError> {
        self.real.scheduler.slots(account, event_type, range).await
    }

    async fn create(&self, _: &CalAccount, _: &NewBooking) -> Result<Booking, SchedulerError> {
        Err(self.withheld(Withheld::Create, Failure::NotConnected))
    }

    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError> {
        let booking = self.real.scheduler.booking(account, uid).await?;
        Ok(booking.map(|booking| self.told(booking)))
    }

    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError> {
        let bookings = self.real.scheduler.bookings(account, filter).await?;
        Ok(bookings.into_iter().map(|booking| self.told(booking)).collect())
    }

    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        _: &str,
    ) -> Result<Booking, SchedulerError> {
        let booking = self.real.scheduler.booking(account, uid).await?;
        let error = self.withheld(Withheld::Cancel, Failure::NotFound);
        lock(&self.memory).ended.insert(uid.0.clone());
        booking.map(|booking| self.told(booking)).ok_or(error)
    }

    async fn reschedule(
        &self,
        _: &CalAccount,
        _: &CalUid,
        _: Timestamp,
        _: &str,
    ) -> Result<Booking, SchedulerError> {
        Err(self.withheld(Withheld::Reschedule, Failure::UnknownOutcome))
    }

    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError> {
        self.real.scheduler.event_types(account).await
    }

    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError> {
        self.real.scheduler.me(account).await
    }
}

#[async_trait]
impl Queue for Port {
    async fn send(&self, _: QueueName, _: &str, _: SignedDuration) -> Result<(), QueueError> {
        Ok(())
    }
}
