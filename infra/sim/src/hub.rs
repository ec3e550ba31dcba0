//! What everything in one schedule shares: time, the agenda, both sides, the queue, the checker.
//!
//! Locks are for the ports' bounds alone; one thread plays one schedule.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use interlock_app::ports::scheduler::METADATA_RESERVATION;
use interlock_app::ports::store::{CommitError, Transaction};
use interlock_app::{CallLimit, Hints};
use interlock_calcom_sim::embed::{Desk, Sent};
use interlock_testkit::MemoryStore;
use jiff::Timestamp;

use crate::context::Ctx;
use crate::defects::{self, Defect};
use crate::dice::join;
use crate::faults::{Fault, Mix};
use crate::invariants::{Broken, Calls, Checker};
use crate::play::Violation;
use crate::ports::queue::Messages;

/// Locks what only this thread holds.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Work of an activity.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is due at an instant.
#[derive(Debug)]
pub(crate) enum Due {
    /// A task goes on.
    Wake(usize),
    /// An act of the plan, by its place.
    Act(usize),
    /// A webhook reaches the receiver.
    Hook(Box<Sent>, u64),
    /// A message becomes visible.
    Message(u64),
    /// A client sends its request again.
    Again(Box<crate::client::Wish>, u64),
}

struct Entry {
    at: i64,
    tie: u64,
    due: Due,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.tie) == (other.at, other.tie)
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.tie).cmp(&(other.at, other.tie))
    }
}

/// A task to be begun.
pub(crate) struct Spawn {
    pub(crate) ctx: Arc<Ctx>,
    pub(crate) work: Work,
    /// What the client does if the process dies; `None` for what outlives every caller.
    pub(crate) life: Life,
}

/// How long a task lives.
pub(crate) enum Life {
    /// Cal.com's own work: no crash of ours ends it.
    Immortal,
    /// A function: it may die between two calls and ends after so many microseconds.
    Function(i64),
    /// A function called by a client who may ask again.
    Request(Box<crate::client::Wish>),
}

/// The table as an index may still show it, and the commits it has not seen yet.
#[derive(Default)]
pub(crate) struct Behind {
    pub(crate) replica: Option<MemoryStore>,
    pub(crate) unseen: Vec<(i64, Transaction)>,
}

/// Everything of one schedule.
pub(crate) struct Hub {
    now: AtomicI64,
    agenda: Mutex<BinaryHeap<Reverse<Entry>>>,
    entries: AtomicU64,
    pub(crate) current: AtomicUsize,
    pub(crate) spawns: Mutex<Vec<Spawn>>,
    pub(crate) store: MemoryStore,
    pub(crate) behind: Mutex<Behind>,
    pub(crate) desk: Mutex<Desk>,
    pub(crate) down_until: AtomicI64,
    pub(crate) messages: Mutex<Messages>,
    pub(crate) checker: Mutex<Checker>,
    pub(crate) calls: Mutex<Calls>,
    pub(crate) mix: Mix,
    pub(crate) only: Option<BTreeSet<u64>>,
    pub(crate) calm: AtomicBool,
    pub(crate) hits: Mutex<Vec<(u64, Fault)>>,
    pub(crate) defect: Option<Defect>,
    /// Whether letters are sent in this schedule; in the others they are written only.
    pub(crate) tells: bool,
    pub(crate) hints: Hints,
    pub(crate) steps: AtomicU64,
    digest: AtomicU64,
    violation: Mutex<Option<Violation>>,
    story: Option<Mutex<Vec<String>>>,
}

/// What a hub is made of.
pub(crate) struct Parts {
    pub(crate) start: Timestamp,
    pub(crate) store: MemoryStore,
    pub(crate) desk: Desk,
    pub(crate) checker: Checker,
    pub(crate) mix: Mix,
    pub(crate) only: Option<BTreeSet<u64>>,
    pub(crate) defect: Option<Defect>,
    pub(crate) tells: bool,
    pub(crate) story: bool,
}

impl Hub {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            now: AtomicI64::new(parts.start.as_microsecond()),
            agenda: Mutex::default(),
            entries: AtomicU64::new(0),
            current: AtomicUsize::new(0),
            spawns: Mutex::default(),
            store: parts.store,
            behind: Mutex::default(),
            desk: Mutex::new(parts.desk),
            down_until: AtomicI64::new(i64::MIN),
            messages: Mutex::default(),
            checker: Mutex::new(parts.checker),
            calls: Mutex::default(),
            mix: parts.mix,
            only: parts.only,
            calm: AtomicBool::new(false),
            hits: Mutex::default(),
            defect: parts.defect,
            tells: parts.tells,
            hints: Hints::default(),
            steps: AtomicU64::new(0),
            digest: AtomicU64::new(0),
            violation: Mutex::default(),
            story: parts.story.then(Mutex::default),
        }
    }

    /// Microseconds of true time.
    pub(crate) fn micros(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// True time.
    pub(crate) fn now(&self) -> Timestamp {
        instant(self.micros())
    }

    /// Puts something on the agenda.
    pub(crate) fn at(&self, at: i64, tie: u64, due: Due) {
        let count = self.entries.fetch_add(1, Ordering::Relaxed);
        let tie = join(tie, u64::from_ne_bytes(at.to_ne_bytes())) & !0xffff | (count & 0xffff);
        lock(&self.agenda).push(Reverse(Entry { at: at.max(self.micros()), tie, due }));
    }

    /// Takes what is due next and moves time there; nothing once `until` is reached.
    pub(crate) fn next(&self, until: i64) -> Option<Due> {
        let mut agenda = lock(&self.agenda);
        if agenda.peek().is_none_or(|Reverse(entry)| entry.at > until) {
            return None;
        }
        let Reverse(entry) = agenda.pop()?;
        self.now.store(entry.at.max(self.micros()), Ordering::Relaxed);
        self.steps.fetch_add(1, Ordering::Relaxed);
        self.mark(entry.tie);
        Some(entry.due)
    }

    /// Whether anything is still to come.
    pub(crate) fn has_more(&self) -> bool {
        !lock(&self.agenda).is_empty()
    }

    /// Lets time pass to an instant.
    pub(crate) fn pass(&self, until: i64) {
        self.now.fetch_max(until, Ordering::Relaxed);
    }

    /// Counts something into the digest of the run.
    pub(crate) fn mark(&self, number: u64) {
        let digest = self.digest.load(Ordering::Relaxed);
        self.digest.store(join(digest, number), Ordering::Relaxed);
    }

    pub(crate) fn digest(&self) -> u64 {
        self.digest.load(Ordering::Relaxed)
    }

    /// Notes a fault that was acted out.
    pub(crate) fn hit(&self, mark: u64, fault: Fault) {
        lock(&self.hits).push((mark, fault));
        self.note(|| format!("! {}", fault.word()));
    }

    /// Whether calls to Cal.com are short.
    pub(crate) fn is_scarce(&self) -> bool {
        self.mix.rate(Fault::BudgetScarce) > 0 && !self.is_calm()
    }

    /// Calls to Cal.com that are allowed in any 60 seconds; few where the schedule has them few.
    pub(crate) fn limit(&self) -> CallLimit {
        let calls = match self.mix.rate(Fault::BudgetScarce) {
            _ if !self.is_scarce() => 100,
            0..=1000 => 40,
            1001..=2000 => 20,
            2001.. => CallLimit::LEAST,
        };
        CallLimit::per_minute(calls)
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }

    /// Writes a line of the story, if one is kept; it ends with what broke.
    pub(crate) fn note(&self, line: impl FnOnce() -> String) {
        if let Some(story) = self.story.as_ref().filter(|_| !self.is_broken()) {
            lock(story).push(format!("{} {}", self.now(), line()));
        }
    }

    pub(crate) fn story(&self) -> Vec<String> {
        self.story.as_ref().map(|story| lock(story).clone()).unwrap_or_default()
    }

    /// Notes a broken promise; the first one counts.
    pub(crate) fn violate(&self, promise: &'static str, detail: String) {
        self.note(|| format!("VIOLATION {promise}: {detail}"));
        let mut violation = lock(&self.violation);
        if violation.is_none() {
            *violation = Some(Violation { promise, detail });
        }
    }

    pub(crate) fn violation(&self) -> Option<Violation> {
        lock(&self.violation).clone()
    }

    pub(crate) fn is_broken(&self) -> bool {
        lock(&self.violation).is_some()
    }

    /// Begins a task.
    pub(crate) fn spawn(&self, ctx: Arc<Ctx>, life: Life, work: Work) {
        lock(&self.spawns).push(Spawn { ctx, work, life });
    }

    /// Commits, and holds the promises of every step against what was written.
    pub(crate) fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let sabotaged = self.defect.map(|_| defects::table::spoilt(self, transaction));
        let transaction = sabotaged.as_ref().unwrap_or(transaction);
        self.store.commit_now(transaction)?;
        if self.mix.rate(Fault::StaleIndex) > 0 && !self.is_calm() {
            lock(&self.behind).unseen.push((self.micros(), transaction.clone()));
        }
        let ends = lock(&self.checker).gives_back(transaction);
        let rows = if ends { lock(&self.desk).rows(METADATA_RESERVATION) } else { Vec::new() };
        let broken = lock(&self.checker).committed(transaction, &rows, self.now());
        self.judge(broken);
        Ok(())
    }

    /// Takes in what was found broken, if anything was.
    pub(crate) fn judge(&self, found: Option<Broken>) {
        if let Some((promise, detail)) = found {
            self.violate(promise, detail);
        }
    }

    pub(crate) fn is_down(&self) -> bool {
        !self.is_calm() && self.micros() < self.down_until.load(Ordering::Relaxed)
    }
}

/// The instant of so many microseconds.
pub(crate) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}
