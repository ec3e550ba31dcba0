//! What a queue hands out, and what is remembered while one batch is worked.
//!
//! A batch lives for one invocation: everything in it was sent before its first look at Cal.com,
//! so a look made for one of its deliveries is new enough for the others (RELIABILITY 3.4).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use interlock_policy::ReservationId;

use crate::Settled;
use crate::ports::scheduler::CalUid;

/// How often a message is handed out before it is set aside among the dead letters; `cargo xtask
/// tidy` holds `infra/api.yaml` to it.
pub const MOST_RECEIVES: u32 = 6;

/// A message as a queue hands it out.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its body.
    pub body: String,
    /// How often it was handed out, this time included.
    pub receives: u32,
    /// What is remembered of the batch it came in.
    pub batch: Batch,
}

impl Received {
    /// A message handed out for the first time, alone.
    pub fn first(body: impl Into<String>) -> Self {
        Self { body: body.into(), receives: 1, batch: Batch::default() }
    }

    /// Whether it goes to the dead letters if this try fails.
    pub fn is_last(&self) -> bool {
        self.receives >= MOST_RECEIVES
    }
}

/// Why a message was given up without an answer of its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The handler panicked.
    Panicked,
    /// It ran until the invocation had to end.
    OutOfTime,
    /// The invocation had to end before it could begin.
    NotBegun,
}

impl Lost {
    /// Whether its handling ended it, and not a want of time that others used up.
    pub(super) fn is_its_own_fault(self) -> bool {
        match self {
            Self::Panicked | Self::OutOfTime => true,
            Self::NotBegun => false,
        }
    }

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Panicked => "panicked",
            Self::OutOfTime => "out_of_time",
            Self::NotBegun => "not_begun",
        }
    }
}

/// Looks made for the deliveries of one batch.
#[derive(Debug, Clone, Default)]
pub struct Batch(Arc<Mutex<Vec<Look>>>);

#[derive(Debug, Clone)]
struct Look {
    id: ReservationId,
    uids: BTreeSet<String>,
    settled: Arc<Settled>,
}

impl Batch {
    /// How the reservation was left by an earlier look of this batch that followed all these uids.
    pub(super) fn seen(&self, id: &ReservationId, uids: &[CalUid]) -> Option<Arc<Settled>> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let covers =
            |look: &&Look| look.id == *id && uids.iter().all(|uid| look.uids.contains(&uid.0));
        looks.iter().rfind(covers).map(|look| look.settled.clone())
    }

    /// Remembers a look.
    pub(super) fn note(&self, id: &ReservationId, uids: &[CalUid], settled: &Arc<Settled>) {
        let uids = uids.iter().map(|uid| uid.0.clone()).collect();
        let look = Look { id: id.clone(), uids, settled: settled.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(look);
    }
}
