//! Limits that can be met and that are no stricter for a higher level.

use super::by_who::{check as by_who, limit_no_worse};
use super::{Faults, hours, quota};
use crate::{ApprovalRule, ByWho, DurationRule, LossOutcome, Notice, OpeningHours, Rules};

/// Minutes of a day without a change of clocks.
const DAY_MINUTES: u32 = 24 * 60;
/// Longest time a reservation may wait for a yes: 30 days.
const LONGEST_HOLD_HOURS: u32 = 720;
/// Most resources that one may contain.
const MOST_CONTENTS: usize = 64;
/// Most people a rule may ask to be present.
const MOST_PRESENT: u32 = 100;

pub(super) fn check(rules: &Rules, at: &str, faults: &mut Faults) {
    let grid = rules.grid_minutes.is_none_or(|grid| (1..=DAY_MINUTES).contains(&grid));
    faults.unless(grid, format!("{at}/gridMinutes"), "between 1 and 1440 minutes");
    duration(&rules.duration, &format!("{at}/duration"), faults);
    times(rules, at, faults);
    limits(rules, at, faults);
    approval_and_loss(rules, at, faults);
}

fn times(rules: &Rules, at: &str, faults: &mut Faults) {
    let each = |hours: &Option<OpeningHours>, at: &str, faults: &mut Faults| {
        if let Some(hours) = hours {
            hours::check(hours, at, faults);
        }
    };
    by_who(
        &rules.opening_hours,
        &format!("{at}/openingHours"),
        (each, |higher: &Option<OpeningHours>, lower: &Option<OpeningHours>| {
            hours::no_worse(higher.as_ref(), lower.as_ref())
        }),
        faults,
    );
    hours::check_closures(&rules.closures, &format!("{at}/closures"), faults);
    if let Some(off_peak) = &rules.off_peak {
        hours::check_off_peak(off_peak, &format!("{at}/offPeak"), faults);
    }
    let grace = rules.start_grace_minutes <= DAY_MINUTES;
    faults.unless(grace, format!("{at}/startGraceMinutes"), "at most 1440 minutes");
    let free = rules.free_edit_minutes <= DAY_MINUTES;
    faults.unless(free, format!("{at}/freeEditMinutes"), "at most 1440 minutes");
    notice(&rules.notice, &format!("{at}/notice"), faults);
}

fn notice(notice: &Notice, at: &str, faults: &mut Faults) {
    let Notice { create_minutes, change_minutes, cancel_minutes } = notice;
    let notices = [
        ("createMinutes", create_minutes),
        ("changeMinutes", change_minutes),
        ("cancelMinutes", cancel_minutes),
    ];
    for (name, value) in notices {
        least(value, &format!("{at}/{name}"), u32::MAX, faults);
    }
}

fn limits(rules: &Rules, at: &str, faults: &mut Faults) {
    most(&rules.horizon_days, &format!("{at}/horizonDays"), faults);
    most(&rules.open_cap, &format!("{at}/openCap"), faults);
    quota::check(&rules.quotas, &format!("{at}/quotas"), faults);
    least(&rules.minimum_gap_minutes, &format!("{at}/minimumGapMinutes"), u32::MAX, faults);
    least(&rules.minimum_present, &format!("{at}/minimumPresent"), MOST_PRESENT, faults);
    let contents = rules
        .contents
        .as_ref()
        .is_none_or(|rule| (1..=MOST_CONTENTS).contains(&rule.resource_ids.len()));
    faults.unless(contents, format!("{at}/contents/resourceIds"), "between 1 and 64");
    if let Some(strikes) = &rules.strikes {
        quota::check_strikes(strikes, &format!("{at}/strikes"), faults);
    }
}

/// A limit from above: milder the greater it is.
fn most(value: &ByWho<Option<u32>>, at: &str, faults: &mut Faults) {
    let milder = |higher: &Option<u32>, lower: &Option<u32>| limit_no_worse(*higher, *lower);
    by_who(value, at, (|_: &Option<u32>, _: &str, _: &mut Faults| {}, milder), faults);
}

/// A limit from below: milder the smaller it is.
fn least(value: &ByWho<u32>, at: &str, most: u32, faults: &mut Faults) {
    let bounded = |count: &u32, at: &str, faults: &mut Faults| {
        faults.unless(*count <= most, at, &format!("at most {most}"));
    };
    by_who(value, at, (bounded, |higher: &u32, lower: &u32| higher <= lower), faults);
}

fn duration(rule: &DurationRule, at: &str, faults: &mut Faults) {
    let longest = |most: &Option<u32>, at: &str, faults: &mut Faults| {
        faults.unless(*most != Some(0), at, "at least 1 minute");
    };
    let values = rule.maximum_minutes.values().flatten();
    let short = rule.minimum_minutes.is_none_or(|least| values.min().is_none_or(|m| least <= *m));
    faults.unless(short, format!("{at}/minimumMinutes"), "at most `maximumMinutes`");
    let maximum = format!("{at}/maximumMinutes");
    let milder = |higher: &Option<u32>, lower: &Option<u32>| limit_no_worse(*higher, *lower);
    by_who(&rule.maximum_minutes, &maximum, (longest, milder), faults);
    let step = rule.step_minutes != Some(0);
    faults.unless(step, format!("{at}/stepMinutes"), "at least 1 minute");
}

fn approval_and_loss(rules: &Rules, at: &str, faults: &mut Faults) {
    let each = |rule: &Option<ApprovalRule>, at: &str, faults: &mut Faults| {
        let hours = rule.is_none_or(|rule| (1..=LONGEST_HOLD_HOURS).contains(&rule.hold_hours));
        faults.unless(hours, format!("{at}/holdHours"), "between 1 and 720 hours");
    };
    let no_worse = |higher: &Option<ApprovalRule>, lower: &Option<ApprovalRule>| {
        higher.is_none() || lower.is_some()
    };
    by_who(&rules.needs_approval, &format!("{at}/needsApproval"), (each, no_worse), faults);
    let loss = rules.on_lost_eligibility;
    for (name, outcome) in [("person", loss.person), ("resource", loss.resource)] {
        if outcome == (LossOutcome::RenewBy { days: 0 }) {
            let at = format!("{at}/onLostEligibility/{name}/renew_by/days");
            faults.add(at, "at least 1 day");
        }
    }
}
