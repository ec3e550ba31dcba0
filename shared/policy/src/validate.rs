//! What a policy must be before it is saved; all faults at once.
//!
//! A policy that passes can be met: no rule refuses everybody by being badly written.

use std::collections::BTreeSet;

use jiff::civil::Time;

use crate::{
    CheckoutRequirement, ClockRange, DurationRule, LossOutcome, OpeningHours, Policy, Requirement,
    Rules, Weekday,
};

/// Minutes of a day without a change of clocks.
const DAY_MINUTES: u32 = 24 * 60;
/// Longest time a reservation may wait for a yes: 30 days.
const LONGEST_HOLD_HOURS: u32 = 720;

/// One thing that is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct PolicyFault {
    /// Where in the policy's JSON (RFC 6901).
    pub pointer: String,
    /// What would be right, in lower case and without a full stop.
    pub detail: String,
}

type Faults = Vec<PolicyFault>;

impl Policy {
    /// Checks what the types cannot. Errors: every fault, with where it is.
    pub fn validate(&self) -> Result<(), Vec<PolicyFault>> {
        let mut faults = Vec::new();
        requirements(&self.requirements, &mut faults);
        if self.rules.grid_minutes.is_some_and(|grid| !(1..=DAY_MINUTES).contains(&grid)) {
            fault(&mut faults, "/rules/gridMinutes", "between 1 and 1440 minutes");
        }
        duration(self.rules.duration, &mut faults);
        if let Some(hours) = &self.rules.opening_hours {
            opening_hours(hours, &mut faults);
        }
        approval_and_loss(&self.rules, &mut faults);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

fn approval_and_loss(rules: &Rules, faults: &mut Faults) {
    let hours = rules.needs_approval.map(|rule| rule.hold_hours);
    if hours.is_some_and(|hours| !(1..=LONGEST_HOLD_HOURS).contains(&hours)) {
        fault(faults, "/rules/needsApproval/holdHours", "between 1 and 720 hours");
    }
    let loss = rules.on_lost_eligibility;
    for (name, outcome) in [("person", loss.person), ("resource", loss.resource)] {
        if outcome == (LossOutcome::RenewBy { days: 0 }) {
            let at = format!("/rules/onLostEligibility/{name}/renew_by/days");
            fault(faults, at, "at least 1 day");
        }
    }
}

fn fault(faults: &mut Faults, pointer: impl Into<String>, detail: &str) {
    faults.push(PolicyFault { pointer: pointer.into(), detail: detail.to_owned() });
}

fn requirements(requirements: &[Requirement], faults: &mut Faults) {
    let mut modules = BTreeSet::new();
    let mut checkouts = BTreeSet::new();
    for (index, requirement) in requirements.iter().enumerate() {
        let at = format!("/requirements/{index}");
        match requirement {
            Requirement::Training(wanted) => {
                if !(1..=100).contains(&wanted.minimum_percent) {
                    fault(faults, format!("{at}/minimumPercent"), "between 1 and 100 per cent");
                }
                if wanted.valid_for_days == Some(0) {
                    fault(faults, format!("{at}/validForDays"), "at least 1 day");
                }
                if !modules.insert(&wanted.module_id) {
                    let detail = format!("`{}` is asked for already", wanted.module_id);
                    fault(faults, format!("{at}/moduleId"), &detail);
                }
            }
            Requirement::Checkout(wanted) => {
                if !checkouts.insert(*wanted == CheckoutRequirement::Machine) {
                    fault(faults, format!("{at}/scope"), "this checkout is asked for already");
                }
            }
        }
    }
}

fn duration(rule: DurationRule, faults: &mut Faults) {
    if let (Some(least), Some(most)) = (rule.minimum_minutes, rule.maximum_minutes)
        && least > most
    {
        fault(faults, "/rules/duration/minimumMinutes", "at most `maximumMinutes`");
    }
    if rule.maximum_minutes == Some(0) {
        fault(faults, "/rules/duration/maximumMinutes", "at least 1 minute");
    }
    if rule.step_minutes == Some(0) {
        fault(faults, "/rules/duration/stepMinutes", "at least 1 minute");
    }
}

fn opening_hours(hours: &OpeningHours, faults: &mut Faults) {
    for (day, ranges) in &hours.0 {
        let mut before: Option<&ClockRange> = None;
        for (index, range) in ranges.iter().enumerate() {
            let at = format!("/rules/openingHours/{}/{index}", name(*day));
            if !runs_forward(range) {
                fault(faults, format!("{at}/closes"), "after `opens`, or `00:00:00` for midnight");
            }
            if before.is_some_and(|before| !closed_by(before, range.opens)) {
                fault(faults, format!("{at}/opens"), "not before the range before it closes");
            }
            before = Some(range);
        }
    }
}

/// Whether a range holds any time; midnight ends the day.
fn runs_forward(range: &ClockRange) -> bool {
    range.closes == Time::midnight() || range.opens < range.closes
}

/// Whether a range has closed by the given time of its day.
fn closed_by(range: &ClockRange, time: Time) -> bool {
    range.closes != Time::midnight() && range.closes <= time
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
