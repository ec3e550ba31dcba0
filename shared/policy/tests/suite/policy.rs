//! A policy as data: its JSON, and what it must be before it is saved.

use interlock_policy::{
    ApprovalRule, CheckoutRequirement, DurationRule, LossOutcome, LossRule, OpeningHours, Policy,
    Requirement, Weekday,
};
use serde_json::{Value, json};

use crate::support::*;

fn demo_json() -> Value {
    let week = json!([{"opens": "09:00:00", "closes": "21:00:00"}]);
    json!({
        "version": 1,
        "timeZone": "Europe/Berlin",
        "requirements": [
            {"kind": "training", "moduleId": "mod_shop_basics", "minimumPercent": 90},
            {"kind": "training", "moduleId": "mod_laser_safety", "minimumPercent": 90},
            {"kind": "checkout", "scope": "machine"},
        ],
        "rules": {
            "openingHours": {
                "monday": week, "tuesday": week, "wednesday": week, "thursday": week,
                "friday": week,
                "saturday": [{"opens": "10:00:00", "closes": "18:00:00"}],
            },
            "horizonDays": 60,
            "notice": {"createMinutes": 60, "changeMinutes": 60, "cancelMinutes": 60},
            "duration": {"minimumMinutes": null, "maximumMinutes": null, "stepMinutes": null},
            "gridMinutes": 30,
            "openCap": 8,
            "allowParallel": false,
        },
    })
}

#[test]
fn the_demo_policy_is_written_and_read_back() {
    let written = serde_json::to_value(demo_policy()).unwrap();
    assert_eq!(written, demo_json());
    assert_eq!(serde_json::from_value::<Policy>(written).unwrap(), demo_policy());
    assert_eq!(demo_policy().validate(), Ok(()));
}

#[test]
fn rules_that_are_left_out_are_no_rules() {
    let mut json = demo_json();
    json["rules"] = json!({});
    let policy: Policy = serde_json::from_value(json).unwrap();
    assert_eq!(policy.rules, interlock_policy::Rules::default());
    assert_eq!(policy.validate(), Ok(()));
}

#[test]
fn approval_and_loss_are_written_as_the_interface_says() {
    let mut json = demo_json();
    json["rules"]["needsApproval"] = json!({});
    json["rules"]["onLostEligibility"] = json!({"person": {"renew_by": {"days": 7}}});
    let policy: Policy = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(policy.rules.needs_approval, Some(ApprovalRule { hold_hours: 48 }).into());
    let loss = LossRule { person: LossOutcome::RenewBy { days: 7 }, resource: LossOutcome::Flag };
    assert_eq!(policy.rules.on_lost_eligibility, loss);
    json["rules"]["needsApproval"] = json!({"holdHours": 48});
    json["rules"]["onLostEligibility"]["resource"] = json!("flag");
    assert_eq!(serde_json::to_value(policy).unwrap(), json);
}

#[test]
fn a_hold_or_a_term_of_nothing_is_a_fault() {
    let found = pointers(|policy| {
        policy.rules.needs_approval = Some(ApprovalRule { hold_hours: 0 }).into();
        policy.rules.on_lost_eligibility.person = LossOutcome::RenewBy { days: 0 };
        policy.rules.on_lost_eligibility.resource = LossOutcome::RenewBy { days: 0 };
    });
    let loss = "/rules/onLostEligibility";
    let term = |of: &str| format!("{loss}/{of}/renew_by/days");
    assert_eq!(
        found,
        ["/rules/needsApproval/holdHours".to_owned(), term("person"), term("resource")]
    );
    let longest = pointers(|policy| {
        policy.rules.needs_approval = Some(ApprovalRule { hold_hours: 721 }).into();
    });
    assert_eq!(longest, ["/rules/needsApproval/holdHours"]);
}

#[test]
fn what_a_policy_does_not_know_is_refused() {
    let cases: [(&str, Value); 12] = [
        ("/surprise", json!(1)),
        ("/rules/surprise", json!(1)),
        ("/rules/notice/surprise", json!(1)),
        ("/rules/duration/surprise", json!(1)),
        ("/rules/openingHours/someday", json!([])),
        ("/requirements/0/surprise", json!(1)),
        ("/requirements/0/kind", json!("prayer")),
        ("/requirements/0/moduleId", json!("usr_ada")),
        ("/requirements/0/minimumPercent", json!(256)),
        ("/requirements/2/scope", json!("planet")),
        ("/timeZone", json!("Europe/Atlantis")),
        ("/rules/gridMinutes", json!(-30)),
    ];
    for (pointer, value) in cases {
        let mut json = demo_json();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        json.pointer_mut(parent).unwrap()[name] = value;
        assert!(serde_json::from_value::<Policy>(json).is_err(), "{pointer}");
    }
}

fn pointers(spoil: impl Fn(&mut Policy)) -> Vec<String> {
    let mut policy = demo_policy();
    spoil(&mut policy);
    let faults = policy.validate().err().unwrap_or_default();
    faults.into_iter().map(|fault| fault.pointer).collect()
}

fn training(policy: &mut Policy) -> &mut interlock_policy::TrainingRequirement {
    match &mut policy.requirements[0] {
        Requirement::Training(training) => training,
        Requirement::Checkout(_)
        | Requirement::Membership(_)
        | Requirement::Document(_)
        | Requirement::All(_)
        | Requirement::Any(_) => panic!("the demo begins with a training"),
    }
}

#[test]
fn numbers_keep_their_bounds() {
    let none: [&str; 0] = [];
    let at = "/rules/gridMinutes";
    for (grid, faults) in [(0, &[at][..]), (1, &none), (1440, &none), (1441, &[at])] {
        assert_eq!(
            pointers(|policy| policy.rules.grid_minutes = Some(grid)),
            faults,
            "grid {grid}"
        );
    }
    let at = "/requirements/0/minimumPercent";
    for (percent, faults) in [(0, &[at][..]), (1, &none), (100, &none), (101, &[at])] {
        let found = pointers(|policy| training(policy).minimum_percent = percent);
        assert_eq!(found, faults, "{percent} per cent");
    }
    let at = "/requirements/0/validForDays";
    for (days, faults) in [(0, &[at][..]), (1, &none), (u32::MAX, &none)] {
        let found = pointers(|policy| training(policy).valid_for_days = Some(days));
        assert_eq!(found, faults, "{days} days");
    }
}

#[test]
fn lengths_can_be_met() {
    let none: [&str; 0] = [];
    let cases = [
        (Some(30), Some(29), None, &["/rules/duration/minimumMinutes"][..]),
        (Some(30), Some(30), None, &none),
        (Some(30), Some(31), None, &none),
        (Some(30), None, None, &none),
        (None, Some(0), None, &["/rules/duration/maximumMinutes"]),
        (None, None, Some(0), &["/rules/duration/stepMinutes"]),
        (None, None, Some(1), &none),
    ];
    for (minimum_minutes, maximum_minutes, step_minutes, faults) in cases {
        let rule =
            DurationRule { minimum_minutes, maximum_minutes: maximum_minutes.into(), step_minutes };
        assert_eq!(pointers(|policy| policy.rules.duration = rule.clone()), faults, "{rule:?}");
    }
}

/// Ranges of one day, and the pointers of what is wrong with them.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn ranges_of_a_day_run_forward_and_apart() {
    let none: [&str; 0] = [];
    let first = "/rules/openingHours/monday/0/closes";
    let second = "/rules/openingHours/monday/1/opens";
    let cases: [Case<'_>; 11] = [
        (&[("09:00", "21:00")], &none),
        (&[("09:00", "09:01")], &none),
        (&[("09:00", "09:00")], &[first]),
        (&[("09:00", "08:00")], &[first]),
        (&[("00:00", "00:00")], &none),
        (&[("20:00", "00:00")], &none),
        (&[("09:00", "12:00"), ("12:00", "15:00")], &none),
        (&[("09:00", "12:00"), ("13:00", "00:00")], &none),
        (&[("09:00", "12:00"), ("11:59", "15:00")], &[second]),
        (&[("12:00", "15:00"), ("09:00", "12:00")], &[second]),
        (&[("09:00", "00:00"), ("22:00", "23:00")], &[second]),
    ];
    for (ranges, faults) in cases {
        let ranges: Vec<_> = ranges.iter().map(|(opens, closes)| range(opens, closes)).collect();
        let hours = OpeningHours([(Weekday::Monday, ranges.clone())].into());
        let found = pointers(|policy| policy.rules.opening_hours = Some(hours.clone()).into());
        assert_eq!(found, faults, "{ranges:?}");
    }
}

#[test]
fn nothing_is_asked_twice() {
    let twice = pointers(|policy| {
        let again = policy.requirements[0].clone();
        policy.requirements.push(again);
    });
    assert_eq!(twice, ["/requirements/3/moduleId"]);
    let twice = pointers(|policy| {
        policy.requirements.push(Requirement::Checkout(CheckoutRequirement::MACHINE));
    });
    assert_eq!(twice, ["/requirements/3/scope"]);
    let both = pointers(|policy| {
        policy.requirements.push(Requirement::Checkout(CheckoutRequirement::CATEGORY));
    });
    assert_eq!(both, [""; 0], "machine and category are two");
}

#[test]
fn every_fault_is_told_at_once_and_reads_well() {
    let mut policy = demo_policy();
    policy.rules.grid_minutes = Some(0);
    policy.rules.duration.step_minutes = Some(0);
    training(&mut policy).minimum_percent = 0;
    let faults = policy.validate().unwrap_err();
    let texts: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "/requirements/0/minimumPercent: between 1 and 100 per cent",
            "/rules/gridMinutes: between 1 and 1440 minutes",
            "/rules/duration/stepMinutes: at least 1 minute",
        ]
    );
}
