//! What holds of the whole set of rules, whatever the facts: more proof never hurts, and the order
//! of facts does not show (FEATURES 5.3 rule 9).

use interlock_policy::{
    ByWho, CheckoutFact, CheckoutRequirement, CheckoutScope, Combined, Decision, EventTypeId,
    ExemptionFact, Interval, Level, LevelValue, MembershipRequirement, Notice, OffPeak,
    OpenReservation, OutageFact, PastUse, Purpose, Quota, QuotaMeasure, QuotaPeriod, QuotaScope,
    ReasonCode, Request, Requirement, Rules, StrikeCause, StrikeFact, StrikeLimit, StrikeRule,
    UseOutcome, Varied,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::{collection, option, sample};

use crate::support::*;

fn hours_on(count: i64) -> Timestamp {
    at(NOW).checked_add(SignedDuration::from_hours(count)).unwrap()
}

fn stretch(from: i64, length: i64) -> Interval {
    Interval::new(hours_on(from), hours_on(from + length)).unwrap()
}

fn limit() -> impl Strategy<Value = ByWho<u32>> {
    (0..200_u32, collection::vec(0..100_u32, 0..3)).prop_map(|(base, more)| {
        let mut value = base;
        let mut level = |(index, more): (usize, u32)| {
            value += more;
            LevelValue { from: Level(u8::try_from(index + 1).unwrap()), value }
        };
        let levels = more.into_iter().enumerate().map(&mut level).collect();
        ByWho::Varied(Varied { base, groups: Vec::new(), levels })
    })
}

fn quota() -> impl Strategy<Value = Quota> {
    let per = sample::select(vec![
        QuotaPeriod::Day,
        QuotaPeriod::Week,
        QuotaPeriod::Month,
        QuotaPeriod::Year,
        QuotaPeriod::SlidingDays(1),
        QuotaPeriod::SlidingDays(5),
    ]);
    let scope = sample::select(vec![QuotaScope::Resource, QuotaScope::Category, QuotaScope::All]);
    (any::<[bool; 4]>(), limit(), per, scope).prop_map(
        |([count, completed_count, late_cancels_count, inside], limit, per, scope)| Quota {
            measure: if count { QuotaMeasure::Count } else { QuotaMeasure::Minutes },
            limit,
            per,
            scope,
            hours: inside.then(demo_hours),
            completed_count,
            late_cancels_count,
        },
    )
}

fn strike_rule() -> impl Strategy<Value = StrikeRule> {
    let limit = (1..6_u32, option::of(1..40_u32), option::of(1..4_u32), any::<bool>());
    collection::vec(limit, 0..3).prop_map(|limits| StrikeRule {
        no_show_points: 2,
        late_cancel_points: 1,
        decay_days: 20,
        limits: limits
            .into_iter()
            .map(|(from_points, horizon_days, open_cap, needs_approval)| StrikeLimit {
                from_points,
                horizon_days,
                open_cap,
                maximum_minutes: None,
                needs_approval,
            })
            .collect(),
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let quotas = collection::vec(quota(), 0..4);
    (quotas, option::of(strike_rule()), 0..90_u32, any::<[bool; 3]>()).prop_map(
        |(quotas, strikes, gap, [chain, quiet, parallel])| Rules {
            quotas,
            strikes,
            minimum_gap_minutes: gap.into(),
            no_chaining: chain,
            off_peak: quiet
                .then(|| OffPeak { weekend: true, daily: Some(range("18:00", "07:00")) }),
            allow_parallel: Some(parallel),
            notice: Notice::of(30, 30, 30),
            ..Rules::default()
        },
    )
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let single = prop_oneof![
        Just(Requirement::Membership(MembershipRequirement::default())),
        (option::of(1..3_u8), option::of(1..60_u32), option::of(1..60_u32)).prop_map(
            |(level, idle, never)| Requirement::Checkout(CheckoutRequirement {
                minimum_level: level.map(Level),
                lapses_after_days_unused: idle,
                lapses_if_unused_for_days: never,
                ..CheckoutRequirement::CATEGORY
            })
        ),
    ];
    single.prop_recursive(3, 8, 3, |inner| {
        (collection::vec(inner, 1..3), any::<bool>()).prop_map(|(of, all)| {
            let parts = Combined { of };
            if all { Requirement::All(parts) } else { Requirement::Any(parts) }
        })
    })
}

fn checkout() -> impl Strategy<Value = CheckoutFact> {
    (0..3_u8, -2000..0_i64, option::of(-100..900_i64), option::of(-1000..0_i64)).prop_map(
        |(level, gained, lapses, used)| CheckoutFact {
            scope: CheckoutScope::Category("lasers".to_owned()),
            level: Level(level),
            granted_at: hours_on(gained),
            expires_at: lapses.map(hours_on),
            last_used_at: used.map(hours_on),
        },
    )
}

fn held() -> impl Strategy<Value = Vec<OpenReservation>> {
    collection::vec((-10..300_i64, 1..30_i64, any::<bool>()), 0..5).prop_map(|times| {
        let fact = |(index, (start, length, here)): (usize, (i64, i64, bool))| OpenReservation {
            reservation_id: id(&format!("rsv_{index}")),
            resource_id: id(if here { "mch_laser" } else { "mch_printer" }),
            category: "lasers".to_owned(),
            event_type_id: Some(EventTypeId(1)),
            interval: stretch(start, length),
            made_at: None,
        };
        times.into_iter().enumerate().map(fact).collect()
    })
}

fn past() -> impl Strategy<Value = PastUse> {
    let outcome =
        sample::select(vec![UseOutcome::Completed, UseOutcome::NoShow, UseOutcome::CancelledLate]);
    (-900..-30_i64, 1..30_i64, outcome).prop_map(|(start, length, outcome)| PastUse {
        resource_id: id("mch_laser"),
        category: "lasers".to_owned(),
        event_type_id: Some(EventTypeId(1)),
        interval: stretch(start, length),
        outcome,
    })
}

fn strike() -> impl Strategy<Value = StrikeFact> {
    (-700..0_i64, any::<bool>()).prop_map(|(hours, missed)| StrikeFact {
        at: hours_on(hours),
        cause: if missed { StrikeCause::NoShow } else { StrikeCause::LateCancel },
    })
}

fn exemption() -> impl Strategy<Value = ExemptionFact> {
    let codes = collection::vec(sample::select(ReasonCode::ALL), 1..6);
    (0..3_u8, codes, -50..50_i64, 1..600_i64).prop_map(|(name, codes, from, length)| {
        ExemptionFact { id: id(&format!("exm_{name}")), codes, valid: stretch(from, length) }
    })
}

fn outage() -> impl Strategy<Value = OutageFact> {
    (0..3_u8, -50..300_i64, option::of(1..50_i64)).prop_map(|(name, from, length)| OutageFact {
        id: id(&format!("otg_{name}")),
        starts_at: hours_on(from),
        ends_at: length.map(|length| hours_on(from + length)),
    })
}

prop_compose! {
    fn world()(
        rules in rules(),
        requirements in collection::vec(requirement(), 0..3),
        checkouts in collection::vec(checkout(), 0..4),
        open_reservations in held(),
        past_uses in collection::vec(past(), 0..6),
        strikes in collection::vec(strike(), 0..4),
        exemptions in collection::vec(exemption(), 0..3),
        outages in collection::vec(outage(), 0..2),
        membership in option::of(-50..600_i64),
    ) -> World {
        let mut world = World::laser();
        world.policy.rules = rules;
        world.policy.requirements = requirements;
        world.member.checkouts = checkouts;
        world.member.open_reservations = open_reservations;
        world.member.past_uses = past_uses;
        world.member.strikes = strikes;
        world.member.exemptions = exemptions;
        world.member.membership_until = membership.map(hours_on);
        world.resource.outages = outages;
        world
    }
}

fn request() -> impl Strategy<Value = Request> {
    (1..300_i64, sample::select(vec![30_i64, 60])).prop_map(|(start, length)| Request {
        interval: Interval::lasting(hours_on(start), minutes(length)).ok(),
        event_type_id: Some(EventTypeId(if length == 60 { 1 } else { 2 })),
    })
}

fn purpose() -> impl Strategy<Value = Purpose> {
    sample::select(vec![
        Purpose::View,
        Purpose::Create,
        Purpose::Change(id("rsv_0")),
        Purpose::Cancel(id("rsv_0")),
        Purpose::Use,
        Purpose::Keep,
    ])
}

/// From the best answer to the worst.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::Permit => 0,
        Decision::PermitWithConditions => 1,
        Decision::NeedsApproval => 2,
        Decision::Refuse => 3,
    }
}

fn answer(world: &World, request: &Request, purpose: &Purpose) -> u8 {
    rank(world.judge(request, purpose).decision)
}

#[test]
fn two_exemptions_of_one_name_are_told_apart_whatever_their_order() {
    let [short, long] = [10, 11].map(|length| ExemptionFact {
        id: id("exm_0"),
        codes: vec![ReasonCode::CheckoutMissing],
        valid: stretch(0, length),
    });
    let mut world = World::laser();
    world.member.checkouts.clear();
    world.member.exemptions = vec![short, long];
    let request = Request { interval: None, event_type_id: None };
    let before = world.judge(&request, &Purpose::View);
    assert!(before.reasons.iter().any(|reason| reason.waived_by.is_some()));
    world.member.exemptions.reverse();
    assert_eq!(world.judge(&request, &Purpose::View), before);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_checkout_never_makes_the_answer_worse(
        mut world in world(), request in request(), purpose in purpose(), more in checkout(),
    ) {
        let before = answer(&world, &request, &purpose);
        world.member.checkouts.push(more);
        prop_assert!(answer(&world, &request, &purpose) <= before);
    }

    #[test]
    fn a_higher_level_and_a_later_use_never_make_the_answer_worse(
        mut world in world(), request in request(), purpose in purpose(), later in 0..500_i64,
    ) {
        let before = answer(&world, &request, &purpose);
        for fact in &mut world.member.checkouts {
            fact.level = Level(fact.level.0 + 1);
            let used = fact.last_used_at.unwrap_or(fact.granted_at);
            fact.last_used_at = used.checked_add(SignedDuration::from_hours(later)).ok();
        }
        prop_assert!(answer(&world, &request, &purpose) <= before);
    }

    #[test]
    fn another_exemption_never_makes_the_answer_worse(
        mut world in world(), request in request(), purpose in purpose(), more in exemption(),
    ) {
        let before = answer(&world, &request, &purpose);
        world.member.exemptions.push(more);
        prop_assert!(answer(&world, &request, &purpose) <= before);
    }

    #[test]
    fn a_use_or_a_strike_fewer_never_makes_the_answer_worse(
        mut world in world(), request in request(), purpose in purpose(),
    ) {
        let before = answer(&world, &request, &purpose);
        world.member.past_uses.pop();
        prop_assert!(answer(&world, &request, &purpose) <= before);
        world.member.strikes.pop();
        prop_assert!(answer(&world, &request, &purpose) <= before);
        world.resource.outages.pop();
        prop_assert!(answer(&world, &request, &purpose) <= before);
    }

    #[test]
    fn another_rule_or_requirement_never_makes_the_answer_better(
        mut world in world(), request in request(), purpose in purpose(),
        quota in quota(), requirement in requirement(),
    ) {
        let before = answer(&world, &request, &purpose);
        world.policy.rules.quotas.push(quota);
        prop_assert!(answer(&world, &request, &purpose) >= before);
        world.policy.requirements.push(requirement);
        prop_assert!(answer(&world, &request, &purpose) >= before);
        world.policy.rules.off_peak = None;
        prop_assert!(answer(&world, &request, &purpose) >= before);
    }

    #[test]
    fn an_overlay_never_makes_the_answer_better(
        mut world in world(), request in request(), purpose in purpose(), rules in rules(),
    ) {
        let before = answer(&world, &request, &purpose);
        world.policy.overlays = vec![interlock_policy::Overlay {
            event_type_id: EventTypeId(1),
            requirements: Vec::new(),
            rules,
        }];
        prop_assert!(answer(&world, &request, &purpose) >= before);
    }

    #[test]
    fn the_order_of_all_facts_does_not_matter(
        mut world in world(), request in request(), purpose in purpose(),
    ) {
        let before = world.judge(&request, &purpose);
        world.member.checkouts.reverse();
        world.member.open_reservations.reverse();
        world.member.past_uses.reverse();
        world.member.strikes.reverse();
        world.member.exemptions.reverse();
        world.resource.outages.reverse();
        prop_assert_eq!(world.judge(&request, &purpose), before);
    }

    #[test]
    fn every_generated_policy_is_one_that_may_be_saved_and_comes_back(world in world()) {
        prop_assert!(world.policy.validate().err().into_iter().flatten()
            .all(|fault| fault.detail.contains("already") || fault.detail.contains("least one")));
        let written = serde_json::to_string(&world.policy).unwrap();
        let read: interlock_policy::Policy = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(read, world.policy);
    }

    #[test]
    fn no_minute_of_a_reservation_is_lost_or_counted_twice(
        start in 0..300_i64, length in 1..40_i64, zone in sample::select(vec![
            "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC",
        ]),
    ) {
        // A reservation of some minutes is over by exactly one minute with one minute less.
        let minutes_of_it = u32::try_from(length * 60).unwrap();
        for per in [QuotaPeriod::Year, QuotaPeriod::SlidingDays(60)] {
            for (limit, permits) in [(minutes_of_it, true), (minutes_of_it - 1, false)] {
                let mut world = World::bare(zone, Rules {
                    quotas: vec![Quota {
                        measure: QuotaMeasure::Minutes,
                        limit: limit.into(),
                        per,
                        scope: QuotaScope::All,
                        hours: None,
                        completed_count: true,
                        late_cancels_count: false,
                    }],
                    ..Rules::default()
                });
                world.resource.event_types = vec![(EventTypeId(1), minutes_of_it)];
                let interval = stretch(start + 1, length);
                let request = Request { interval: Some(interval), event_type_id: None };
                let verdict = world.judge(&request, &Purpose::Create);
                prop_assert_eq!(verdict.permits(), permits, "{:?}", verdict.reasons);
            }
        }
    }
}
