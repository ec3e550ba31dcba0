//! Quotas and strikes can be kept.

use super::by_who;
use super::{Faults, hours};
use crate::{Quota, QuotaPeriod, StrikeLimit, StrikeRule};

/// Most quotas of a policy.
const MOST_QUOTAS: usize = 32;
/// Longest sliding stretch, in days: as far back as a person's past is on record.
const LONGEST_SLIDING: u16 = 366;
/// Longest term after which points are forgotten, in days.
const LONGEST_DECAY: u32 = 400;
/// Most graded limits.
const MOST_LIMITS: usize = 16;
/// Most points a rule speaks of.
const MOST_POINTS: u32 = 1_000;

pub(super) fn check(quotas: &[Quota], at: &str, faults: &mut Faults) {
    faults.at_most(quotas.len(), MOST_QUOTAS, at);
    for (index, quota) in quotas.iter().enumerate() {
        let at = format!("{at}/{index}");
        let milder = |higher: &u32, lower: &u32| higher >= lower;
        by_who::check(&quota.limit, &format!("{at}/limit"), (|_, _, _| {}, milder), faults);
        let sliding = match quota.per {
            QuotaPeriod::SlidingDays(days) => (1..=LONGEST_SLIDING).contains(&days),
            QuotaPeriod::Day | QuotaPeriod::Week | QuotaPeriod::Month | QuotaPeriod::Year => true,
        };
        faults.unless(sliding, format!("{at}/per/sliding_days"), "between 1 and 366 days");
        if let Some(inside) = &quota.hours {
            hours::check(inside, &format!("{at}/hours"), faults);
        }
    }
}

pub(super) fn check_strikes(rule: &StrikeRule, at: &str, faults: &mut Faults) {
    let decays = (1..=LONGEST_DECAY).contains(&rule.decay_days);
    faults.unless(decays, format!("{at}/decayDays"), "between 1 and 400 days");
    for (name, points) in
        [("noShowPoints", rule.no_show_points), ("lateCancelPoints", rule.late_cancel_points)]
    {
        faults.unless(points <= MOST_POINTS, format!("{at}/{name}"), "at most 1000 points");
    }
    faults.at_most(rule.limits.len(), MOST_LIMITS, &format!("{at}/limits"));
    for (index, limit) in rule.limits.iter().enumerate() {
        check_limit(limit, &format!("{at}/limits/{index}"), faults);
    }
}

/// Points lead to limits that leave something: they are not a ban.
fn check_limit(limit: &StrikeLimit, at: &str, faults: &mut Faults) {
    faults.unless(limit.from_points >= 1, format!("{at}/fromPoints"), "at least 1 point");
    let bounds = [
        ("horizonDays", limit.horizon_days, "at least 1 day"),
        ("openCap", limit.open_cap, "at least 1 reservation"),
        ("maximumMinutes", limit.maximum_minutes, "at least 1 minute"),
    ];
    for (name, bound, detail) in bounds {
        faults.unless(bound != Some(0), format!("{at}/{name}"), detail);
    }
    let none = bounds.iter().all(|(_, bound, _)| bound.is_none()) && !limit.needs_approval;
    faults.unless(!none, at, "at least one limit");
}
