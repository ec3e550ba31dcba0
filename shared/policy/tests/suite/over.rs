//! One gate for many requests says what it says to each alone.

use interlock_policy::{
    CheckoutOf, CheckoutRequirement, EventTypeId, Facts, Gate, Overlay, Purpose, Request,
    Requirement, Rules, evaluate,
};

use crate::support::*;

#[test]
fn proofs_known_for_one_event_type_are_not_taken_for_another() {
    let mut world = World::laser();
    let other = CheckoutRequirement::of(CheckoutOf::OtherMachine(id("mch_saw")));
    world.policy.overlays = vec![Overlay {
        event_type_id: EventTypeId(2),
        requirements: vec![Requirement::Checkout(other)],
        rules: Rules::default(),
    }];
    let facts = Facts { now: world.now, member: &world.member, resource: &world.resource };
    let week = between("2026-03-03T00:00:00Z", "2026-03-10T00:00:00Z");
    let kinds = [None, Some(EventTypeId(1)), Some(EventTypeId(2))];
    let mut refused = 0;
    for known in kinds {
        for asked_for in kinds {
            let mut gate = Gate::new(&facts, &world.policy).over(week, known);
            let length = if asked_for == kinds[2] { 30 } else { 60 };
            let request =
                Request { event_type_id: asked_for, ..asked("2026-03-04T11:00:00Z", length) };
            let verdict = gate.judge(&request, &Purpose::Create);
            assert_eq!(verdict, evaluate(&facts, &world.policy, &request, &Purpose::Create));
            refused += u32::from(verdict.refuses());
        }
    }
    assert_eq!(refused, 3, "the second event type, whatever was known");
}
