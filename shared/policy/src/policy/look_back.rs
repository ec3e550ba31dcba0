//! How far into a person's past a policy looks, so that no more of it is gathered.

use jiff::SignedDuration;

use super::{Policy, Quota, QuotaPeriod, Rules};

/// Longer than any day, and than the notice of a zone that changes sides of the date line.
const SLACK_HOURS: i64 = 72;
const DAY_HOURS: i64 = 24;
/// As far back as anything is on record.
const EVER_DAYS: i64 = 400;

impl Policy {
    /// How long before now an end may lie that any of its rules looks at; nothing where no rule
    /// looks back.
    pub fn looks_back(&self) -> SignedDuration {
        let overlays = self.overlays.iter().map(|overlay| &overlay.rules);
        let hours = std::iter::once(&self.rules).chain(overlays).map(hours).max().unwrap_or(0);
        SignedDuration::from_hours(hours)
    }
}

fn hours(rules: &Rules) -> i64 {
    let quotas = rules.quotas.iter().filter(|quota| looks_back(quota)).map(Quota::longest_hours);
    // A gap is counted from an end that may just have passed.
    let gap = rules.minimum_gap_minutes.values().max().copied().unwrap_or(0);
    let gap = (gap > 0).then(|| i64::from(gap).div_euclid(60).saturating_add(SLACK_HOURS));
    let chain = rules.no_chaining.then_some(SLACK_HOURS);
    let first = rules.first_time_only.map(|_| EVER_DAYS.saturating_mul(DAY_HOURS));
    quotas.chain(gap).chain(chain).chain(first).max().unwrap_or(0)
}

fn looks_back(quota: &Quota) -> bool {
    quota.completed_count || quota.late_cancels_count
}

impl Quota {
    /// More hours than any of its stretches has: one may have begun so long ago, or end so far
    /// ahead.
    pub(crate) fn longest_hours(&self) -> i64 {
        let days = match self.per {
            QuotaPeriod::Day => 1,
            QuotaPeriod::Week => 7,
            QuotaPeriod::Month => 31,
            QuotaPeriod::Year => 366,
            QuotaPeriod::SlidingDays(days) => i64::from(days),
        };
        days.saturating_mul(DAY_HOURS).saturating_add(SLACK_HOURS)
    }
}
