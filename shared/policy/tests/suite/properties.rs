//! What holds of every verdict, whatever the facts (FEATURES 5.3 rule 9).

use std::collections::BTreeSet;

use interlock_policy::ledger::{LedgerDay, LedgerEntry, days_of};
use interlock_policy::{
    AccountStatus, ApprovalRule, CheckoutFact, CheckoutRequirement, CheckoutScope, Decision,
    DurationRule, Interval, Level, Notice, OpenReservation, Policy, Purpose, Reason, ReasonCode,
    Request, Requirement, Rules, Severity, TrainingFact, TrainingRequirement, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::{collection, option, sample};

use crate::support::*;

/// So many hours from the instant of the decision.
fn hours_on(count: i64) -> Timestamp {
    at(NOW).checked_add(SignedDuration::from_hours(count)).unwrap()
}

fn training() -> impl Strategy<Value = TrainingFact> {
    (0..3_u8, -2000..1_i64, 0..=100_u8).prop_map(|(module, gained, percent)| TrainingFact {
        module_id: id(&format!("mod_{module}")),
        completed_at: hours_on(gained),
        percent,
        watched_seconds: 0,
        lapses_at: None,
    })
}

fn checkout() -> impl Strategy<Value = CheckoutFact> {
    let scope = sample::select(vec![
        CheckoutScope::Machine(id("mch_laser")),
        CheckoutScope::Machine(id("mch_printer")),
        CheckoutScope::Category("lasers".to_owned()),
        CheckoutScope::Category("printers".to_owned()),
    ]);
    (scope, -2000..1_i64, option::of(-100..200_i64)).prop_map(|(scope, gained, lapses)| {
        CheckoutFact {
            scope,
            level: Level::PLAIN,
            granted_at: hours_on(gained),
            expires_at: lapses.map(hours_on),
            last_used_at: None,
        }
    })
}

fn held() -> impl Strategy<Value = Vec<OpenReservation>> {
    collection::vec((-10..200_i64, 1..4_i64), 0..5).prop_map(|times| {
        let numbered = times.into_iter().enumerate();
        let held = |(index, (start, length))| OpenReservation {
            reservation_id: id(&format!("rsv_{index}")),
            resource_id: id("mch_printer"),
            category: "printers".to_owned(),
            event_type_id: None,
            interval: Interval::new(hours_on(start), hours_on(start + length)).unwrap(),
            made_at: None,
        };
        numbered.map(held).collect()
    })
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let training = (0..3_u8, 1..=100_u8, option::of(1..80_u32));
    prop_oneof![
        training.prop_map(|(module, minimum_percent, valid_for_days)| {
            let module_id = id(&format!("mod_{module}"));
            Requirement::Training(TrainingRequirement {
                module_id,
                minimum_percent,
                watched_seconds: None,
                valid_for_days,
            })
        }),
        Just(Requirement::Checkout(CheckoutRequirement::MACHINE)),
        Just(Requirement::Checkout(CheckoutRequirement::CATEGORY)),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let notice = (0..300_u32, 0..300_u32, 0..300_u32);
    let duration = (option::of(1..90_u32), option::of(30..200_u32), option::of(1..60_u32));
    let limits = (option::of(1..10_u32), option::of(1..60_u32), option::of(0..5_u32));
    (notice, duration, limits, any::<[bool; 3]>()).prop_map(
        |(notice, duration, limits, [hours, allow_parallel, approval])| Rules {
            opening_hours: hours.then(demo_hours).into(),
            horizon_days: limits.0.into(),
            notice: Notice::of(notice.0, notice.1, notice.2),
            duration: DurationRule {
                minimum_minutes: duration.0,
                maximum_minutes: duration.1.into(),
                step_minutes: duration.2,
            },
            grid_minutes: limits.1,
            open_cap: limits.2.into(),
            allow_parallel: Some(allow_parallel),
            needs_approval: approval.then(ApprovalRule::default).into(),
            ..Rules::default()
        },
    )
}

prop_compose! {
    fn world()(
        status in sample::select(vec![
            AccountStatus::Active, AccountStatus::Active, AccountStatus::Active,
            AccountStatus::Suspended, AccountStatus::Banned,
        ]),
        trainings in collection::vec(training(), 0..5),
        checkouts in collection::vec(checkout(), 0..4),
        open_reservations in held(),
        requirements in collection::vec(requirement(), 0..5),
        rules in rules(),
        active in sample::select(vec![true, true, true, false]),
    ) -> World {
        let mut world = World::laser();
        world.member.status = status;
        world.member.trainings = trainings;
        world.member.checkouts = checkouts;
        world.member.open_reservations = open_reservations;
        world.resource.active = active;
        world.policy.requirements = requirements;
        world.policy.rules = rules;
        world
    }
}

fn request() -> impl Strategy<Value = Request> {
    let time = (-120..12_000_i64, sample::select(vec![30_i64, 45, 60, 90]));
    option::weighted(0.9, time).prop_map(|time| Request {
        interval: time.map(|(start, length)| {
            let start = at(NOW).checked_add(minutes(start)).unwrap();
            Interval::lasting(start, minutes(length)).unwrap()
        }),
        event_type_id: None,
    })
}

fn purpose() -> impl Strategy<Value = Purpose> {
    sample::select(vec![
        Purpose::View,
        Purpose::Create,
        Purpose::Change(id("rsv_0")),
        cancelling(),
        Purpose::Keep,
    ])
}

/// Each reason as text, so that two verdicts compare as sets.
fn reasons(verdict: &Verdict) -> BTreeSet<String> {
    verdict.reasons.iter().map(|reason| format!("{reason:?}")).collect()
}

/// At most as many reasons of each family, so that nothing was added; a proof that lapses may
/// stand where one that is missing stood.
fn no_worse(after: &Verdict, before: &Verdict) -> bool {
    let count = |verdict: &Verdict, family: &str| {
        verdict.reasons.iter().filter(|reason| reason.code.as_str().starts_with(family)).count()
    };
    let families = ReasonCode::ALL.iter().filter_map(|code| code.as_str().split('_').next());
    let families: BTreeSet<&str> = families.collect();
    families.into_iter().all(|family| count(after, family) <= count(before, family))
}

fn mix<T>(list: &mut [T], turn: usize) {
    list.reverse();
    let turn = turn.min(list.len());
    list.rotate_left(turn);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_training_never_adds_a_reason(
        mut world in world(), request in request(), purpose in purpose(), more in training(),
    ) {
        let before = world.judge(&request, &purpose);
        world.member.trainings.push(more);
        prop_assert!(no_worse(&world.judge(&request, &purpose), &before));
    }

    #[test]
    fn another_checkout_never_adds_a_reason(
        mut world in world(), request in request(), purpose in purpose(), more in checkout(),
    ) {
        let before = world.judge(&request, &purpose);
        world.member.checkouts.push(more);
        prop_assert!(no_worse(&world.judge(&request, &purpose), &before));
    }

    #[test]
    fn longer_and_better_proofs_never_add_a_reason(
        mut world in world(), request in request(), purpose in purpose(), hours in 0..500_i64,
    ) {
        let before = world.judge(&request, &purpose);
        let longer = SignedDuration::from_hours(hours);
        for checkout in &mut world.member.checkouts {
            checkout.expires_at = checkout.expires_at.map(|at| at.checked_add(longer).unwrap());
        }
        for training in &mut world.member.trainings {
            training.percent = training.percent.saturating_add(10).min(100);
        }
        prop_assert!(no_worse(&world.judge(&request, &purpose), &before));
    }

    #[test]
    fn one_requirement_fewer_leaves_a_part_of_the_reasons(
        mut world in world(), request in request(), purpose in purpose(),
        one in requirement(), which in any::<sample::Index>(),
    ) {
        world.policy.requirements.push(one);
        let before = world.judge(&request, &purpose);
        let index = which.index(world.policy.requirements.len());
        world.policy.requirements.remove(index);
        let after = world.judge(&request, &purpose);
        prop_assert!(reasons(&after).is_subset(&reasons(&before)));
        prop_assert!(after.permits() || !before.permits());
    }

    #[test]
    fn no_rule_hides_another(
        mut world in world(), request in request(), purpose in purpose(),
    ) {
        let all = world.judge(&request, &purpose);
        world.policy.requirements.clear();
        let rules = reasons(&world.judge(&request, &purpose));
        world.policy.rules = Rules { allow_parallel: Some(true), ..Rules::default() };
        let least = reasons(&world.judge(&request, &purpose));
        prop_assert!(rules.is_subset(&reasons(&all)));
        let notice = |text: &String| text.contains("Notice");
        prop_assert!(least.iter().all(|text| notice(text) || rules.contains(text)));
    }

    #[test]
    fn one_reservation_fewer_leaves_no_more_reasons(
        mut world in world(), request in request(), purpose in purpose(),
    ) {
        let before = world.judge(&request, &purpose);
        world.member.open_reservations.pop();
        prop_assert!(no_worse(&world.judge(&request, &purpose), &before));
    }

    #[test]
    fn the_order_of_facts_does_not_matter(
        mut world in world(), request in request(), purpose in purpose(), turn in 0..5_usize,
    ) {
        let before = world.judge(&request, &purpose);
        mix(&mut world.member.trainings, turn);
        mix(&mut world.member.checkouts, turn);
        mix(&mut world.member.open_reservations, turn);
        mix(&mut world.resource.event_types, turn);
        prop_assert_eq!(world.judge(&request, &purpose), before);
    }

    #[test]
    fn the_order_of_requirements_does_not_matter(
        mut world in world(), request in request(), purpose in purpose(), turn in 0..5_usize,
    ) {
        let before = world.judge(&request, &purpose);
        let turn = turn.min(world.policy.requirements.len());
        world.policy.requirements.rotate_left(turn);
        world.policy.requirements.reverse();
        prop_assert_eq!(reasons(&world.judge(&request, &purpose)), reasons(&before));
    }

    #[test]
    fn who_is_banned_is_refused_whatever_he_asks(
        mut world in world(), request in request(), purpose in purpose(),
    ) {
        world.member.status = AccountStatus::Banned;
        let verdict = world.judge(&request, &purpose);
        prop_assert_eq!(verdict.decision, Decision::Refuse);
        prop_assert_eq!(verdict.reasons[0].code, ReasonCode::AccountBanned);
    }

    #[test]
    fn a_permit_is_a_verdict_without_a_blocking_reason(
        world in world(), request in request(), purpose in purpose(),
    ) {
        let verdict = world.judge(&request, &purpose);
        let blocks = verdict.reasons.iter().any(|reason| reason.severity == Severity::Block);
        let asks = verdict.reasons.iter().any(|reason| reason.severity == Severity::Approval);
        prop_assert_eq!(verdict.refuses(), blocks);
        prop_assert_eq!(verdict.decision == Decision::NeedsApproval, asks && !blocks);
        prop_assert_eq!(verdict.permits(), !blocks && !asks);
        prop_assert_eq!(verdict.decision == Decision::Permit, verdict.reasons.is_empty());
    }

    #[test]
    fn keeping_asks_no_more_than_creating(world in world(), request in request()) {
        let keep = world.judge(&request, &Purpose::Keep);
        let create = world.judge(&request, &Purpose::Create);
        prop_assert!(reasons(&keep).is_subset(&reasons(&create)));
    }

    #[test]
    fn moving_asks_no_more_than_creating_but_for_its_own_notice(
        world in world(), request in request(),
    ) {
        let change = world.judge(&request, &Purpose::Change(id("rsv_0")));
        let create = world.judge(&request, &Purpose::Create);
        let mut added = change.reasons.iter().filter(|reason| {
            !create.reasons.iter().any(|other| other.code == reason.code)
        });
        prop_assert!(added.all(|reason| reason.code == ReasonCode::NoticeChange));
        prop_assert!(change.reasons.len() <= create.reasons.len() + 1);
    }

    #[test]
    fn the_same_question_has_the_same_answer_in_the_same_order(
        world in world(), request in request(), purpose in purpose(),
    ) {
        let verdict = world.judge(&request, &purpose);
        prop_assert_eq!(&world.judge(&request, &purpose), &verdict);
        prop_assert!(verdict.reasons.is_sorted_by_key(|reason| reason.code));
        let graver = |reason: &&Reason| verdict.refuses() == (reason.severity == Severity::Block);
        let led = verdict.reasons.iter().filter(graver).map(|reason| reason.code.class()).min();
        prop_assert_eq!(verdict.leading_class(), led);
    }

    #[test]
    fn at_the_instant_named_a_reason_holds_no_longer(
        mut world in world(), request in request(),
    ) {
        for reason in world.judge(&request, &Purpose::Create).reasons {
            let Some(from) = reason.true_from else { continue };
            prop_assert!(from > at(NOW));
            world.now = from;
            let then = world.judge(&request, &Purpose::Create);
            prop_assert!(then.reasons.iter().all(|other| other.code != reason.code));
        }
    }

    #[test]
    fn a_policy_is_read_back_as_it_was_written(world in world()) {
        let written = serde_json::to_string(&world.policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<Policy>(&written).unwrap(), world.policy);
    }

    #[test]
    fn taken_times_never_overlap_across_days(
        wanted in collection::vec((0..4_000_i64, 1..2_000_i64), 0..30),
    ) {
        let mut days: Vec<LedgerDay> = Vec::new();
        let mut taken: Vec<Interval> = Vec::new();
        for (index, (start, length)) in wanted.into_iter().enumerate() {
            let start = at("2026-03-01T00:00:00Z").checked_add(minutes(start)).unwrap();
            let held = Interval::lasting(start, minutes(length)).unwrap();
            let touched = days_of(&held);
            for date in &touched {
                if days.iter().all(|day| day.day != *date) {
                    days.push(LedgerDay::empty(*date));
                }
            }
            let mut own = days.iter_mut().filter(|day| touched.contains(&day.day));
            let free = own.all(|day| day.conflicts(&held, None).is_none());
            prop_assert_eq!(free, taken.iter().all(|other| !other.overlaps(&held)));
            if !free {
                continue;
            }
            taken.push(held);
            let entry = LedgerEntry { reservation_id: id(&format!("rsv_{index}")), held };
            for day in days.iter_mut().filter(|day| touched.contains(&day.day)) {
                prop_assert_eq!(day.insert(entry.clone()), Ok(()));
            }
        }
    }

    #[test]
    fn giving_back_undoes_taking(
        taken in collection::vec((0..1_200_i64, 1..60_i64), 0..12),
        wanted in (0..1_200_i64, 1..60_i64),
    ) {
        let entry = |name: String, (start, length): (i64, i64)| {
            let start = at("2026-03-01T00:00:00Z").checked_add(minutes(start)).unwrap();
            let held = Interval::lasting(start, minutes(length)).unwrap();
            LedgerEntry { reservation_id: id(&name), held }
        };
        let mut day = LedgerDay::empty("2026-03-01".parse().unwrap());
        for (index, time) in taken.into_iter().enumerate() {
            let _ = day.insert(entry(format!("rsv_{index}"), time));
        }
        let before = day.clone();
        let wanted = entry("rsv_new".to_owned(), wanted);
        if day.insert(wanted.clone()).is_ok() {
            prop_assert_eq!(day.conflicts(&wanted.held, None), Some(&wanted));
            day.release(&wanted.reservation_id, Some(&wanted.held));
        }
        prop_assert_eq!(day, before);
    }

    #[test]
    fn the_days_of_a_time_are_those_it_shares_an_instant_with(
        start in 0..10_000_i64, length in 1..10_000_i64,
    ) {
        let origin = at("2026-02-20T00:00:00Z");
        let start = origin.checked_add(minutes(start)).unwrap();
        let held = Interval::lasting(start, minutes(length)).unwrap();
        let touched = days_of(&held);
        for number in -1..20_i64 {
            let midnight = origin.checked_add(SignedDuration::from_hours(24 * number)).unwrap();
            let day = Interval::lasting(midnight, SignedDuration::from_hours(24)).unwrap();
            let date = midnight.to_zoned(jiff::tz::TimeZone::UTC).date();
            prop_assert_eq!(touched.contains(&date), day.overlaps(&held), "{}", date);
        }
        prop_assert!(touched.is_sorted_by(|one, other| one < other));
    }
}
