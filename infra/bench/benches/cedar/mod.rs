//! The question of `permit.rs` as a policy of Cedar.
//!
//! Cedar knows no calendar: the local minute, the day of the week, what is used of quotas and the
//! gaps are given to it in the context, which the gate works out within what is measured of it.

use cedar_policy::{Authorizer, Context, Decision, Entities, PolicySet, Request};
use serde_json::json;

const POLICY: &str = include_str!("permit.cedar");

/// All that a decision of Cedar needs.
pub(crate) struct Asked {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    request: Request,
}

impl Asked {
    pub(crate) fn new() -> Self {
        let uid = |text: &str| text.parse().unwrap();
        let request = Request::new(
            uid("Member::\"usr_1\""),
            uid("Action::\"create\""),
            uid("Machine::\"mch_laser\""),
            context(),
            None,
        );
        Self {
            authorizer: Authorizer::new(),
            policies: POLICY.parse().unwrap(),
            entities: Entities::from_json_value(entities(), None).unwrap(),
            request: request.unwrap(),
        }
    }

    pub(crate) fn permits(&self) -> bool {
        let answer = self.authorizer.is_authorized(&self.request, &self.policies, &self.entities);
        assert_eq!(answer.diagnostics().errors().count(), 0);
        answer.decision() == Decision::Allow
    }
}

/// Seconds since the epoch and minutes, as `permit.rs` has them.
fn context() -> Context {
    let context = json!({
        "now": 1_772_434_800, "start": 1_772_539_200, "end": 1_772_542_800,
        "minuteOfDay": 780, "endMinuteOfDay": 840, "weekday": 2, "minutes": 60,
        "onStep": true, "onGrid": true, "openCount": 2, "countOfDay": 0, "minutesOfWeek": 60,
        "gapBefore": 15_960, "gapAfter": 1_200, "overlapsOwn": false, "strikePoints": 1,
    });
    Context::from_json_value(context, None).unwrap()
}

fn entities() -> serde_json::Value {
    let done = json!({ "percent": 95, "watchedSeconds": 600, "completedAt": 1_767_312_000 });
    let granted = json!({ "level": 1 });
    json!([
        { "uid": { "type": "Member", "id": "usr_1" }, "parents": [], "attrs": {
            "status": "active", "membershipUntil": 1_798_761_600,
            "trainings": { "a": done, "b": done, "c": done, "d": done },
            "checkouts": { "saw": granted, "mill": granted,
                "laser": { "level": 2, "lastUsedAt": 1_771_545_600 } },
            "documents": { "houseRules": 2, "waiver": 1 } } },
        { "uid": { "type": "Machine", "id": "mch_laser" }, "parents": [], "attrs": {
            "active": true, "mappingBroken": false, "offeredMinutes": [60, 30, 120] } },
    ])
}
