//! One activity: a request, a delivery, a job, on an instance with a clock of its own.
//!
//! Its chance depends on where it comes from and on how much it drew, and on nothing that others
//! do; so a schedule stays itself when a part of it is taken away.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use interlock_app::ports::scheduler::Urgency;
use jiff::Timestamp;

use crate::dice::join;
use crate::faults::Fault;
use crate::hub::{Due, Hub, instant, lock};

/// An activity.
pub(crate) struct Ctx {
    pub(crate) hub: Arc<Hub>,
    pub(crate) lineage: u64,
    drawn: AtomicU64,
    skew: i64,
    calling: Mutex<Calling>,
}

/// How an activity stands with the budget of calls.
#[derive(Debug, Clone, Copy)]
struct Calling {
    urgency: Urgency,
    /// When it first heard that the budget has no call for it, for the call it asks for.
    since: Option<i64>,
    /// Whether it made the call, or the table failed it: then it was not the budget.
    excused: bool,
}

impl Default for Calling {
    fn default() -> Self {
        Self { urgency: Urgency::User, since: None, excused: false }
    }
}

/// Largest difference of an instance's clock from true time, in microseconds.
const MOST_SKEW: i64 = 300_000_000;
/// A difference from which on it counts as a fault.
const NOTABLE_SKEW: i64 = 60_000_000;

impl Ctx {
    /// An activity that begins, with the clock of its instance.
    pub(crate) fn new(hub: &Arc<Hub>, lineage: u64) -> Arc<Self> {
        let drawn = AtomicU64::new(0);
        let calling = Mutex::default();
        let plain = Self { hub: hub.clone(), lineage, drawn, skew: 0, calling };
        let skew = if plain.fault(Fault::ClockSkew) {
            let sign = if plain.range(0, 2) == 0 { -1 } else { 1 };
            sign * plain.range(NOTABLE_SKEW, MOST_SKEW + 1)
        } else {
            0
        };
        Arc::new(Self { skew, ..plain })
    }

    /// For whom it calls Cal.com.
    pub(crate) fn works_for(&self, urgency: Urgency) {
        lock(&self.calling).urgency = urgency;
    }

    /// For whom it calls Cal.com.
    pub(crate) fn urgency(&self) -> Urgency {
        lock(&self.calling).urgency
    }

    /// It asks for a call.
    pub(crate) fn asks(&self) {
        let mut calling = lock(&self.calling);
        *calling = Calling { urgency: calling.urgency, ..Calling::default() };
    }

    /// It hears how full the budget is.
    pub(crate) fn hears_of_the_budget(&self) {
        lock(&self.calling).since.get_or_insert(self.hub.micros());
    }

    /// It was not refused: it writes down that it takes a call. Should another be ahead of it, what
    /// it heard is out of date, and who is less urgent may have been given what was free by then.
    pub(crate) fn takes_a_call(&self) {
        lock(&self.calling).since = None;
    }

    /// It makes its call, or cannot ask for it.
    pub(crate) fn is_excused(&self) {
        lock(&self.calling).excused = true;
    }

    /// When a person's request asked that the budget refused a call.
    pub(crate) fn was_refused(&self) -> Option<i64> {
        let calling = *lock(&self.calling);
        calling.since.filter(|_| calling.urgency == Urgency::User && !calling.excused)
    }

    /// Something that this activity sets off.
    pub(crate) fn child(&self) -> Arc<Self> {
        Self::new(&self.hub, self.number())
    }

    /// Any number.
    pub(crate) fn number(&self) -> u64 {
        join(self.lineage, self.drawn.fetch_add(1, Ordering::Relaxed))
    }

    /// A number from `low` up to but not `high`.
    pub(crate) fn range(&self, low: i64, high: i64) -> i64 {
        let width = u64::try_from((high - low).max(1)).unwrap_or(1);
        low + i64::try_from(self.number() % width).unwrap_or(0)
    }

    /// Whether a fault happens here; noted if it does.
    pub(crate) fn fault(&self, fault: Fault) -> bool {
        let mark = join(self.number(), fault as u64);
        if self.hub.is_calm() {
            return false;
        }
        let hit = match &self.hub.only {
            Some(only) => only.contains(&mark),
            None => mark % 10_000 < u64::from(self.hub.mix.rate(fault)),
        };
        if hit {
            self.hub.hit(mark, fault);
        }
        hit
    }

    /// Now, by this instance's clock.
    pub(crate) fn now(&self) -> Timestamp {
        let skew = if self.hub.is_calm() { 0 } else { self.skew };
        instant(self.hub.micros() + skew)
    }

    /// Waits for so many microseconds.
    pub(crate) fn sleep(&self, micros: i64) -> Sleep {
        let until = self.hub.micros() + micros;
        Sleep { hub: self.hub.clone(), until, tie: self.number(), set: false }
    }

    /// Waits for a while drawn from a range.
    pub(crate) fn wait(&self, low: i64, high: i64) -> Sleep {
        self.sleep(self.range(low, high))
    }
}

/// A wait of a task.
pub(crate) struct Sleep {
    hub: Arc<Hub>,
    until: i64,
    tie: u64,
    set: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.hub.micros() >= self.until {
            return Poll::Ready(());
        }
        if !self.set {
            self.set = true;
            let task = self.hub.current.load(Ordering::Relaxed);
            self.hub.at(self.until, self.tie, Due::Wake(task));
        }
        Poll::Pending
    }
}
