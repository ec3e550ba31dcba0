//! The verdict as a whole: which rules a purpose asks, order, decision and form.

use interlock_policy::{
    AccountStatus, ApprovalRule, Decision, DurationRule, EventTypeId, Purpose, ReasonClass,
    Request, Verdict,
};
use serde_json::json;

use crate::support::*;

/// Somebody who has nothing asks for a time that breaks everything it can.
fn hopeless() -> (World, Request) {
    let mut world = World::laser();
    world.member.status = AccountStatus::Suspended;
    world.member.trainings.truncate(1);
    world.member.trainings[0].percent = 10;
    world.member.checkouts.clear();
    world.member.open_reservations = vec![open("rsv_1", "2026-03-02T06:00:00Z", 120)];
    world.resource.active = false;
    world.resource.event_types = vec![(EventTypeId(1), 60)];
    world.policy.rules.open_cap = Some(1).into();
    world.policy.rules.duration = DurationRule {
        minimum_minutes: Some(60),
        maximum_minutes: Some(120).into(),
        step_minutes: Some(30),
    };
    (world, asked("2026-03-02T06:17:00Z", 59))
}

const EVERYTHING: [&str; 13] = [
    "account_suspended",
    "training_incomplete",
    "training_incomplete",
    "checkout_missing",
    "machine_inactive",
    "start_in_past",
    "hours_closed",
    "grid_off",
    "duration_not_offered",
    "duration_too_short",
    "duration_off_step",
    "notice_create",
    "quota_open_reservations",
];

#[test]
fn all_reasons_come_at_once_and_gravest_first() {
    let (world, request) = hopeless();
    let verdict = world.judge(&request, &Purpose::Create);
    assert_eq!(codes(&verdict)[..13], EVERYTHING);
    assert_eq!(codes(&verdict)[13..], ["reservation_parallel"]);
    assert_eq!(verdict.decision, Decision::Refuse);
    assert_eq!(verdict.policy_version, world.policy.version);
}

#[test]
fn a_purpose_asks_its_rules_and_no_others() {
    let (world, request) = hopeless();
    let said = |purpose: &Purpose| {
        let verdict = world.judge(&request, purpose);
        codes(&verdict)
    };
    assert_eq!(said(&Purpose::View), said(&Purpose::Create));
    assert_eq!(said(&Purpose::Keep), EVERYTHING[..5]);
    assert_eq!(said(&cancelling()), ["notice_cancel"]);
    let mut moved = EVERYTHING[..12].to_vec();
    moved[11] = "notice_change";
    assert_eq!(said(&Purpose::Change(id("rsv_1"))), moved);
}

#[test]
fn without_an_interval_only_standing_and_proofs_are_judged() {
    let (world, _) = hopeless();
    assert_eq!(codes(&world.view()), EVERYTHING[..5]);
    let nothing = Request { interval: None, event_type_id: None };
    assert_eq!(codes(&world.judge(&nothing, &Purpose::Create)), EVERYTHING[..5]);
    assert!(world.judge(&nothing, &cancelling()).permits());
}

#[test]
fn the_class_that_leads_is_person_then_request_then_time() {
    let class = |spoil: &dyn Fn(&mut World)| {
        let mut world = World::laser();
        spoil(&mut world);
        world.create("2026-03-02T09:00:00Z", 60).leading_class()
    };
    let banned = |world: &mut World| world.member.status = AccountStatus::Banned;
    let inactive = |world: &mut World| world.resource.active = false;
    let parallel = |world: &mut World| {
        world.member.open_reservations = vec![open("rsv_1", "2026-03-02T09:00:00Z", 60)];
    };
    assert_eq!(class(&|_| {}), None);
    assert_eq!(class(&parallel), Some(ReasonClass::Time));
    assert_eq!(class(&inactive), Some(ReasonClass::Request));
    assert_eq!(class(&banned), Some(ReasonClass::Person));
    let parallel_and_inactive = |world: &mut World| {
        parallel(world);
        inactive(world);
    };
    assert_eq!(class(&parallel_and_inactive), Some(ReasonClass::Request));
    let all = |world: &mut World| {
        parallel_and_inactive(world);
        banned(world);
    };
    assert_eq!(class(&all), Some(ReasonClass::Person));
}

#[test]
fn a_plain_permit_has_no_reasons_and_no_room_for_them() {
    let world = World::laser();
    for purpose in [Purpose::View, Purpose::Create, cancelling(), Purpose::Keep] {
        let verdict = world.judge(&asked("2026-03-02T09:00:00Z", 60), &purpose);
        assert_eq!(verdict.decision, Decision::Permit, "{purpose:?}");
        assert_eq!(verdict.reasons.capacity(), 0, "{purpose:?}");
    }
}

#[test]
fn only_the_two_permits_let_a_request_go_on() {
    let cases = [
        (Decision::Permit, true),
        (Decision::PermitWithConditions, true),
        (Decision::NeedsApproval, false),
        (Decision::Refuse, false),
    ];
    for (decision, on) in cases {
        let version = demo_policy().version;
        let verdict = Verdict { decision, reasons: Vec::new(), policy_version: version };
        assert_eq!(verdict.permits(), on, "{decision:?}");
    }
}

#[test]
fn a_time_that_needs_a_yes_may_be_asked_for_and_a_kept_one_needs_none() {
    let mut world = World::laser();
    world.policy.rules.needs_approval = Some(ApprovalRule::default()).into();
    let wish = asked("2026-03-02T09:00:00Z", 60);
    for purpose in [Purpose::View, Purpose::Create, Purpose::Change(id("rsv_1"))] {
        let verdict = world.judge(&wish, &purpose);
        assert_eq!(verdict.decision, Decision::NeedsApproval, "{purpose:?}");
        assert_eq!((codes(&verdict), verdict.refuses()), (vec!["approval_needed"], false));
    }
    for purpose in [cancelling(), Purpose::Keep] {
        assert_eq!(world.judge(&wish, &purpose).decision, Decision::Permit, "{purpose:?}");
    }
    assert!(world.view().permits(), "without a time there is nothing to say yes to");
}

#[test]
fn a_yes_that_is_wanted_never_leads_before_what_blocks() {
    let mut world = World::laser();
    world.policy.rules.needs_approval = Some(ApprovalRule::default()).into();
    world.member.open_reservations = vec![open("rsv_1", "2026-03-02T09:00:00Z", 60)];
    let verdict = world.create("2026-03-02T09:00:00Z", 60);
    assert_eq!(codes(&verdict), ["reservation_parallel", "approval_needed"]);
    assert_eq!(verdict.decision, Decision::Refuse);
    assert_eq!(verdict.leading_class(), Some(ReasonClass::Time));
}

#[test]
fn a_verdict_is_written_as_the_interface_says() {
    let mut world = World::laser();
    assert_eq!(
        serde_json::to_value(world.view()).unwrap(),
        json!({"verdict": "permit", "reasons": [], "policyVersion": 1})
    );
    world.member.trainings.pop();
    assert_eq!(
        serde_json::to_value(world.view()).unwrap(),
        json!({
            "verdict": "refuse",
            "reasons": [{
                "code": "training_incomplete",
                "severity": "block",
                "parameters": {"minimumPercent": "90", "moduleId": "mod_laser_safety"},
                "overridableBy": ["manager", "admin"],
                "nextSteps": [
                    {"action": "watch_training", "href": "/training/mod_laser_safety"}
                ],
            }],
            "policyVersion": 1,
        })
    );
}

#[test]
fn a_reason_with_an_instant_says_from_when_it_would_not_hold() {
    let world = World::laser();
    let verdict = world.create("2026-05-04T09:00:00Z", 60);
    let reason = serde_json::to_value(only(&verdict)).unwrap();
    assert_eq!(reason["trueFrom"], "2026-03-05T09:00:00Z");
    assert_eq!(reason["nextSteps"], json!([{"action": "try_later", "at": "2026-03-05T09:00:00Z"}]));
}
