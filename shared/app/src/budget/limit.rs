//! The arithmetic of calls per minute; pure.

use jiff::{SignedDuration, Timestamp};

use crate::gcra::Room;
use crate::model::{CallBudget, Spare};
use crate::ports::scheduler::Urgency;

const MINUTE_MICROS: i64 = 60_000_000;
/// How long a process may keep calls it did not make.
const SPARE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Cal.com's block after too many calls, and its window; both must pass before the count is low
/// again (CONTRACT 2.5).
const BLOCK: SignedDuration = SignedDuration::from_secs(60);
const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// Most calls in any 60 seconds, and how they are shared out.
///
/// What can be made in 60 s is at most what lay spare at their start, plus the burst, plus what
/// the steady rate gives in 60 s; the three together are the limit (docs/adr/0011).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimit {
    per_minute: u32,
}

/// Who asks for a call.
pub(super) struct Ask<'a> {
    pub(super) process: &'a str,
    pub(super) urgency: Urgency,
    /// Spare calls the process still has.
    pub(super) left: u32,
    pub(super) now: Timestamp,
}

/// What an ask led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// One call now, and so many spare ones until the instant.
    Call { spare: u32, until: Timestamp },
    /// None before this time has passed.
    Wait(SignedDuration),
}

impl CallLimit {
    /// Fewest that can be shared out.
    pub const LEAST: u32 = 10;

    /// So many calls in any 60 seconds, at least [`Self::LEAST`].
    pub fn per_minute(calls: u32) -> Self {
        Self { per_minute: calls.clamp(Self::LEAST, 1_000_000) }
    }

    /// Most calls that lie spare in all processes together.
    pub fn spare(self) -> u32 {
        self.share(15)
    }

    /// Most calls given out at once; enough for each urgency to leave one to the next.
    pub fn burst(self) -> u32 {
        self.share(15).max(4)
    }

    /// The calls in any 60 seconds that must not be exceeded.
    pub fn calls(self) -> u32 {
        self.per_minute
    }

    fn share(self, percent: u32) -> u32 {
        self.per_minute.saturating_mul(percent) / 100
    }

    fn step(self) -> i64 {
        let steady = self.per_minute - self.spare() - self.burst();
        // Rounded up, so that the rate is never above what it may be.
        (MINUTE_MICROS + i64::from(steady) - 1) / i64::from(steady.max(1))
    }

    /// Calls of the burst left to what is more urgent: a share, and at least one for each urgency
    /// above, however small the limit is.
    fn reserve(self, urgency: Urgency) -> u32 {
        let (percent, least) = match urgency {
            Urgency::User => (0, 0),
            Urgency::Cancel => (15, 1),
            Urgency::Sync => (30, 2),
            Urgency::Reconcile => (60, 3),
        };
        (self.burst().saturating_mul(percent) / 100).max(least)
    }

    /// Takes a call for who asks, and spare ones while there are plenty.
    pub(super) fn take(self, budget: &mut CallBudget, ask: &Ask<'_>) -> Given {
        let until = match ask.urgency {
            Urgency::User => budget.blocked_until,
            Urgency::Cancel | Urgency::Sync | Urgency::Reconcile => budget.quiet_until,
        };
        if ask.now < until {
            return Given::Wait(until.duration_since(ask.now));
        }
        let (now, step) = (ask.now.as_microsecond(), self.step());
        let Room { base, free } = Room::of(budget.arrival, now, i64::from(self.burst()) * step);
        let wanted = (1 + i64::from(self.reserve(ask.urgency))) * step;
        if free < wanted {
            return Given::Wait(SignedDuration::from_micros(wanted - free));
        }
        let plenty = u32::try_from((free - wanted) / step).unwrap_or(0);
        budget.spares.retain(|spare| spare.until > ask.now && spare.process != ask.process);
        let lying = budget.spares.iter().fold(ask.left, |sum, one| sum.saturating_add(one.calls));
        let room = self.spare().saturating_sub(lying);
        let spare = (self.spare() / 5).min(plenty).min(room);
        let until = ask.now.saturating_add(SPARE_LIFE).unwrap_or(Timestamp::MAX);
        let calls = ask.left.saturating_add(spare);
        if calls > 0 {
            budget.spares.push(Spare { process: ask.process.to_owned(), calls, until });
        }
        budget.arrival = base + (1 + i64::from(spare)) * step;
        count(budget, now / MINUTE_MICROS, spare.saturating_add(1));
        Given::Call { spare, until }
    }

    /// How much of the limit the fuller of this minute and the last one took, in per cent.
    pub(super) fn used(self, budget: &CallBudget) -> u32 {
        budget.given.max(budget.given_before).saturating_mul(100) / self.per_minute
    }
}

fn count(budget: &mut CallBudget, minute: i64, calls: u32) {
    if budget.minute != minute {
        budget.given_before = if budget.minute + 1 == minute { budget.given } else { 0 };
        budget.given = 0;
        budget.minute = minute;
    }
    budget.given = budget.given.saturating_add(calls);
}

/// After Cal.com said that it was too much: the less urgent stays silent for block and window,
/// people's requests for the block.
pub(super) fn block(budget: &mut CallBudget, now: Timestamp) {
    let after = |time| now.saturating_add(time).unwrap_or(Timestamp::MAX);
    budget.blocked_until = budget.blocked_until.max(after(BLOCK));
    budget.quiet_until = budget.quiet_until.max(after(BLOCK + WINDOW));
}
