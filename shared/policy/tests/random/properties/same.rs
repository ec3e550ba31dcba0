//! What does not matter: order, words, what nobody asks for, and how a value is written.

use interlock_policy::{
    ByWho, Closure, DocumentFact, EventTypeId, LossOutcome, Overlay, PolicyVersion, ProgressFact,
    Purpose, Quota, QuotaMeasure, QuotaPeriod, Requirement, Rules, TrainingFact, Who,
};
use jiff::SignedDuration;

use super::{each, each_rules, play, said};
use crate::cases::Case;
use crate::naive::level;

fn turned<T>(list: &mut [T]) {
    list.reverse();
}

fn groups_turned<T>(by: &mut ByWho<T>) {
    if let ByWho::Varied(varied) = by {
        turned(&mut varied.groups);
    }
}

fn is(case: &Case, purpose: &Purpose) -> bool {
    std::mem::discriminant(&case.purpose) == std::mem::discriminant(purpose)
}

each! { same:
    the_order_of_trainings [] |case, _| turned(&mut case.member.trainings);
    the_order_of_checkouts [] |case, _| turned(&mut case.member.checkouts);
    the_order_of_documents [] |case, _| turned(&mut case.member.documents);
    the_order_of_open_reservations [] |case, _| turned(&mut case.member.open_reservations);
    the_order_of_past_uses [] |case, _| turned(&mut case.member.past_uses);
    the_order_of_completions [] |case, _| turned(&mut case.member.completed);
    the_order_of_strikes [] |case, _| turned(&mut case.member.strikes);
    the_order_of_exemptions [] |case, _| turned(&mut case.member.exemptions);
    the_order_of_groups [] |case, _| turned(&mut case.member.groups);
    the_order_of_outages [] |case, _| turned(&mut case.resource.outages);
    the_order_of_kinds [] |case, _| turned(&mut case.resource.event_types);
    the_order_of_closures [] |case, _| turned(&mut case.policy.rules.closures);
    the_order_of_quotas [] |case, _| turned(&mut case.policy.rules.quotas);
    the_order_of_limits_of_strikes [] |case, _| each_rules(&mut case.policy, |rules| {
        rules.strikes.iter_mut().for_each(|strikes| turned(&mut strikes.limits));
    });
    the_order_of_requirements ["training", "checkout", "membership", "document"] |case, _| {
        turned(&mut case.policy.requirements);
    };
    the_order_of_parts ["training", "checkout", "membership", "document"] |case, _| {
        for one in &mut case.policy.requirements {
            if let Requirement::All(parts) | Requirement::Any(parts) = one {
                turned(&mut parts.of);
            }
        }
    };
    the_order_of_values_by_group [] |case, _| each_rules(&mut case.policy, |rules| {
        groups_turned(&mut rules.minimum_gap_minutes);
        groups_turned(&mut rules.minimum_present);
        groups_turned(&mut rules.notice.create_minutes);
        rules.quotas.iter_mut().for_each(|quota| groups_turned(&mut quota.limit));
    });
    the_number_of_the_save [] |case, _| case.policy.version = PolicyVersion(77);
    the_note_of_a_closure ["hours_closure"] |case, _| each_rules(&mut case.policy, |rules| {
        for closure in &mut rules.closures {
            let (Closure::Days { note, .. } | Closure::Time { note, .. }) = closure;
            *note = Some("spring cleaning".to_owned());
        }
    });
    an_overlay_of_a_kind_not_asked_for [] |case, _| {
        let rules = Rules { open_cap: Some(0).into(), ..Rules::default() };
        let event_type_id = EventTypeId(404);
        case.policy.overlays.push(Overlay { event_type_id, requirements: Vec::new(), rules });
    };
    a_group_no_rule_names [] |case, _| case.member.groups.push("choir".to_owned());
    a_training_nobody_asks_for [] |case, _| case.member.trainings.push(TrainingFact {
        module_id: "mod_of_no_use".parse().unwrap(),
        completed_at: case.now,
        percent: 100,
        watched_seconds: 1,
        lapses_at: None,
    });
    a_document_nobody_asks_for [] |case, _| case.member.documents.push(DocumentFact {
        document: "menu".to_owned(),
        version: 9,
        accepted_at: case.now,
    });
    how_far_a_module_was_watched ["training"] |case, _| case.member.progress.push(ProgressFact {
        module_id: "mod_a".parse().unwrap(),
        covered_seconds: 5,
        duration_seconds: 10,
        watched_seconds: 50,
    });
    how_long_a_wish_is_held ["approval"] |case, _| each_rules(&mut case.policy, |rules| {
        if let ByWho::Plain(Some(rule)) = &mut rules.needs_approval {
            rule.hold_hours = 1;
        }
    });
    what_becomes_of_what_is_held [] |case, _| {
        case.policy.rules.on_lost_eligibility.person = LossOutcome::Keep;
    };
    when_a_cancellation_is_late [] |case, _| case.policy.rules.late_cancel_minutes = 999;
    proof_held_twice [] |case, _| {
        case.member.trainings.extend(case.member.trainings.clone());
        case.member.checkouts.extend(case.member.checkouts.clone());
        case.member.documents.extend(case.member.documents.clone());
        case.member.exemptions.extend(case.member.exemptions.clone());
    };
    other_notices_than_that_to_create [] |case, _| {
        if is(case, &Purpose::Create) {
            case.policy.rules.notice.change_minutes = 9999.into();
            case.policy.rules.notice.cancel_minutes = 9999.into();
        }
    };
    limits_for_what_is_kept [] |case, _| {
        if is(case, &Purpose::Keep) {
            case.policy.rules = Rules::default();
            case.member.open_reservations.clear();
            case.member.past_uses.clear();
        }
    };
    limits_for_what_is_given_back [] |case, _| {
        if let Purpose::Cancel(_) = case.purpose {
            let notice = case.policy.rules.notice.clone();
            let free_edit_minutes = case.policy.rules.free_edit_minutes;
            let start_grace_minutes = case.policy.rules.start_grace_minutes;
            let rest = Rules { open_cap: Some(0).into(), ..Rules::default() };
            case.policy.rules = Rules { notice, free_edit_minutes, start_grace_minutes, ..rest };
            case.policy.requirements.clear();
            case.resource.active = false;
        }
    };
    limits_for_whoever_begins [] |case, _| {
        if is(case, &Purpose::Use) {
            each_rules(&mut case.policy, |rules| {
                rules.quotas.clear();
                rules.open_cap = Some(0).into();
                rules.horizon_days = Some(0).into();
                rules.strikes = None;
                rules.grid_minutes = Some(7);
            });
        }
    };
}

/// One test for each field: the strictest of the values that concern a person, written as one value
/// for everybody, is the same rule for that person.
macro_rules! as_if_plain {
    ($($name:ident |$rules:ident, $who:ident| $change:expr;)*) => {
        $(#[test]
        fn $name() {
            crate::properties::same(stringify!($name), &[], |case, _| {
                let level = level(case.facts(), &case.policy, &case.request);
                let groups = case.member.groups.clone();
                let $who = Who { groups: &groups, level };
                each_rules(&mut case.policy, |$rules| $change);
            });
        })*
    };
}

as_if_plain! {
    a_horizon_by_who_is_the_strictest_one |rules, who| {
        rules.horizon_days = rules.horizon_days.least_limit(who).into();
    };
    a_cap_by_who_is_the_strictest_one |rules, who| {
        rules.open_cap = rules.open_cap.least_limit(who).into();
    };
    a_longest_length_by_who_is_the_strictest_one |rules, who| {
        let most = &mut rules.duration.maximum_minutes;
        *most = most.least_limit(who).into();
    };
    a_notice_to_create_by_who_is_the_strictest_one |rules, who| {
        rules.notice.create_minutes = rules.notice.create_minutes.greatest(who).into();
    };
    a_notice_to_change_by_who_is_the_strictest_one |rules, who| {
        rules.notice.change_minutes = rules.notice.change_minutes.greatest(who).into();
    };
    a_notice_to_cancel_by_who_is_the_strictest_one |rules, who| {
        rules.notice.cancel_minutes = rules.notice.cancel_minutes.greatest(who).into();
    };
    a_gap_by_who_is_the_strictest_one |rules, who| {
        rules.minimum_gap_minutes = rules.minimum_gap_minutes.greatest(who).into();
    };
    company_by_who_is_the_strictest_one |rules, who| {
        rules.minimum_present = rules.minimum_present.greatest(who).into();
    };
    a_quota_by_who_is_the_strictest_one |rules, who| {
        rules.quotas.iter_mut().for_each(|quota| quota.limit = quota.limit.least(who).into());
    };
}

/// Minutes of a stretch are the same minutes however what is held is cut.
fn conserved(name: &str, per: QuotaPeriod) {
    play(name, |case, dice| {
        let mut whole = case.clone();
        whole.policy.overlays.clear();
        let quotas = std::mem::take(&mut whole.policy.rules.quotas);
        let in_minutes = |quota: Quota| Quota { measure: QuotaMeasure::Minutes, per, ..quota };
        whole.policy.rules = Rules {
            quotas: quotas.into_iter().map(in_minutes).collect(),
            off_peak: whole.policy.rules.off_peak.take(),
            allow_parallel: Some(true),
            ..Rules::default()
        };
        let mut cut = whole.clone();
        for held in whole.member.open_reservations.iter().skip(1) {
            // What has ended is counted otherwise than what has not.
            let (from, to) = (held.interval.start().max(case.now), held.interval.end());
            let length = to.duration_since(from).as_mins();
            if length < 2 {
                continue;
            }
            let at = i64::try_from(dice.between(1, length.unsigned_abs())).unwrap();
            let middle = from + SignedDuration::from_mins(at);
            let own = cut.member.open_reservations.iter_mut();
            for own in own.filter(|own| own.reservation_id == held.reservation_id) {
                own.interval =
                    interlock_policy::Interval::new(held.interval.start(), middle).unwrap();
            }
            let mut rest = held.clone();
            rest.reservation_id = format!("{}_rest", held.reservation_id).parse().unwrap();
            rest.interval = interlock_policy::Interval::new(middle, to).unwrap();
            cut.member.open_reservations.push(rest);
        }
        let (before, after) = (said(&whole), said(&cut));
        if before != after {
            return Err(format!("{before:?} {after:?}"));
        }
        let over = before.iter().any(|(code, _)| code.as_str() == "quota_exceeded");
        Ok(over && cut.member.open_reservations.len() > whole.member.open_reservations.len())
    });
}

#[test]
fn minutes_of_a_day_are_conserved_under_cutting() {
    conserved("day", QuotaPeriod::Day);
}

#[test]
fn minutes_of_a_week_are_conserved_under_cutting() {
    conserved("week", QuotaPeriod::Week);
}

#[test]
fn minutes_of_a_month_are_conserved_under_cutting() {
    conserved("month", QuotaPeriod::Month);
}

#[test]
fn minutes_of_a_year_are_conserved_under_cutting() {
    conserved("year", QuotaPeriod::Year);
}

#[test]
fn minutes_of_sliding_days_are_conserved_under_cutting() {
    conserved("sliding", QuotaPeriod::SlidingDays(4));
}
