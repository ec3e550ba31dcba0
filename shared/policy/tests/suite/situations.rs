//! Outages, closures, gaps, trials, company, strikes and exemptions.

use interlock_policy::{
    AreaRule, Closure, ContentsRule, Decision, EventTypeId, ExemptionFact, FirstTime,
    OpenReservation, OutageFact, Overlay, Purpose, ReasonCode, Request, Rules, Severity,
    StrikeCause, StrikeFact, StrikeLimit, StrikeRule, UseSummary,
};

use crate::support::*;

const NOON: &str = "2026-03-02T11:00:00Z";

fn bare(rules: Rules) -> World {
    World::bare("Europe/Berlin", rules)
}

fn here(reservation: &str, start: &str, length: i64) -> OpenReservation {
    OpenReservation { resource_id: id("mch_laser"), ..open(reservation, start, length) }
}

fn outage(starts_at: &str, ends_at: Option<&str>) -> OutageFact {
    OutageFact { id: id("otg_1"), starts_at: at(starts_at), ends_at: ends_at.map(at) }
}

#[test]
fn an_outage_takes_the_instants_it_lasts() {
    let cases = [
        ("2026-03-02T10:00:00Z", Some("2026-03-02T11:00:00Z"), true),
        ("2026-03-02T10:00:00Z", Some("2026-03-02T11:00:01Z"), false),
        ("2026-03-02T11:59:59Z", Some("2026-03-02T13:00:00Z"), false),
        ("2026-03-02T12:00:00Z", None, true),
        ("2026-03-02T10:00:00Z", None, false),
    ];
    for (starts_at, ends_at, permits) in cases {
        let mut world = bare(Rules::default());
        world.resource.outages = vec![outage(starts_at, ends_at)];
        assert_eq!(world.create(NOON, 60).permits(), permits, "{starts_at} {ends_at:?}");
        let keep = world.judge(&asked(NOON, 60), &Purpose::Keep);
        assert_eq!(keep.permits(), permits, "what is held no longer fits either");
        assert!(world.judge(&asked(NOON, 60), &cancelling()).permits());
    }
}

#[test]
fn on_a_broken_machine_a_reservation_shrinks_and_does_not_grow_or_move() {
    let mut world = bare(Rules::default());
    world.member.open_reservations = vec![here("rsv_1", NOON, 60)];
    let cases = [(NOON, 30, true), ("2026-03-02T11:30:00Z", 30, true), (NOON, 60, true)]
        .into_iter()
        .chain([("2026-03-02T10:30:00Z", 60, false), ("2026-03-02T11:31:00Z", 30, false)]);
    for (start, length, permits) in cases {
        let change = |world: &World| {
            world.judge(&asked(start, length), &Purpose::Change(id("rsv_1"))).permits()
        };
        let mut broken = world.clone();
        broken.resource.outages = vec![outage("2026-03-01T00:00:00Z", None)];
        assert_eq!(change(&broken), permits, "{start} {length}");
        broken = world.clone();
        broken.resource.active = false;
        assert_eq!(change(&broken), permits, "{start} {length}");
    }
}

#[test]
fn a_closure_takes_whole_days_of_the_resource_or_the_time_it_names() {
    let days = Closure::Days {
        from: "2026-03-10".parse().unwrap(),
        to: "2026-03-11".parse().unwrap(),
        note: Some("stocktaking".to_owned()),
    };
    let time = Closure::Time {
        start: at("2026-03-09T23:00:00Z"),
        end: at("2026-03-11T23:00:00Z"),
        note: None,
    };
    for closure in [days, time] {
        let world = bare(Rules { closures: vec![closure.clone()], ..Rules::default() });
        for (start, permits) in [
            ("2026-03-09T22:00:00Z", true),
            ("2026-03-09T22:01:00Z", false),
            ("2026-03-11T22:59:00Z", false),
            ("2026-03-11T23:00:00Z", true),
        ] {
            assert_eq!(world.create(start, 60).permits(), permits, "{closure:?} {start}");
        }
    }
}

#[test]
fn a_gap_is_kept_before_and_after_and_chains_are_broken() {
    let gap = || Rules { minimum_gap_minutes: 30.into(), ..Rules::default() };
    let chain = || Rules { no_chaining: true, ..Rules::default() };
    let cases: [(Rules, &str, &[&str]); 8] = [
        (gap(), "2026-03-02T09:30:00Z", &[]),
        (gap(), "2026-03-02T09:31:00Z", &["reservation_gap_short"]),
        (gap(), "2026-03-02T12:29:00Z", &["reservation_gap_short"]),
        (gap(), "2026-03-02T12:30:00Z", &[]),
        (chain(), "2026-03-02T10:00:00Z", &["reservation_chained"]),
        (chain(), "2026-03-02T09:59:00Z", &[]),
        (chain(), "2026-03-02T12:00:00Z", &["reservation_chained"]),
        (chain(), "2026-03-02T12:01:00Z", &[]),
    ];
    for (rules, start, expected) in cases {
        let mut world = bare(rules);
        world.member.open_reservations = vec![here("rsv_1", NOON, 60)];
        assert_eq!(codes(&world.create(start, 60)), expected, "{start}");
        world.member.open_reservations = vec![open("rsv_1", NOON, 60)];
        assert!(world.create(start, 60).permits(), "another machine is no neighbour");
    }
}

/// A reservation of another machine.
fn of(reservation: &str, machine: &str, start: &str, length: i64) -> OpenReservation {
    OpenReservation { resource_id: id(machine), ..open(reservation, start, length) }
}

#[test]
fn whoever_uses_it_holds_the_area_around_it_throughout() {
    let area = |start_only| Rules {
        area: Some(AreaRule { resource_id: id("mch_hall"), start_only }),
        ..Rules::default()
    };
    let (before, during) = ("2026-03-02T10:00:00Z", "2026-03-02T11:30:00Z");
    // The hall in one piece or two, whether an hour from noon is covered, and whether its start is.
    let cases = [
        (vec![of("rsv_1", "mch_hall", NOON, 60)], true, true),
        (
            vec![of("rsv_1", "mch_hall", before, 90), of("rsv_2", "mch_hall", during, 30)],
            true,
            true,
        ),
        (
            vec![of("rsv_1", "mch_hall", before, 90), of("rsv_2", "mch_hall", during, 29)],
            false,
            true,
        ),
        (vec![of("rsv_1", "mch_hall", before, 60)], false, false),
        (vec![of("rsv_1", "mch_hall", during, 60)], false, false),
        (vec![of("rsv_1", "mch_other", NOON, 60)], false, false),
        (Vec::new(), false, false),
    ];
    for (held, whole, start) in cases {
        for (start_only, covered) in [(false, whole), (true, start)] {
            let mut world = bare(area(start_only));
            world.member.open_reservations.clone_from(&held);
            let expected: &[&str] = if covered { &[] } else { &["reservation_uncovered"] };
            let verdict = world.create(NOON, 60);
            assert_eq!(codes(&verdict), expected, "{start_only} {held:?}");
            let hrefs = verdict.reasons.iter().map(|reason| reason.next_steps[0].href.clone());
            assert!(hrefs.eq((!covered).then(|| Some("/machines/mch_hall".into()))));
        }
    }
}

#[test]
fn an_area_is_not_taken_from_around_what_is_held_in_it() {
    let contents = ContentsRule { resource_ids: vec![id("mch_saw")], start_only: false };
    let mut world = bare(Rules { contents: Some(contents), ..Rules::default() });
    let said = |world: &World, purpose: &Purpose, start: &str| {
        codes(&world.judge(&asked(start, 60), purpose)).join(" ")
    };
    let change = Purpose::Change(id("rsv_1"));
    let (saw, later) = ("2026-03-02T11:30:00Z", "2026-03-02T11:31:00Z");
    world.member.open_reservations = vec![here("rsv_1", NOON, 60), of("rsv_2", "mch_saw", saw, 30)];
    assert_eq!(said(&world, &change, saw), "", "still around it");
    assert_eq!(said(&world, &change, later), "reservation_needed");
    assert_eq!(said(&world, &Purpose::Cancel(id("rsv_1")), NOON), "", "to give back is free");
    assert_eq!(said(&world, &Purpose::Create, later), "", "nothing is taken away");
    world.member.open_reservations.push(here("rsv_3", saw, 30));
    assert_eq!(said(&world, &change, later), "", "another one is around it as well");
    world.member.open_reservations = vec![here("rsv_1", NOON, 60), of("rsv_2", "mch_saw", saw, 31)];
    assert_eq!(said(&world, &change, later), "", "it was not covered before");
    world.member.open_reservations =
        vec![here("rsv_1", NOON, 60), of("rsv_2", "mch_mill", saw, 30)];
    assert_eq!(said(&world, &change, later), "", "it is not among the contents");
}

#[test]
fn what_has_just_ended_in_an_area_needs_it_no_longer() {
    let contents = ContentsRule { resource_ids: vec![id("mch_saw")], start_only: false };
    let mut world = bare(Rules { contents: Some(contents), ..Rules::default() });
    let change = Purpose::Change(id("rsv_1"));
    for (length, needed) in [(60, false), (61, true)] {
        let (area, saw) = (here("rsv_1", "2026-03-02T06:00:00Z", 120), "2026-03-02T06:00:00Z");
        world.member.open_reservations = vec![area, of("rsv_2", "mch_saw", saw, length)];
        let verdict = world.judge(&asked(NOON, 60), &change);
        let said = codes(&verdict).contains(&"reservation_needed");
        assert_eq!(said, needed, "ends {} after now", length - 60);
    }
}

#[test]
fn a_trial_is_for_who_is_new() {
    let kind = Some(EventTypeId(1));
    let request = Request { event_type_id: kind, ..asked(NOON, 60) };
    let overlay = |first| Overlay {
        event_type_id: EventTypeId(1),
        requirements: Vec::new(),
        rules: Rules { first_time_only: Some(first), ..Rules::default() },
    };
    // Resource and kind used before: is that still new to the resource, and to the kind?
    let cases = [
        ("mch_laser", 1, false, false),
        ("mch_laser", 2, false, true),
        ("mch_other", 1, true, false),
        ("mch_other", 2, true, true),
    ];
    for (resource, used, to_resource, to_kind) in cases {
        for (first, new) in [(FirstTime::Resource, to_resource), (FirstTime::EventType, to_kind)] {
            let mut world = bare(Rules::default());
            world.policy.overlays = vec![overlay(first)];
            world.member.completed = vec![UseSummary {
                resource_id: id(resource),
                event_type_id: Some(EventTypeId(used)),
                count: 1,
                last_ended_at: at("2025-01-01T00:00:00Z"),
            }];
            let verdict = world.judge(&request, &Purpose::Create);
            assert_eq!(verdict.permits(), new, "{resource} {used} {first:?}");
            let told = verdict.reasons.first().map(|reason| value(reason, "newTo"));
            let new_to = if first == FirstTime::Resource { "resource" } else { "event_type" };
            assert_eq!(told.as_deref(), (!new).then_some(new_to));
            world.member.completed.clear();
            let mut held = open("rsv_1", "2026-03-05T11:00:00Z", 60);
            held.resource_id = id(resource);
            held.event_type_id = Some(EventTypeId(used));
            world.member.open_reservations = vec![held];
            assert_eq!(world.judge(&request, &Purpose::Create).permits(), new, "held ahead");
            let own = world.judge(&request, &Purpose::Change(id("rsv_1")));
            assert!(own.permits(), "the trial itself may be moved");
        }
    }
}

#[test]
fn an_overlay_applies_to_its_event_type_beside_the_policy() {
    let mut world = bare(Rules { horizon_days: Some(30).into(), ..Rules::default() });
    world.policy.overlays = vec![Overlay {
        event_type_id: EventTypeId(2),
        requirements: Vec::new(),
        rules: Rules { horizon_days: Some(7).into(), ..Rules::default() },
    }];
    let on = |kind, days: i64| {
        let start = world.now.checked_add(minutes(days * 1440)).unwrap().to_string();
        let length = if kind == 1 { 60 } else { 30 };
        let request = Request { event_type_id: Some(EventTypeId(kind)), ..asked(&start, length) };
        world.judge(&request, &Purpose::Create).permits()
    };
    assert_eq!([on(1, 7), on(1, 8), on(1, 30), on(1, 31)], [true, true, true, false]);
    assert_eq!([on(2, 7), on(2, 8), on(2, 30)], [true, false, false]);
}

#[test]
fn company_is_a_condition_beforehand_and_needed_to_begin() {
    let rules = Rules { minimum_present: 2.into(), walk_in: true, ..Rules::default() };
    let mut world = bare(rules);
    assert_eq!(world.create(NOON, 60).decision, Decision::PermitWithConditions);
    let begin = Request { interval: None, event_type_id: None };
    for (present, expected) in [
        (None, Decision::PermitWithConditions),
        (Some(1), Decision::Refuse),
        (Some(2), Decision::Permit),
    ] {
        world.resource.people_present = present;
        assert_eq!(world.judge(&begin, &Purpose::Use).decision, expected, "{present:?}");
    }
}

#[test]
fn who_begins_has_a_reservation_for_now() {
    let mut world = bare(Rules::default());
    let begin = Request { interval: None, event_type_id: None };
    for (start, length, permits) in [
        ("2026-03-02T07:00:00Z", 60, true),
        ("2026-03-02T07:00:01Z", 60, false),
        ("2026-03-02T06:00:00Z", 60, false),
        ("2026-03-02T06:00:00Z", 61, true),
    ] {
        world.member.open_reservations = vec![here("rsv_1", start, length)];
        assert_eq!(world.judge(&begin, &Purpose::Use).permits(), permits, "{start} {length}");
    }
    world.member.open_reservations.clear();
    world.policy.rules.walk_in = true;
    assert!(world.judge(&begin, &Purpose::Use).permits());
    world.resource.outages = vec![outage("2026-03-02T07:00:00Z", None)];
    assert!(!world.judge(&begin, &Purpose::Use).permits());
}

fn strikes(limit: StrikeLimit) -> Rules {
    let strikes = StrikeRule {
        no_show_points: 2,
        late_cancel_points: 1,
        decay_days: 10,
        limits: vec![limit],
    };
    Rules { strikes: Some(strikes), ..Rules::default() }
}

const NO_LIMIT: StrikeLimit = StrikeLimit {
    from_points: 3,
    horizon_days: None,
    open_cap: None,
    maximum_minutes: None,
    needs_approval: false,
};

fn struck(at_time: &str, cause: StrikeCause) -> StrikeFact {
    StrikeFact { at: at(at_time), cause }
}

#[test]
fn points_lead_to_limits_and_are_forgotten() {
    let limits = [
        (StrikeLimit { horizon_days: Some(2), ..NO_LIMIT }, ["horizon_days", "2"]),
        (StrikeLimit { open_cap: Some(1), ..NO_LIMIT }, ["open_cap", "1"]),
        (StrikeLimit { maximum_minutes: Some(59), ..NO_LIMIT }, ["maximum_minutes", "59"]),
    ];
    for (limit, told) in limits {
        let mut world = bare(strikes(limit.clone()));
        world.member.open_reservations = vec![open("rsv_1", "2026-03-20T11:00:00Z", 60)];
        // Forgotten ten days later to the second: the miss still counts, or no longer.
        let late = struck("2026-03-01T07:00:00Z", StrikeCause::LateCancel);
        for (missed, permits) in [("2026-02-20T07:00:01Z", false), ("2026-02-20T07:00:00Z", true)] {
            world.member.strikes = vec![late.clone(), struck(missed, StrikeCause::NoShow)];
            let verdict = world.create("2026-03-10T11:00:00Z", 60);
            assert_eq!(verdict.permits(), permits, "{limit:?} {missed}");
            for reason in &verdict.reasons {
                assert_eq!(["limit", "value"].map(|name| value(reason, name)), told);
            }
            let clear = verdict.reasons.first().and_then(|reason| reason.true_from);
            assert_eq!(clear, (!permits).then(|| at("2026-03-02T07:00:01Z")));
        }
    }
}

#[test]
fn only_limits_that_are_broken_say_when_it_is_over() {
    let graded = |from_points, horizon_days, open_cap| StrikeLimit {
        from_points,
        horizon_days,
        open_cap,
        ..NO_LIMIT
    };
    let mut rules = strikes(graded(1, Some(30), None));
    let rule = rules.strikes.as_mut().unwrap();
    rule.limits.push(graded(2, None, Some(1)));
    let mut world = bare(rules);
    world.member.open_reservations = vec![open("rsv_1", "2026-03-20T11:00:00Z", 60)];
    let (first, second) = ("2026-02-25T07:00:00Z", "2026-02-27T07:00:00Z");
    world.member.strikes = [second, first].map(|day| struck(day, StrikeCause::LateCancel)).to_vec();
    let clear = |world: &World| only(&world.create(NOON, 60)).true_from;
    assert_eq!(clear(&world), Some(at("2026-03-07T07:00:00Z")), "one point left is not two");
    world.policy.rules.strikes.as_mut().unwrap().limits[1].from_points = 1;
    assert_eq!(clear(&world), Some(at("2026-03-09T07:00:00Z")), "one point left is still one");
}

#[test]
fn a_start_at_the_very_end_of_what_points_leave_is_within_it() {
    let mut world = bare(strikes(StrikeLimit { horizon_days: Some(2), ..NO_LIMIT }));
    world.member.strikes = vec![struck("2026-03-01T07:00:00Z", StrikeCause::NoShow); 2];
    assert!(world.create("2026-03-04T07:00:00Z", 60).permits());
    assert!(!world.create("2026-03-04T07:00:01Z", 60).permits());
}

#[test]
fn points_may_ask_for_a_yes_and_few_points_ask_for_nothing() {
    let mut world = bare(strikes(StrikeLimit { needs_approval: true, ..NO_LIMIT }));
    let missed = struck("2026-03-01T07:00:00Z", StrikeCause::NoShow);
    world.member.strikes = vec![missed.clone()];
    assert_eq!(world.create(NOON, 60).decision, Decision::Permit);
    world.member.strikes.push(missed);
    let verdict = world.create(NOON, 60);
    assert_eq!(verdict.decision, Decision::NeedsApproval);
    let told = ["limit", "value"].map(|name| value(only(&verdict), name));
    assert_eq!(told, ["needs_approval", "0"]);
}

fn exempt(codes: &[ReasonCode], from: &str, to: &str) -> ExemptionFact {
    ExemptionFact { id: id("exm_1"), codes: codes.to_vec(), valid: between(from, to) }
}

#[test]
fn an_exemption_makes_a_condition_that_names_it_for_all_of_the_time() {
    let mut world = World::laser();
    world.member.checkouts.clear();
    let code = ReasonCode::CheckoutMissing;
    for (from, to, permits) in [
        ("2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z", true),
        ("2026-03-02T11:00:01Z", "2026-03-02T12:00:00Z", false),
        ("2026-03-02T11:00:00Z", "2026-03-02T11:59:59Z", false),
    ] {
        world.member.exemptions = vec![exempt(&[code], from, to)];
        let verdict = world.create(NOON, 60);
        assert_eq!(verdict.permits(), permits, "{from} {to}");
        let reason = only(&verdict);
        assert_eq!(reason.code, code);
        assert_eq!(reason.severity == Severity::Condition, permits);
        assert_eq!(
            reason.waived_by.as_ref().map(ToString::to_string).as_deref(),
            permits.then_some("exm_1")
        );
    }
}

#[test]
fn who_is_exempt_from_a_missing_checkout_is_so_from_one_that_does_not_suffice() {
    use interlock_policy::{CheckoutRequirement, CheckoutScope, Level, Requirement};
    let wanted =
        CheckoutRequirement { minimum_level: Some(Level(2)), ..CheckoutRequirement::MACHINE };
    let mut world = bare(Rules::default());
    world.policy.requirements = vec![Requirement::Checkout(wanted)];
    let held = |level, lapses| {
        let scope = CheckoutScope::Machine(id("mch_laser"));
        interlock_policy::CheckoutFact { level: Level(level), ..checked_out(scope, lapses) }
    };
    let (low, lapsed) = (held(1, None), held(2, Some("2026-03-01T00:00:00Z")));
    let cases = [
        (vec![], "checkout_missing", [true, false, false]),
        (vec![low.clone()], "checkout_level", [true, true, false]),
        (vec![lapsed.clone()], "checkout_expired", [true, true, true]),
        (vec![low, lapsed], "checkout_expired", [true, true, true]),
    ];
    let codes_of =
        [ReasonCode::CheckoutMissing, ReasonCode::CheckoutLevel, ReasonCode::CheckoutExpired];
    for (checkouts, code, permitted) in cases {
        world.member.checkouts = checkouts;
        for (exempt_from, permits) in codes_of.into_iter().zip(permitted) {
            world.member.exemptions =
                vec![exempt(&[exempt_from], "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")];
            let verdict = world.create(NOON, 60);
            assert_eq!(codes(&verdict), [code]);
            assert_eq!(verdict.permits(), permits, "{code} with {exempt_from:?}");
        }
    }
}

#[test]
fn nobody_is_exempt_from_what_may_not_be_overridden() {
    let mut world = World::laser();
    world.member.status = interlock_policy::AccountStatus::Banned;
    world.resource.active = false;
    world.resource.outages = vec![outage("2026-03-01T00:00:00Z", None)];
    world.member.open_reservations = vec![open("rsv_1", NOON, 60)];
    let all = exempt(ReasonCode::ALL, "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
    world.member.exemptions = vec![all];
    let verdict = world.create(NOON, 60);
    let expected = ["account_banned", "machine_inactive", "machine_outage", "reservation_parallel"];
    assert_eq!(codes(&verdict), expected);
    assert!(verdict.reasons.iter().all(|reason| reason.severity == Severity::Block));
}

#[test]
fn an_exemption_lets_one_alternative_hold_and_only_that_is_told() {
    use interlock_policy::{CheckoutRequirement, Combined, MembershipRequirement, Requirement};
    let mut world = bare(Rules::default());
    world.member.checkouts.clear();
    world.policy.requirements = vec![Requirement::Any(Combined {
        of: vec![
            Requirement::Membership(MembershipRequirement::default()),
            Requirement::Checkout(CheckoutRequirement::MACHINE),
        ],
    })];
    assert_eq!(codes(&world.create(NOON, 60)), ["membership_missing", "checkout_missing"]);
    let exemption =
        exempt(&[ReasonCode::CheckoutMissing], "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    world.member.exemptions = vec![exemption];
    let verdict = world.create(NOON, 60);
    assert_eq!(codes(&verdict), ["checkout_missing"]);
    assert_eq!(verdict.decision, Decision::PermitWithConditions);
}

#[test]
fn a_start_just_past_is_graced_and_a_fresh_reservation_is_edited_freely() {
    let mut world = bare(Rules { start_grace_minutes: 5, ..Rules::default() });
    for (start, permits) in [("2026-03-02T06:55:00Z", true), ("2026-03-02T06:54:59Z", false)] {
        assert_eq!(world.create(start, 60).permits(), permits, "{start}");
    }
    world.policy.rules.notice = interlock_policy::Notice::of(0, 600, 600);
    world.policy.rules.free_edit_minutes = 15;
    for (made_at, permits) in [("2026-03-02T06:45:01Z", true), ("2026-03-02T06:45:00Z", false)] {
        let mut held = here("rsv_1", NOON, 60);
        held.made_at = Some(at(made_at));
        world.member.open_reservations = vec![held];
        for purpose in [Purpose::Cancel(id("rsv_1")), Purpose::Change(id("rsv_1"))] {
            let verdict = world.judge(&asked(NOON, 60), &purpose);
            assert_eq!(verdict.permits(), permits, "{made_at} {purpose:?}");
        }
    }
}

#[test]
fn what_has_begun_is_edited_freely_no_longer() {
    let rules = Rules {
        free_edit_minutes: 15,
        notice: interlock_policy::Notice::of(0, 600, 600),
        ..Rules::default()
    };
    let mut world = bare(rules);
    for (start, free) in [("2026-03-02T07:00:01Z", true), ("2026-03-02T07:00:00Z", false)] {
        let mut held = here("rsv_1", start, 60);
        held.made_at = Some(at("2026-03-02T06:50:00Z"));
        world.member.open_reservations = vec![held];
        let verdict = world.judge(&asked(start, 60), &Purpose::Cancel(id("rsv_1")));
        assert_eq!(verdict.permits(), free, "{start}");
    }
}
