//! Every call to Cal.com is taken from one budget that all functions share (promise R18).
//!
//! A call that cannot be counted is not made (docs/adr/0011).

mod limit;
mod probe;
mod scheduler;
mod subscriptions;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

pub use limit::CallLimit;
use limit::{Ask, Given};
pub use scheduler::Budgeted;

use crate::Snapshot;
use crate::model::CallBudget;
use crate::ports::scheduler::{CalAccount, Failure, SchedulerError, Urgency};
use crate::ports::store::{CommitError, Transaction};
use crate::ports::{Clock, Ids, Pause, Store};

/// How often a lost race for the budget is run again.
const MOST_RACES: u32 = 12;
/// How soon to come back when the table did not serve.
const TABLE_DOWN: SignedDuration = SignedDuration::from_secs(2);

/// The budget as one process sees it. A process asks for one thing at a time, as Lambda has it;
/// two at once would count spare calls twice, which is too careful and never too much.
pub struct Budget {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    pause: Arc<dyn Pause>,
    limit: CallLimit,
    process: String,
    kept: Mutex<BTreeMap<String, Kept>>,
}

/// What a process knows of a tracker without asking.
#[derive(Debug, Clone, Copy)]
struct Kept {
    spare: u32,
    until: Timestamp,
}

impl Budget {
    /// The share of a process that has no calls yet.
    pub fn new(
        (store, clock): (Arc<dyn Store>, Arc<dyn Clock>),
        (ids, pause): (&dyn Ids, Arc<dyn Pause>),
        limit: CallLimit,
    ) -> Self {
        let [first, second, third, fourth, ..] = ids.random();
        let process = hex::encode([first, second, third, fourth]);
        Self { store, clock, pause, limit, process, kept: Mutex::default() }
    }

    /// Takes a call; waits for it as long as the urgency allows. `RateLimited` means that nothing
    /// was sent, and says when to come back.
    async fn take(&self, account: &CalAccount, urgency: Urgency) -> Result<(), SchedulerError> {
        self.take_within(&CallBudget::tracker_of(account), urgency, patience(urgency)).await
    }

    /// The same of a tracker, with a patience of the caller's choice.
    async fn take_within(
        &self,
        tracker: &str,
        urgency: Urgency,
        mut patience: SignedDuration,
    ) -> Result<(), SchedulerError> {
        loop {
            if self.take_spare(tracker) {
                return Ok(());
            }
            let wait = match self.ask(tracker, urgency).await? {
                Given::Call { .. } => return Ok(()),
                Given::Wait(wait) => wait,
            };
            if wait > patience {
                return Err(refused(wait));
            }
            patience -= wait;
            self.pause.pause(wait).await;
        }
    }

    fn take_spare(&self, tracker: &str) -> bool {
        let now = self.clock.now();
        match self.kept().get_mut(tracker) {
            Some(kept) if kept.spare > 0 && now < kept.until => {
                kept.spare -= 1;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Asks the table once; a lost race is run again.
    async fn ask(&self, tracker: &str, urgency: Urgency) -> Result<Given, SchedulerError> {
        for _ in 0..MOST_RACES {
            let (mut budget, read) = self.read(tracker).await?;
            let now = self.clock.now();
            let left = self.left(tracker, now);
            let ask = Ask { process: &self.process, urgency, left, now };
            let given = self.limit.take(&mut budget, &ask);
            let Given::Call { spare, until } = given else { return Ok(given) };
            if self.write(&budget, read).await? {
                let used = self.limit.used(&budget);
                tracing::info!(target: "metric", CalcomBudgetPercent = used, "calls were taken");
                self.kept().insert(tracker.to_owned(), Kept { spare: left + spare, until });
                return Ok(given);
            }
        }
        Err(refused(SignedDuration::from_secs(1)))
    }

    fn left(&self, tracker: &str, now: Timestamp) -> u32 {
        self.kept().get(tracker).filter(|kept| now < kept.until).map_or(0, |kept| kept.spare)
    }

    /// Remembers that Cal.com blocks, for everybody. Where the table does not serve, this process
    /// alone loses its spare calls, and the next one to call hears the same of Cal.com.
    async fn blocked(&self, tracker: &str) {
        self.kept().remove(tracker);
        for _ in 0..MOST_RACES {
            let Ok((mut budget, read)) = self.read(tracker).await else { return };
            limit::block(&mut budget, self.clock.now());
            match self.write(&budget, read).await {
                Ok(true) => {
                    tracing::warn!(tracker, "cal.com refuses calls, the less urgent waits");
                    return;
                }
                Ok(false) => {}
                Err(_) => return,
            }
        }
    }

    async fn read(&self, tracker: &str) -> Result<(CallBudget, Option<u64>), SchedulerError> {
        let key = CallBudget::key_of(tracker);
        let read = async {
            let snapshot = Snapshot::read(self.store.as_ref(), std::slice::from_ref(&key)).await?;
            Ok::<_, crate::AppError>(snapshot.get::<CallBudget>(&key)?)
        };
        match read.await {
            Ok(Some(stored)) => Ok((stored.value, Some(stored.version))),
            Ok(None) => Ok((CallBudget::unused(tracker.to_owned()), None)),
            Err(error) => Err(uncounted(&error)),
        }
    }

    /// Whether it was written; `false` is a lost race.
    async fn write(&self, budget: &CallBudget, read: Option<u64>) -> Result<bool, SchedulerError> {
        let transaction =
            Transaction::new().save(budget, read).map_err(|error| uncounted(&error))?;
        match self.store.commit(&transaction).await {
            Ok(()) => Ok(true),
            Err(CommitError::Conflict(_)) => Ok(false),
            Err(CommitError::Store(error)) => Err(uncounted(&error)),
        }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longest time spent waiting for a call, well inside the time a function has.
fn patience(urgency: Urgency) -> SignedDuration {
    SignedDuration::from_secs(match urgency {
        Urgency::User | Urgency::Cancel => 2,
        Urgency::Sync => 3,
        Urgency::Reconcile => 30,
    })
}

fn refused(retry_after: SignedDuration) -> SchedulerError {
    let whole = retry_after.as_secs().saturating_add(1);
    SchedulerError {
        retry_after: Some(SignedDuration::from_secs(whole)),
        ..SchedulerError::of(Failure::RateLimited)
    }
}

/// A call that cannot be counted is not made: nothing was sent, and what is asked next needs the
/// table as well (promise R27).
fn uncounted(error: &dyn std::error::Error) -> SchedulerError {
    tracing::warn!(%error, "a call to cal.com could not be counted and is not made");
    refused(TABLE_DOWN)
}
