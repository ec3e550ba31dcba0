//! Cal.com in memory, for any number of accounts.
//!
//! It keeps only what Cal.com promises: equal intervals never stand twice, overlapping ones may.

mod human;
mod port;
mod probe;
mod state;
mod subscriptions;

use std::sync::{Arc, Mutex};

use interlock_app::ports::Clock;
use interlock_app::ports::probe::{Seen, Unasked};
use interlock_app::ports::scheduler::{
    Booking, CalAccount, CalUid, EventType, Failure, NewBooking,
};
use interlock_policy::{CalAccountId, EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

use crate::ManualClock;
use crate::script::{Script, lock};
pub use human::HumanBooking;
pub use probe::Sight;
use state::State;

/// Kind of a call, for scripts and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// Free starts.
    Slots,
    /// A new booking.
    Create,
    /// One booking by uid.
    Booking,
    /// A page of bookings.
    Bookings,
    /// An end.
    Cancel,
    /// A move.
    Reschedule,
    /// The kinds of an account.
    EventTypes,
    /// The credential's owner.
    Me,
    /// A page of webhook subscriptions.
    Subscriptions,
    /// A new one.
    Subscribe,
    /// A change of one.
    Resubscribe,
    /// The end of one.
    Unsubscribe,
    /// A look at how it is.
    Look(Sight),
}

#[derive(Debug, Clone)]
enum Fault {
    Before(Failure),
    After(Failure),
    Late(Failure),
}

/// A change somebody asked for.
#[derive(Debug, Clone)]
enum Write {
    Create(CalAccountId, NewBooking),
    Cancel(CalAccountId, CalUid, String),
    Reschedule(CalAccountId, CalUid, Timestamp),
}

/// Bookings of all accounts, with faults to order and hooks to act as a person in Cal.com.
pub struct FakeScheduler {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    faults: Script<Call, Fault>,
    sights: Script<Sight, Result<Seen, Unasked>>,
    calls: Mutex<Vec<Call>>,
    late: Mutex<Vec<Write>>,
}

impl FakeScheduler {
    /// Empty; changes are stamped by the clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
            faults: Script::default(),
            sights: Script::default(),
            calls: Mutex::default(),
            late: Mutex::default(),
        }
    }

    /// A Cal.com with the same bookings, faults and late writes that goes its own way from here,
    /// by a clock of its own.
    #[must_use]
    pub fn fork(&self, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::new(lock(&self.state).clone()),
            faults: self.faults.fork(),
            sights: self.sights.fork(),
            calls: Mutex::new(self.calls()),
            late: Mutex::new(lock(&self.late).clone()),
        }
    }

    /// Adds or replaces a kind of an account.
    pub fn set_event_type(&self, account: &CalAccountId, event_type: EventType) {
        lock(&self.state).set_event_type(account, event_type);
    }

    /// Takes a kind away; its bookings stay and no longer name it.
    pub fn remove_event_type(&self, account: &CalAccountId, id: EventTypeId) {
        lock(&self.state).remove_event_type(account, id);
    }

    /// Opens starts of a kind, beside those already open.
    pub fn offer(
        &self,
        account: &CalAccountId,
        event_type: EventTypeId,
        starts: impl IntoIterator<Item = Timestamp>,
    ) {
        lock(&self.state).offer(account, event_type, starts);
    }

    /// Opens a start of a kind at each step inside `range`; a step below a second opens nothing.
    pub fn offer_each(
        &self,
        account: &CalAccountId,
        event_type: EventTypeId,
        range: Interval,
        step: SignedDuration,
    ) {
        if step < SignedDuration::from_secs(1) {
            return;
        }
        let starts = std::iter::successors(Some(range.start()), |start| {
            start.checked_add(step).ok().filter(|next| *next < range.end())
        });
        self.offer(account, event_type, starts);
    }

    /// Lets bookings overlap unless they are equal, as Cal.com's own check does under a race
    /// (CONTRACT 5.10).
    pub fn let_overlap(&self, overlap: bool) {
        lock(&self.state).overlap = overlap;
    }

    /// The next call of this kind fails and does nothing.
    pub fn fail_before(&self, call: Call, failure: Failure) {
        self.faults.push(call, Fault::Before(failure));
    }

    /// The next call of this kind does its work, and the caller hears of a failure.
    pub fn fail_after(&self, call: Call, failure: Failure) {
        self.faults.push(call, Fault::After(failure));
    }

    /// The next write of this kind fails for the caller and does its work at [`Self::land`].
    pub fn fail_late(&self, call: Call, failure: Failure) {
        self.faults.push(call, Fault::Late(failure));
    }

    /// Does the work of late writes; answers how many had an effect.
    pub fn land(&self) -> usize {
        let writes = std::mem::take(&mut *lock(&self.late));
        let now = self.clock.now();
        let mut state = lock(&self.state);
        writes.iter().filter(|write| state.apply(write, now).is_ok()).count()
    }

    /// Drops every fault not acted out yet.
    pub fn clear_faults(&self) {
        self.faults.clear();
        self.sights.clear();
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    /// How many calls of a kind there were.
    pub fn count(&self, call: Call) -> usize {
        lock(&self.calls).iter().filter(|made| **made == call).count()
    }

    /// Forgets the calls made so far.
    pub fn reset_counts(&self) {
        lock(&self.calls).clear();
    }

    /// Every booking of an account, ended ones included, in order of making; not counted.
    pub fn all(&self, account: &CalAccount) -> Vec<Booking> {
        lock(&self.state).all(&account.id)
    }

    /// The bookings of an account that stand; not counted.
    pub fn live(&self, account: &CalAccount) -> Vec<Booking> {
        self.all(account).into_iter().filter(state::is_live).collect()
    }
}

impl Default for FakeScheduler {
    fn default() -> Self {
        Self::new(Arc::new(ManualClock::default()))
    }
}

impl std::fmt::Debug for FakeScheduler {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FakeScheduler").field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// A kind as the preconditions want it: one host, no step in between, nothing kept free.
pub fn plain_event_type(id: EventTypeId, title: &str, length_minutes: u32) -> EventType {
    EventType {
        id,
        title: title.to_owned(),
        length_minutes,
        requires_confirmation: false,
        has_seats: false,
        recurring: false,
        has_price: false,
        cancelling_disabled: false,
        requires_email_verification: false,
        minimum_notice_minutes: 0,
        before_buffer_minutes: 0,
        after_buffer_minutes: 0,
    }
}
