//! Standing, training, checkout and the resource itself.

use interlock_policy::{
    AccountStatus, CheckoutRequirement, CheckoutScope, Purpose, Requirement, Role,
};

use crate::support::*;

const TEN: &str = "2026-03-02T09:00:00Z";

#[test]
fn an_account_acts_as_its_status_says() {
    let cases: [(AccountStatus, Purpose, &[&str]); 11] = [
        (AccountStatus::Active, Purpose::View, &[]),
        (AccountStatus::Active, Purpose::Create, &[]),
        (AccountStatus::Active, cancelling(), &[]),
        (AccountStatus::Suspended, Purpose::View, &["account_suspended"]),
        (AccountStatus::Suspended, Purpose::Create, &["account_suspended"]),
        (AccountStatus::Suspended, Purpose::Keep, &["account_suspended"]),
        (AccountStatus::Suspended, cancelling(), &[]),
        (AccountStatus::Banned, Purpose::View, &["account_banned"]),
        (AccountStatus::Banned, Purpose::Create, &["account_banned"]),
        (AccountStatus::Banned, Purpose::Keep, &["account_banned"]),
        (AccountStatus::Banned, cancelling(), &["account_banned"]),
    ];
    for (status, purpose, expected) in cases {
        let mut world = World::laser();
        world.member.status = status;
        let verdict = world.judge(&asked(TEN, 60), &purpose);
        assert_eq!(codes(&verdict), expected, "{status:?} {purpose:?}");
    }
}

#[test]
fn a_suspension_ends_by_itself_and_what_begins_afterwards_is_kept() {
    let mut world = World::laser();
    world.member.status = AccountStatus::Suspended;
    let says = |world: &World, purpose: Purpose| codes(&world.judge(&asked(TEN, 60), &purpose));
    // The start itself is the first instant that is free again.
    for (until, keeps) in [(TEN, true), ("2026-03-02T09:00:01Z", false)] {
        world.member.suspended_until = Some(at(until));
        assert_eq!(says(&world, Purpose::Create), ["account_suspended"], "{until}");
        assert_eq!(says(&world, Purpose::Keep).is_empty(), keeps, "{until}");
    }
    for (until, refused) in [("2026-03-02T07:00:01Z", true), (NOW, false)] {
        world.member.suspended_until = Some(at(until));
        assert_eq!(says(&world, Purpose::Create).is_empty(), !refused, "{until}");
        assert_eq!(world.view().reasons.is_empty(), !refused, "{until}");
    }
    world.member.status = AccountStatus::Banned;
    assert_eq!(says(&world, Purpose::Keep), ["account_banned"], "a ban has no end");
}

#[test]
fn nobody_grants_an_exemption_from_standing_or_machine_state() {
    let mut world = World::laser();
    world.member.status = AccountStatus::Banned;
    assert!(only(&world.view()).overridable_by.is_empty());
    let mut world = World::laser();
    world.resource.active = false;
    assert!(only(&world.view()).overridable_by.is_empty());
}

#[test]
fn a_training_counts_from_its_percentage_on() {
    let cases: [(u8, u8, bool); 7] = [
        (90, 89, false),
        (90, 90, true),
        (90, 91, true),
        (1, 0, false),
        (1, 1, true),
        (100, 99, false),
        (100, 100, true),
    ];
    for (wanted, reached, enough) in cases {
        let mut world = World::laser();
        for requirement in &mut world.policy.requirements {
            if let Requirement::Training(training) = requirement {
                training.minimum_percent = wanted;
            }
        }
        world.member.trainings[0].percent = reached;
        world.member.trainings[1].percent = 100;
        let expected: &[&str] = if enough { &[] } else { &["training_incomplete"] };
        assert_eq!(codes(&world.view()), expected, "{reached} of {wanted}");
    }
}

#[test]
fn each_missing_module_is_a_reason_that_names_it() {
    let mut world = World::laser();
    world.member.trainings.clear();
    let verdict = world.view();
    assert_eq!(codes(&verdict), ["training_incomplete", "training_incomplete"]);
    let modules: Vec<_> = verdict.reasons.iter().map(|reason| value(reason, "moduleId")).collect();
    assert_eq!(modules, ["mod_shop_basics", "mod_laser_safety"]);
    let step = &verdict.reasons[1].next_steps[0];
    assert_eq!(step.action, "watch_training");
    assert_eq!(step.href, Some("/training/mod_laser_safety".into()));
    assert_eq!(*verdict.reasons[0].overridable_by, [Role::Manager, Role::Admin]);
}

#[test]
fn an_untrained_stranger_is_told_three_reasons() {
    let mut world = World::laser();
    world.member.trainings.clear();
    world.member.checkouts.clear();
    let three = ["training_incomplete", "training_incomplete", "checkout_missing"];
    assert_eq!(codes(&world.view()), three);
    assert_eq!(codes(&world.create(TEN, 60)), three);
}

/// Completed on 1 February at 12:00 and valid for 30 days: lapses on 3 March at 12:00.
#[test]
fn a_training_must_last_to_the_end_of_the_interval() {
    let cases = [
        ("2026-03-03T10:00:00Z", 60, true, "ends an hour before"),
        ("2026-03-03T11:00:00Z", 60, true, "ends as it lapses"),
        ("2026-03-03T11:30:00Z", 60, false, "lapses within"),
        ("2026-03-03T12:00:00Z", 60, false, "begins as it lapses"),
        ("2026-03-03T13:00:00Z", 60, false, "begins after"),
    ];
    for (start, length, held, why) in cases {
        let mut world = World::laser();
        valid_for(&mut world, 30);
        let verdict = world.create(start, length);
        let expected: &[&str] = if held { &[] } else { &["training_expired"] };
        assert_eq!(codes(&verdict), expected, "{why}");
        if let Some(reason) = verdict.reasons.first() {
            assert_eq!(value(reason, "expiresAt"), "2026-03-03T12:00:00Z", "{why}");
        }
    }
}

#[test]
fn now_the_instant_of_expiry_is_invalid_already() {
    let cases = [
        ("2026-03-03T11:59:59.999999999Z", true),
        ("2026-03-03T12:00:00Z", false),
        ("2026-03-03T12:00:00.000000001Z", false),
    ];
    for (now, held) in cases {
        let mut world = World::laser();
        valid_for(&mut world, 30);
        world.now = at(now);
        assert_eq!(world.view().permits(), held, "{now}");
    }
}

fn valid_for(world: &mut World, days: u32) {
    if let Requirement::Training(training) = &mut world.policy.requirements[0] {
        training.valid_for_days = Some(days);
    }
}

#[test]
fn the_best_of_several_completions_counts() {
    let mut world = World::laser();
    valid_for(&mut world, 30);
    world.now = at("2026-04-01T07:00:00Z");
    assert_eq!(codes(&world.view()), ["training_expired"]);
    world.member.trainings.push(trained("mod_shop_basics", "2026-03-20T12:00:00Z", 40));
    assert_eq!(codes(&world.view()), ["training_expired"], "a poor repetition does not count");
    world.member.trainings.push(trained("mod_shop_basics", "2026-03-20T12:00:00Z", 90));
    assert_eq!(codes(&world.view()), [""; 0], "a good one does");
    world.now = at("2026-05-01T07:00:00Z");
    let verdict = world.view();
    assert_eq!(value(only(&verdict), "expiresAt"), "2026-04-19T12:00:00Z", "the latest");
}

#[test]
fn a_proof_of_an_old_version_counts_for_what_ends_before_it_lapses() {
    for (lapses_at, expected) in
        [("2026-03-02T10:00:00Z", &[] as &[&str]), ("2026-03-02T09:59:59Z", &["training_expired"])]
    {
        let mut world = World::laser();
        world.now = at("2026-03-02T08:00:00Z");
        for training in &mut world.member.trainings {
            training.lapses_at = Some(at("2027-01-01T00:00:00Z"));
        }
        world.member.trainings[0].lapses_at = Some(at(lapses_at));
        let verdict = world.judge(&asked("2026-03-02T09:00:00Z", 60), &Purpose::Keep);
        assert_eq!(codes(&verdict), expected, "{lapses_at}");
    }
}

#[test]
fn a_proof_gained_after_the_start_is_none_for_that_interval() {
    let start = "2026-03-02T09:00:00Z";
    let cases = [
        ("2026-03-02T08:59:59Z", true),
        ("2026-03-02T09:00:00Z", true),
        ("2026-03-02T09:00:01Z", false),
        ("2026-03-02T10:00:00Z", false),
    ];
    for (gained, held) in cases {
        let mut world = World::laser();
        world.now = at("2026-03-02T11:00:00Z");
        world.member.trainings[0].completed_at = at(gained);
        world.member.checkouts[0].granted_at = at(gained);
        let expected: &[&str] =
            if held { &[] } else { &["training_incomplete", "checkout_missing"] };
        let verdict = world.judge(&asked(start, 60), &Purpose::Keep);
        assert_eq!(codes(&verdict), expected, "{gained}");
        assert!(world.view().permits(), "held now all the same");
    }
}

#[test]
fn a_checkout_counts_for_what_the_policy_asks() {
    let machine = |name: &str| CheckoutScope::Machine(id(name));
    let category = |name: &str| CheckoutScope::Category(name.to_owned());
    let cases = [
        (CheckoutRequirement::MACHINE, machine("mch_laser"), true),
        (CheckoutRequirement::MACHINE, machine("mch_printer"), false),
        (CheckoutRequirement::MACHINE, category("lasers"), false),
        (CheckoutRequirement::CATEGORY, machine("mch_laser"), true),
        (CheckoutRequirement::CATEGORY, machine("mch_printer"), false),
        (CheckoutRequirement::CATEGORY, category("lasers"), true),
        (CheckoutRequirement::CATEGORY, category("printers"), false),
        (CheckoutRequirement::CATEGORY, category("Lasers"), false),
    ];
    for (wanted, held, counts) in cases {
        let mut world = World::laser();
        world.policy.requirements[2] = Requirement::Checkout(wanted.clone());
        world.member.checkouts = vec![checked_out(held.clone(), None)];
        let expected: &[&str] = if counts { &[] } else { &["checkout_missing"] };
        assert_eq!(codes(&world.view()), expected, "{wanted:?} with {held:?}");
    }
}

#[test]
fn a_checkout_must_last_to_the_end_of_the_interval() {
    let cases = [
        ("2026-03-02T10:00:00Z", true, "lapses at the end"),
        ("2026-03-02T10:00:01Z", true, "lapses after"),
        ("2026-03-02T09:59:59Z", false, "lapses within"),
        ("2026-03-02T09:00:00Z", false, "lapses at the start"),
        ("2026-03-01T09:00:00Z", false, "has lapsed"),
    ];
    for (expires_at, held, why) in cases {
        let mut world = World::laser();
        world.member.checkouts[0].expires_at = Some(at(expires_at));
        let verdict = world.create(TEN, 60);
        let expected: &[&str] = if held { &[] } else { &["checkout_expired"] };
        assert_eq!(codes(&verdict), expected, "{why}");
        if let Some(reason) = verdict.reasons.first() {
            assert_eq!(value(reason, "expiresAt"), expires_at, "{why}");
        }
    }
}

#[test]
fn one_lasting_checkout_among_lapsed_ones_is_enough() {
    let mut world = World::laser();
    let scope = CheckoutScope::Machine(id("mch_laser"));
    world.member.checkouts = vec![
        checked_out(scope.clone(), Some("2026-02-10T00:00:00Z")),
        checked_out(scope.clone(), Some("2026-02-20T00:00:00Z")),
    ];
    assert_eq!(value(only(&world.view()), "expiresAt"), "2026-02-20T00:00:00Z");
    world.member.checkouts.insert(1, checked_out(scope, None));
    assert!(world.view().permits());
}

#[test]
fn a_missing_category_checkout_names_category_and_place_to_ask() {
    let mut world = World::laser();
    world.policy.requirements[2] = Requirement::Checkout(CheckoutRequirement::CATEGORY);
    world.member.checkouts.clear();
    let verdict = world.view();
    let reason = only(&verdict);
    assert_eq!(value(reason, "category"), "lasers");
    assert_eq!(value(reason, "machineId"), "mch_laser");
    assert_eq!(reason.next_steps[0].action, "ask_for_checkout");
    assert_eq!(reason.next_steps[0].href, Some("/machines/mch_laser".into()));
}

#[test]
fn a_broken_mapping_refuses_what_is_new_and_keeps_what_is_booked() {
    let cases: [(Purpose, &[&str]); 5] = [
        (Purpose::View, &["machine_mapping_broken"]),
        (Purpose::Create, &["machine_mapping_broken"]),
        (Purpose::Change(id("rsv_1")), &["machine_mapping_broken"]),
        (Purpose::Keep, &[]),
        (cancelling(), &[]),
    ];
    for (purpose, expected) in cases {
        let mut world = World::laser();
        world.resource.mapping_broken = true;
        assert_eq!(codes(&world.judge(&asked(TEN, 60), &purpose)), expected, "{purpose:?}");
    }
}

#[test]
fn an_inactive_resource_refuses_but_lets_go() {
    let cases: [(Purpose, &[&str]); 5] = [
        (Purpose::View, &["machine_inactive"]),
        (Purpose::Create, &["machine_inactive"]),
        (Purpose::Change(id("rsv_1")), &["machine_inactive"]),
        (Purpose::Keep, &["machine_inactive"]),
        (cancelling(), &[]),
    ];
    for (purpose, expected) in cases {
        let mut world = World::laser();
        world.resource.active = false;
        assert_eq!(codes(&world.judge(&asked(TEN, 60), &purpose)), expected, "{purpose:?}");
    }
}
