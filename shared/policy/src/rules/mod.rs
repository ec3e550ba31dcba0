//! The rules, one family per file; each adds its reasons and knows nothing of the others.

mod account;
mod approval;
mod checkout;
mod duration;
mod grid;
mod hours;
mod limits;
mod resource;
mod time;
mod training;

pub(crate) use account::account;
pub(crate) use approval::approval;
pub(crate) use checkout::checkout;
pub(crate) use duration::duration;
pub(crate) use grid::grid;
pub(crate) use hours::hours;
pub(crate) use limits::{open_cap, parallel};
pub(crate) use resource::resource;
pub(crate) use time::{horizon, notice, start_in_past};
pub(crate) use training::training;

use jiff::{SignedDuration, Timestamp};

use crate::{Facts, Interval, Policy, Purpose, Request};

/// What every rule is given.
pub(crate) struct Question<'a> {
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) request: &'a Request,
    pub(crate) purpose: &'a Purpose,
}

impl Question<'_> {
    /// The interval asked for, if one is.
    pub(crate) fn interval(&self) -> Option<&Interval> {
        self.request.interval.as_ref()
    }

    /// Whether a proof gained at `at` holds from the first instant asked about. Asked about now,
    /// a proof that is on record is held, even if the writer's clock ran ahead of ours.
    pub(crate) fn begins_in_time(&self, at: Timestamp) -> bool {
        self.interval().is_none_or(|interval| at <= interval.start())
    }

    /// Whether a proof that lapses at `expires_at` holds to the last instant asked about; the
    /// instant of expiry is invalid already, and so is the end of the interval no longer asked
    /// about (FEATURES 5.3 rules 2 and 4).
    pub(crate) fn outlasts(&self, expires_at: Option<Timestamp>) -> bool {
        match (expires_at, self.interval()) {
            (None, _) => true,
            (Some(expiry), Some(interval)) => expiry >= interval.end(),
            (Some(expiry), None) => expiry > self.facts.now,
        }
    }
}

/// So many days of 24 hours.
pub(crate) fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(count).saturating_mul(24))
}

/// So many minutes.
pub(crate) fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(count).saturating_mul(60))
}

/// Later by a duration, clamped to the calendar.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// Earlier by a duration, clamped to the calendar.
pub(crate) fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}
