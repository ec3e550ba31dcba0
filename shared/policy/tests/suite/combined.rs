//! Requirements combined, memberships, documents, levels and how approvals lapse.

use interlock_policy::{
    CheckoutFact, CheckoutOf, CheckoutRequirement, CheckoutScope, Combined, Decision, DocumentFact,
    DocumentRequirement, Evidence, Level, MembershipRequirement, ProgressFact, Requirement, Rules,
    TrainingRequirement,
};

use crate::support::*;

const NOON: &str = "2026-03-02T11:00:00Z";

fn asking(requirements: Vec<Requirement>) -> World {
    let mut world = World::bare("Europe/Berlin", Rules::default());
    world.policy.requirements = requirements;
    world
}

fn module(name: &str) -> Requirement {
    Requirement::Training(TrainingRequirement {
        module_id: id(name),
        minimum_percent: 90,
        watched_seconds: None,
        valid_for_days: None,
    })
}

fn all(of: Vec<Requirement>) -> Requirement {
    Requirement::All(Combined { of })
}

fn any(of: Vec<Requirement>) -> Requirement {
    Requirement::Any(Combined { of })
}

const MACHINE: fn() -> Requirement = || Requirement::Checkout(CheckoutRequirement::MACHINE);

#[test]
fn one_alternative_that_holds_is_enough() {
    let mut world = asking(vec![any(vec![module("mod_none"), MACHINE()])]);
    assert_eq!(world.create(NOON, 60).decision, Decision::Permit);
    world.member.checkouts.clear();
    let verdict = world.create(NOON, 60);
    assert_eq!(codes(&verdict), ["training_incomplete", "checkout_missing"]);
    let told: Vec<_> = verdict.reasons.iter().map(|reason| reason.one_of.as_deref()).collect();
    assert_eq!(told, [Some("/requirements/0/of/0"), Some("/requirements/0/of/1")]);
}

#[test]
fn every_part_of_an_alternative_is_told_with_it() {
    let both = all(vec![module("mod_none"), module("mod_other"), module("mod_shop_basics")]);
    let mut world = asking(vec![module("mod_first"), any(vec![both, MACHINE()])]);
    world.member.checkouts.clear();
    let verdict = world.create(NOON, 60);
    let told: Vec<_> = verdict.reasons.iter().map(|reason| reason.one_of.as_deref()).collect();
    let (both, other) = (Some("/requirements/1/of/0"), Some("/requirements/1/of/1"));
    assert_eq!(told, [None, both, both, other]);
}

#[test]
fn all_wants_each_part() {
    let mut world = asking(vec![all(vec![module("mod_shop_basics"), MACHINE()])]);
    assert!(world.create(NOON, 60).permits());
    world.member.checkouts.clear();
    assert_eq!(only(&world.create(NOON, 60)).one_of, None);
}

#[test]
fn a_membership_runs_to_its_end_and_its_grace() {
    let end = Some("2026-03-02T12:00:00Z");
    let cases = [
        (None, 0, Some("membership_missing")),
        (end, 0, None),
        (Some("2026-03-02T11:59:59Z"), 0, Some("membership_expired")),
        (Some("2026-03-01T12:00:00Z"), 1, None),
        (Some("2026-03-01T11:59:59Z"), 1, Some("membership_expired")),
    ];
    for (until, grace_days, expected) in cases {
        let wanted = MembershipRequirement { grace_days };
        let mut world = asking(vec![Requirement::Membership(wanted)]);
        world.member.membership_until = until.map(at);
        let verdict = world.create(NOON, 60);
        assert_eq!(codes(&verdict), Vec::from_iter(expected), "{until:?} {grace_days}");
    }
}

#[test]
fn a_document_is_accepted_in_the_version_wanted_or_a_later_one() {
    for (version, expected) in [(1, &["document_missing"][..]), (2, &[]), (3, &[])] {
        let wanted = DocumentRequirement { document: "house_rules".to_owned(), version: 2 };
        let mut world = asking(vec![Requirement::Document(wanted)]);
        let fact = |document: &str, version| DocumentFact {
            document: document.to_owned(),
            version,
            accepted_at: at("2026-01-01T00:00:00Z"),
        };
        world.member.documents = vec![fact("other", 9), fact("house_rules", version)];
        assert_eq!(codes(&world.create(NOON, 60)), expected, "version {version}");
    }
}

#[test]
fn a_level_is_reached_or_not_whatever_else_is_held() {
    for (held, expected) in [(1, &["checkout_level"][..]), (2, &[]), (3, &[])] {
        let wanted =
            CheckoutRequirement { minimum_level: Some(Level(2)), ..CheckoutRequirement::MACHINE };
        let mut world = asking(vec![Requirement::Checkout(wanted)]);
        world.member.checkouts[0].level = Level(held);
        let verdict = world.create(NOON, 60);
        assert_eq!(codes(&verdict), expected, "level {held}");
    }
}

#[test]
fn a_checkout_of_another_machine_is_one_of_that_machine() {
    let wanted = CheckoutRequirement::of(CheckoutOf::OtherMachine(id("mch_saw")));
    let mut world = asking(vec![Requirement::Checkout(wanted)]);
    let reason = only(&world.create(NOON, 60)).clone();
    assert_eq!(value(&reason, "machineId"), "mch_saw");
    assert_eq!(reason.next_steps[0].href, Some("/machines/mch_saw".into()));
    for (scope, expected) in [
        (CheckoutScope::Category("lasers".to_owned()), false),
        (CheckoutScope::Machine(id("mch_saw")), true),
    ] {
        world.member.checkouts = vec![checked_out(scope, None)];
        assert_eq!(world.create(NOON, 60).permits(), expected);
    }
}

/// Granted on 2 February at 09:00; the end asked for is on 2 March at 12:00, 28 days and 3 hours
/// on.
fn lapses(wanted: CheckoutRequirement, last_used_at: Option<&str>) -> bool {
    let mut world = asking(vec![Requirement::Checkout(wanted)]);
    let fact: &mut CheckoutFact = &mut world.member.checkouts[0];
    fact.last_used_at = last_used_at.map(at);
    let verdict = world.create(NOON, 60);
    if !verdict.permits() {
        assert_eq!(codes(&verdict), ["checkout_expired"]);
    }
    !verdict.permits()
}

#[test]
fn a_checkout_lapses_by_age() {
    for (days, lapsed) in [(28, true), (29, false)] {
        let wanted =
            CheckoutRequirement { valid_for_days: Some(days), ..CheckoutRequirement::MACHINE };
        assert_eq!(lapses(wanted.clone(), None), lapsed, "{days} days");
        assert_eq!(lapses(wanted, Some("2026-03-01T09:00:00Z")), lapsed, "use keeps no age off");
    }
}

#[test]
fn a_checkout_lapses_by_disuse_counted_from_the_last_use_or_the_grant() {
    let wanted =
        CheckoutRequirement { lapses_after_days_unused: Some(10), ..CheckoutRequirement::MACHINE };
    let cases = [
        (None, true),
        (Some("2026-02-20T11:59:59Z"), true),
        (Some("2026-02-20T12:00:00Z"), false),
        (Some("2026-01-01T12:00:00Z"), true),
    ];
    for (used, lapsed) in cases {
        assert_eq!(lapses(wanted.clone(), used), lapsed, "{used:?}");
    }
}

#[test]
fn what_was_never_used_lapses_by_its_own_term_and_a_use_never_brings_it_nearer() {
    let terms = |idle, never| CheckoutRequirement {
        lapses_after_days_unused: idle,
        lapses_if_unused_for_days: never,
        ..CheckoutRequirement::MACHINE
    };
    assert!(lapses(terms(None, Some(28)), None));
    assert!(!lapses(terms(None, Some(29)), None));
    assert!(!lapses(terms(None, Some(1)), Some("2026-02-02T10:00:00Z")), "it was used");
    assert!(!lapses(terms(Some(1), Some(29)), Some("2026-02-03T09:00:00Z")), "no nearer");
    assert!(lapses(terms(Some(20), Some(1)), None));
}

#[test]
fn what_is_left_to_watch_is_told_in_seconds() {
    let wanted = TrainingRequirement {
        module_id: id("mod_none"),
        minimum_percent: 90,
        watched_seconds: Some(700),
        valid_for_days: None,
    };
    for (covered, watched, left) in [(100, 700, 440), (539, 700, 1), (600, 650, 50), (0, 0, 700)] {
        let mut world = asking(vec![Requirement::Training(wanted.clone())]);
        world.member.progress = vec![ProgressFact {
            module_id: id("mod_none"),
            covered_seconds: covered,
            duration_seconds: 600,
            watched_seconds: watched,
        }];
        let verdict = world.create(NOON, 60);
        let reason = only(&verdict);
        assert_eq!(reason.next_steps[0].estimated_seconds, Some(left), "{covered} {watched}");
        assert!(matches!(reason.evidence[0], Evidence::Progress { .. }));
    }
}

#[test]
fn seconds_watched_and_the_end_of_a_version_count_too() {
    let mut world = asking(vec![Requirement::Training(TrainingRequirement {
        module_id: id("mod_shop_basics"),
        minimum_percent: 90,
        watched_seconds: Some(100),
        valid_for_days: None,
    })]);
    assert_eq!(codes(&world.create(NOON, 60)), ["training_incomplete"]);
    world.member.trainings[0].watched_seconds = 100;
    assert!(world.create(NOON, 60).permits());
    world.member.trainings[0].lapses_at = Some(at("2026-03-02T11:59:59Z"));
    assert_eq!(codes(&world.create(NOON, 60)), ["training_expired"]);
    world.member.trainings[0].lapses_at = Some(at("2026-03-02T12:00:00Z"));
    assert!(world.create(NOON, 60).permits());
}

#[test]
fn a_use_at_the_instant_of_the_approval_is_none() {
    let never =
        CheckoutRequirement { lapses_if_unused_for_days: Some(28), ..CheckoutRequirement::MACHINE };
    assert!(lapses(never.clone(), Some("2026-02-02T09:00:00Z")));
    assert!(!lapses(never, Some("2026-02-02T09:00:01Z")));
}

#[test]
fn a_completion_that_does_not_suffice_is_shown_and_the_latest_of_several() {
    let mut world = asking(vec![module("mod_shop_basics")]);
    let old = trained("mod_shop_basics", "2026-01-01T12:00:00Z", 89);
    let new = trained("mod_shop_basics", "2026-02-01T12:00:00Z", 80);
    let other = trained("mod_other", "2026-02-02T12:00:00Z", 100);
    world.member.trainings = vec![new.clone(), old, other];
    let verdict = world.create(NOON, 60);
    let seen = Evidence::Training {
        module_id: new.module_id,
        completed_at: new.completed_at,
        percent: 80,
        lapses_at: None,
    };
    assert_eq!(only(&verdict).evidence, [seen]);
}
