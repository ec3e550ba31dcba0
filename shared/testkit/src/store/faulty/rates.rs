//! Which faults, and how often.
//!
//! A rate is in a thousand calls that could meet the fault; the rates of one kind of call
//! together should stay within a thousand, what is beyond never happens.

use jiff::SignedDuration;

/// How far an index may be behind the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// By this many written records.
    Writes(usize),
    /// By everything written within this time.
    Time(SignedDuration),
}

/// Rates in a thousand; all nought is a table without faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// Any call: refused, nothing was done.
    pub throttled: u16,
    /// Any call: done or judged, and the caller hears that the table is unavailable.
    pub lost: u16,
    /// A commit: the caller hears that the table is unavailable, and the commit arrives up to
    /// four calls later, where its conditions are judged.
    pub late: u16,
    /// A commit: another transaction was at work on one of its keys; nothing was done although
    /// the conditions hold.
    pub conflict: u16,
    /// A query of an index: answered as of before the newest writes. The table never lags.
    pub stale: u16,
    /// How many of the newest writes a stale answer lacks.
    pub lag: Lag,
    /// Each record lags on its own, so that an index shows half of a transaction.
    pub torn: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            throttled: 0,
            lost: 0,
            late: 0,
            conflict: 0,
            stale: 0,
            lag: Lag::Writes(0),
            torn: false,
        }
    }
}

/// How often each fault made a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Acted {
    /// Calls refused before any effect.
    pub throttled: u64,
    /// Answers lost.
    pub lost: u64,
    /// Commits that were left under way.
    pub late: u64,
    /// Conflicts made up.
    pub conflict: u64,
    /// Pages that differed from what the index would have said.
    pub stale: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Throttled,
    Lost,
    Late,
    Conflict,
    Stale,
}

impl Kind {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Lost => "the answer was lost",
            Self::Late => "no answer in time",
            Self::Conflict => "another transaction",
            Self::Stale => "an index behind",
        }
    }
}

impl Faults {
    pub(super) fn rate(&self, kind: Kind) -> u16 {
        match kind {
            Kind::Throttled => self.throttled,
            Kind::Lost => self.lost,
            Kind::Late => self.late,
            Kind::Conflict => self.conflict,
            Kind::Stale => self.stale,
        }
    }
}

impl Acted {
    pub(super) fn add(&mut self, kind: Kind) {
        let count = match kind {
            Kind::Throttled => &mut self.throttled,
            Kind::Lost => &mut self.lost,
            Kind::Late => &mut self.late,
            Kind::Conflict => &mut self.conflict,
            Kind::Stale => &mut self.stale,
        };
        *count += 1;
    }
}
