//! What a policy asks of the past, and what it makes of what is given back or lost.

use interlock_policy::{
    EventTypeId, FirstTime, LossOutcome, Overlay, Quota, QuotaMeasure, QuotaPeriod, QuotaScope,
    Requirement, Rules,
};
use jiff::SignedDuration;

use crate::support::*;

fn looks_back(rules: Rules) -> SignedDuration {
    World::bare("UTC", rules).policy.looks_back()
}

fn quota(per: QuotaPeriod, completed_count: bool, late_cancels_count: bool) -> Rules {
    let quota = Quota {
        measure: QuotaMeasure::Count,
        limit: 1.into(),
        per,
        scope: QuotaScope::All,
        hours: None,
        completed_count,
        late_cancels_count,
    };
    Rules { quotas: vec![quota], ..Rules::default() }
}

#[test]
fn no_more_of_the_past_is_gathered_than_a_rule_looks_at() {
    use QuotaPeriod::{Day, Month, SlidingDays, Week, Year};
    let gap = |minutes: u32| Rules { minimum_gap_minutes: minutes.into(), ..Rules::default() };
    let first = |first| Rules { first_time_only: Some(first), ..Rules::default() };
    let cases = [
        (Rules::default(), 0),
        (quota(Day, false, false), 0),
        (quota(Day, true, false), 24 + 72),
        (quota(Day, false, true), 24 + 72),
        (quota(Week, true, true), 7 * 24 + 72),
        (quota(Month, true, false), 31 * 24 + 72),
        (quota(Year, true, false), 366 * 24 + 72),
        (quota(SlidingDays(3), true, false), 3 * 24 + 72),
        (gap(0), 0),
        (gap(1), 72),
        (gap(150), 2 + 72),
        (Rules { no_chaining: true, ..Rules::default() }, 72),
        (first(FirstTime::EventType), 400 * 24),
        (Rules { no_chaining: true, ..quota(Day, true, false) }, 24 + 72),
    ];
    for (rules, hours) in cases {
        assert_eq!(looks_back(rules.clone()), SignedDuration::from_hours(hours), "{rules:?}");
    }
}

fn overlay(rules: Rules) -> Overlay {
    Overlay { event_type_id: EventTypeId(2), requirements: Vec::new(), rules }
}

#[test]
fn what_an_event_type_looks_back_at_is_gathered_too() {
    let mut policy = World::bare("UTC", Rules::default()).policy;
    policy.overlays = vec![overlay(quota(QuotaPeriod::Day, true, false))];
    assert_eq!(policy.looks_back(), SignedDuration::from_hours(24 + 72));
}

#[test]
fn a_cancellation_is_late_from_its_term_on_and_the_longer_term_counts() {
    let rules = |minutes| Rules { late_cancel_minutes: minutes, ..Rules::default() };
    let mut policy = World::bare("UTC", rules(60)).policy;
    policy.overlays = vec![overlay(rules(90))];
    let hour = between("2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z");
    let late = |kind, now| policy.cancels_late(EventTypeId(kind), &hour, at(now));
    assert!(!late(1, "2026-03-02T10:00:00Z") && late(1, "2026-03-02T10:00:01Z"));
    assert!(!late(2, "2026-03-02T09:30:00Z") && late(2, "2026-03-02T09:30:01Z"));
    policy.overlays.clear();
    policy.rules.late_cancel_minutes = 0;
    let late = |now| policy.cancels_late(EventTypeId(1), &hour, at(now));
    assert!(!late("2026-03-02T11:00:00Z") && late("2026-03-02T11:00:01Z"), "it has begun");
}

#[test]
fn of_two_outcomes_the_one_counts_that_leaves_less() {
    use LossOutcome::{Cancel, Flag, Keep, RenewBy};
    let ascending = [Keep, Flag, RenewBy { days: 7 }, RenewBy { days: 3 }, Cancel];
    for (rank, one) in ascending.into_iter().enumerate() {
        for (other_rank, other) in ascending.into_iter().enumerate() {
            let stricter = if rank < other_rank { other } else { one };
            assert_eq!(one.stricter(other), stricter, "{one:?} {other:?}");
        }
    }
}

#[test]
fn single_proofs_are_found_wherever_they_are_named() {
    let mut policy = demo_policy();
    let [basics, safety, checkout] = policy.requirements.clone().try_into().unwrap();
    let several = |of: &[&Requirement]| interlock_policy::Combined {
        of: of.iter().map(|one| (*one).clone()).collect(),
    };
    let any = Requirement::Any(several(&[&safety, &Requirement::All(several(&[&basics]))]));
    policy.requirements = vec![checkout.clone(), any];
    policy.overlays =
        vec![Overlay { requirements: vec![basics.clone()], ..overlay(Rules::default()) }];
    let found: Vec<_> = policy.single_requirements().collect();
    assert_eq!(found, [&checkout, &safety, &basics, &basics]);
}
