//! When a module counts as watched (FEATURES 5.4 rule 8).
//!
//! Invariant: completing takes at least the covered length divided by the credited rate in server
//! time (R22), and what was completed once stays so within its version.

use jiff::{SignedDuration, Timestamp};

use crate::interval::Interval;
use crate::progress::progress;
use crate::units::{BasisPoints, Millis};
use crate::viewing::{Ground, Note};
use crate::watch::Watch;

/// Whether a module is completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completion {
    /// It is.
    Complete {
        /// Since when.
        at: Timestamp,
    },
    /// Something is missing.
    Incomplete {
        /// All of it at once.
        shortfalls: Vec<Shortfall>,
        /// Where to watch on.
        gaps: Vec<Interval>,
    },
}

impl Completion {
    /// Whether it is completed.
    pub const fn is_complete(&self) -> bool {
        matches!(self, Self::Complete { .. })
    }
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// The watch is of another version.
    OtherVersion {
        /// The version in force.
        current: u32,
    },
    /// Too small a share is covered.
    Coverage {
        /// The share that is.
        share: BasisPoints,
        /// The share that is needed.
        required: BasisPoints,
        /// How much more has to be watched.
        missing: Millis,
    },
    /// One stretch left out is too long.
    Gap {
        /// The longest.
        longest: Millis,
        /// What is tolerated.
        allowed: Millis,
    },
    /// Too little time was watched in all.
    Watched {
        /// What is covered.
        covered: Millis,
        /// What is needed.
        minimum: Millis,
    },
    /// Parts that have to be seen were not.
    MustSee {
        /// The missing parts.
        parts: Vec<Interval>,
    },
    /// Not enough time has passed since the module was opened.
    TooSoon {
        /// From when it suffices.
        ready_at: Option<Timestamp>,
    },
}

/// Judges a watch at this moment.
pub fn completion(watch: &Watch, ground: Ground<'_>) -> Completion {
    let Ground { module, rules, .. } = ground;
    if watch.version != module.version {
        let shortfalls = vec![Shortfall::OtherVersion { current: module.version }];
        return Completion::Incomplete { shortfalls, gaps: vec![module.required_range()] };
    }
    if let Some(at) = watch.completed_at {
        return Completion::Complete { at };
    }
    let shortfalls = shortfalls(watch, ground);
    if shortfalls.is_empty() {
        return Completion::Complete { at: ground.now };
    }
    Completion::Incomplete { shortfalls, gaps: progress(watch, module, rules).gaps }
}

/// Records a completion where there is one, with a note where it is new.
pub fn settle(mut watch: Watch, ground: Ground<'_>) -> (Watch, Vec<Note>) {
    if watch.completed_at.is_some() {
        return (watch, vec![]);
    }
    match completion(&watch, ground) {
        Completion::Complete { at } => {
            watch.completed_at = Some(at);
            (watch, vec![Note::Completed])
        }
        Completion::Incomplete { .. } => (watch, vec![]),
    }
}

fn shortfalls(watch: &Watch, ground: Ground<'_>) -> Vec<Shortfall> {
    let Ground { module, rules, now } = ground;
    let range = module.required_range();
    let covered = watch.coverage.length_within(range);
    let needed = rules.completion.required_of(range.length());
    let mut missing = Vec::new();
    if covered < needed {
        missing.push(Shortfall::Coverage {
            share: BasisPoints::of(covered, range.length()),
            required: rules.completion,
            missing: needed.minus(covered),
        });
    }
    let gaps = watch.coverage.gaps_within(range);
    let longest = gaps.iter().map(|gap| gap.length()).max().unwrap_or_default();
    if longest > rules.tolerated_gap() {
        missing.push(Shortfall::Gap { longest, allowed: rules.tolerated_gap() });
    }
    // A minimum above the length could never be met, so the length is enough.
    let minimum = rules.minimum_watched.unwrap_or_default().min(range.length());
    if covered < minimum {
        missing.push(Shortfall::Watched { covered, minimum });
    }
    let parts = unseen_parts(watch, ground);
    if !parts.is_empty() {
        missing.push(Shortfall::MustSee { parts });
    }
    let takes = rules.credited_rate().time_for(covered);
    if Millis::between(watch.first_opened_at, now) < takes {
        missing.push(Shortfall::TooSoon { ready_at: after(watch.first_opened_at, takes) });
    }
    missing
}

// Whoever completed an earlier version has to see what changed since, be it within the share or
// the gap a first viewer may leave out (FEATURES 5.4 rule 10).
fn unseen_parts(watch: &Watch, ground: Ground<'_>) -> Vec<Interval> {
    let module = ground.module;
    let range = module.required_range();
    let changed = watch.earlier_proof.and_then(|proof| module.changed_since(proof.version));
    let wanted = module.must_see.union(&changed.unwrap_or_default());
    let parts = wanted.intervals().iter();
    let gaps = parts.flat_map(|part| watch.coverage.gaps_within(part.intersection(range)));
    gaps.filter(|gap| gap.length() > ground.rules.sampling_tolerance).collect()
}

fn after(start: Timestamp, length: Millis) -> Option<Timestamp> {
    let length = i64::try_from(length.get()).ok()?;
    start.checked_add(SignedDuration::from_millis(length)).ok()
}
