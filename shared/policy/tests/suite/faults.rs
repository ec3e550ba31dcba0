//! The whole JSON form, and every fault a policy may have beside those of its first rules.

use interlock_policy::Policy;
use serde_json::{Value, json};

/// Everything a policy can say, as it is written back.
fn whole() -> Value {
    let hours = json!({"monday": [{"opens": "09:00:00", "closes": "12:00:00"}]});
    json!({
        "version": 3,
        "timeZone": "Europe/Berlin",
        "requirements": [
            {"kind": "training", "moduleId": "mod_a", "minimumPercent": 90,
             "watchedSeconds": 60, "validForDays": 365},
            {"kind": "membership"},
            {"kind": "document", "document": "house_rules", "version": 2},
            {"kind": "any", "of": [
                {"kind": "checkout", "scope": {"otherMachine": "mch_saw"}},
                {"kind": "all", "of": [
                    {"kind": "checkout", "scope": "machine", "minimumLevel": 2,
                     "validForDays": 365, "lapsesAfterDaysUnused": 90,
                     "lapsesIfUnusedForDays": 30},
                    {"kind": "membership", "graceDays": 7},
                ]},
            ]},
        ],
        "rules": {
            "openingHours": {
                "base": hours,
                "groups": [{"group": "crew", "value": null}],
                "levels": [{"from": 2, "value": null}],
            },
            "closures": [
                {"from": "2026-12-24", "to": "2026-12-26", "note": "feast"},
                {"start": "2026-03-01T10:00:00Z", "end": "2026-03-01T12:00:00Z"},
            ],
            "horizonDays": {"base": 14, "levels": [{"from": 1, "value": 30}]},
            "notice": {"createMinutes": 60, "changeMinutes": 60, "cancelMinutes":
                {"base": 60, "groups": [{"group": "crew", "value": 0}]}},
            "startGraceMinutes": 5,
            "freeEditMinutes": 10,
            "lateCancelMinutes": 120,
            "duration": {"minimumMinutes": 30, "maximumMinutes": 240, "stepMinutes": 30},
            "gridMinutes": 30,
            "openCap": 8,
            "quotas": [
                {"measure": "minutes", "limit": 600, "per": {"sliding_days": 7},
                 "scope": "category", "hours": hours, "completedCount": false,
                 "lateCancelsCount": true},
            ],
            "minimumGapMinutes": 15,
            "noChaining": true,
            "allowParallel": false,
            "offPeak": {"weekend": true, "daily": {"opens": "22:00:00", "closes": "06:00:00"}},
            "minimumPresent": 2,
            "walkIn": true,
            "area": {"resourceId": "mch_hall", "startOnly": true},
            "contents": {"resourceIds": ["mch_saw"], "startOnly": false},
            "firstTimeOnly": "resource",
            "needsApproval": {"holdHours": 24},
            "strikes": {"noShowPoints": 2, "lateCancelPoints": 1, "decayDays": 90, "limits": [
                {"fromPoints": 3, "openCap": 1, "needsApproval": false},
            ]},
            "onLostEligibility": {"person": "flag", "resource": "keep"},
        },
        "overlays": [{
            "eventTypeId": 7,
            "requirements": [{"kind": "membership"}],
            "rules": {
                "openingHours": null, "horizonDays": 7,
                "notice": {"createMinutes": 0, "changeMinutes": 0, "cancelMinutes": 0},
                "duration": {"minimumMinutes": null, "maximumMinutes": null, "stepMinutes": null},
                "gridMinutes": null, "openCap": null, "firstTimeOnly": "event_type",
            },
        }],
    })
}

fn read(json: &Value) -> Policy {
    serde_json::from_value(json.clone()).unwrap()
}

#[test]
fn everything_a_policy_can_say_is_read_and_written_back() {
    let policy = read(&whole());
    assert_eq!(policy.validate(), Ok(()));
    assert_eq!(serde_json::to_value(&policy).unwrap(), whole());
}

/// The pointers of what is wrong once a value is put in place of another.
fn faults(pointer: &str, value: Value) -> Vec<String> {
    let mut json = whole();
    *json.pointer_mut(pointer).unwrap() = value;
    let faults = read(&json).validate().err().unwrap_or_default();
    faults.into_iter().map(|fault| fault.pointer).collect()
}

#[test]
fn a_value_out_of_bounds_is_told_with_its_place() {
    let cases = [
        ("/requirements/2/document", json!("")),
        ("/requirements/2/document", json!("x".repeat(65))),
        ("/requirements/3/of/1/of/0/minimumLevel", json!(0)),
        ("/requirements/3/of/1/of/0/validForDays", json!(0)),
        ("/requirements/3/of/1/of/0/lapsesAfterDaysUnused", json!(0)),
        ("/requirements/3/of/1/of/0/lapsesIfUnusedForDays", json!(0)),
        ("/requirements/3/of", json!([])),
        ("/rules/openingHours/groups/0/group", json!("")),
        ("/rules/openingHours/levels/0/from", json!(0)),
        ("/rules/closures/0/to", json!("2026-12-23")),
        ("/rules/closures/0/note", json!("x".repeat(201))),
        ("/rules/closures/1/end", json!("2026-03-01T10:00:00Z")),
        ("/rules/startGraceMinutes", json!(1441)),
        ("/rules/freeEditMinutes", json!(1441)),
        ("/rules/duration/minimumMinutes", json!(241)),
        ("/rules/quotas/0/per/sliding_days", json!(0)),
        ("/rules/quotas/0/per/sliding_days", json!(367)),
        ("/rules/offPeak/daily/closes", json!("22:00:00")),
        ("/rules/minimumPresent", json!(101)),
        ("/rules/strikes/noShowPoints", json!(1001)),
        ("/rules/strikes/decayDays", json!(0)),
        ("/rules/strikes/decayDays", json!(401)),
        ("/rules/strikes/limits/0/fromPoints", json!(0)),
        ("/rules/strikes/limits/0/openCap", json!(0)),
    ];
    for (pointer, value) in cases {
        assert_eq!(faults(pointer, value.clone()), [pointer], "{value}");
    }
}

#[test]
fn no_level_is_treated_worse_than_a_lower_one() {
    let at = "/rules/horizonDays/levels/0/value";
    for (days, wrong) in [(json!(13), true), (json!(14), false), (json!(null), false)] {
        let expected = if wrong { vec![at] } else { vec![] };
        assert_eq!(faults(at, days.clone()), expected, "{days}");
    }
    let levels = |value: Value| json!({"base": 60, "levels": [{"from": 1, "value": value}]});
    let notice = "/rules/notice/cancelMinutes";
    assert_eq!(faults(notice, levels(json!(61))), [format!("{notice}/levels/0/value")]);
    assert_eq!(faults(notice, levels(json!(60))), [""; 0]);
    let limit = "/rules/quotas/0/limit";
    assert_eq!(faults(limit, levels(json!(59))), [format!("{limit}/levels/0/value")]);
    assert_eq!(faults(limit, levels(json!(60))), [""; 0]);
}

#[test]
fn points_lead_to_something_if_only_to_a_yes() {
    let limit = |needs_approval: bool| json!({"fromPoints": 3, "needsApproval": needs_approval});
    let at = "/rules/strikes/limits/0";
    assert_eq!(faults(at, limit(true)), [""; 0]);
    assert_eq!(faults(at, limit(false)), [at]);
}

#[test]
fn a_higher_level_may_need_the_same_yes_or_none_and_no_new_one() {
    let yes = json!({"holdHours": 12});
    let cases = [
        (yes.clone(), yes.clone(), true),
        (yes.clone(), json!(null), true),
        (json!(null), json!(null), true),
        (json!(null), yes, false),
    ];
    let rule = "/rules/needsApproval";
    for (base, higher, fair) in cases {
        let value = json!({"base": base, "levels": [{"from": 1, "value": higher}]});
        let expected = if fair { vec![] } else { vec![format!("{rule}/levels/0/value")] };
        assert_eq!(faults(rule, value.clone()), expected, "{value}");
    }
}

#[test]
fn hours_of_a_higher_level_hold_those_of_a_lower_one() {
    let day = |ranges: Value| json!({"monday": ranges});
    let range = |opens: &str, closes: &str| json!({"opens": opens, "closes": closes});
    let base = day(json!([range("09:00:00", "12:00:00")]));
    let cases = [
        (day(json!([range("09:00:00", "12:00:00")])), true),
        (day(json!([range("08:00:00", "00:00:00")])), true),
        (day(json!([range("09:00:00", "10:00:00"), range("10:00:00", "13:00:00")])), true),
        (day(json!([range("09:00:00", "10:00:00"), range("10:01:00", "13:00:00")])), false),
        (day(json!([range("09:01:00", "12:00:00")])), false),
        (day(json!([range("09:00:00", "11:59:00")])), false),
        (json!({"tuesday": [range("00:00:00", "00:00:00")]}), false),
        (json!(null), true),
    ];
    for (value, fair) in cases {
        let hours = json!({"base": base, "levels": [{"from": 1, "value": value}]});
        let found = faults("/rules/openingHours", hours);
        let expected = if fair { vec![] } else { vec!["/rules/openingHours/levels/0/value"] };
        assert_eq!(found, expected, "{value}");
    }
    let closed = json!({"base": null, "levels": [{"from": 1, "value": base}]});
    assert_eq!(faults("/rules/openingHours", closed), ["/rules/openingHours/levels/0/value"]);
}

#[test]
fn levels_ascend_and_groups_are_named_once() {
    let one = json!({"from": 2, "value": 30});
    let levels = json!({"base": 14, "levels": [one, one]});
    assert_eq!(faults("/rules/horizonDays", levels), ["/rules/horizonDays/levels/1/from"]);
    let crew = json!({"group": "crew", "value": 1});
    let groups = json!({"base": 14, "groups": [crew, crew]});
    assert_eq!(faults("/rules/horizonDays", groups), ["/rules/horizonDays/groups/1/group"]);
}

#[test]
fn what_concerns_the_policy_stands_in_no_overlay_and_no_kind_has_two() {
    let rules = "/overlays/0/rules";
    for (name, value) in [
        ("startGraceMinutes", json!(1)),
        ("walkIn", json!(true)),
        ("onLostEligibility", json!({"person": "keep"})),
    ] {
        assert_eq!(faults(rules, json!({name: value})), [format!("{rules}/{name}")]);
    }
    let one = json!({"eventTypeId": 7});
    assert_eq!(faults("/overlays", json!([one, one])), ["/overlays/1/eventTypeId"]);
}

#[test]
fn combinations_are_bounded_in_depth_and_number() {
    let nest = |depth: usize| {
        (0..depth)
            .fold(json!({"kind": "membership"}), |inner, _| json!({"kind": "all", "of": [inner]}))
    };
    assert_eq!(faults("/requirements", json!([nest(4)])), [""; 0]);
    let deep = faults("/requirements", json!([nest(5)]));
    assert_eq!(deep, ["/requirements/0/of/0/of/0/of/0/of/0"]);
    let many: Vec<_> = (0..33)
        .map(|number| json!({"kind": "document", "document": format!("d{number}"), "version": 1}))
        .collect();
    assert_eq!(faults("/requirements", json!(many)), ["/requirements"]);
}

#[test]
fn what_is_asked_for_twice_is_told_with_its_place() {
    let of = |one: Value| faults("/requirements", json!([one, one]));
    let document = json!({"kind": "document", "document": "d", "version": 1});
    assert_eq!(of(document.clone()), ["/requirements/1/document"]);
    assert_eq!(of(json!({"kind": "membership"})), ["/requirements/1"]);
    assert_eq!(of(json!({"kind": "any", "of": [document]})), ["/requirements/1"]);
}

#[test]
fn unknown_words_are_refused_everywhere() {
    let cases = [
        ("/rules/horizonDays/surprise", json!(1)),
        ("/rules/closures/0/surprise", json!(1)),
        ("/rules/quotas/0/surprise", json!(1)),
        ("/rules/offPeak/surprise", json!(1)),
        ("/rules/strikes/surprise", json!(1)),
        ("/rules/strikes/limits/0/surprise", json!(1)),
        ("/overlays/0/surprise", json!(1)),
        ("/requirements/1/surprise", json!(1)),
        ("/requirements/3/surprise", json!(1)),
        ("/requirements/3/of/0/surprise", json!(1)),
    ];
    for (pointer, value) in cases {
        let mut json = whole();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        json.pointer_mut(parent).unwrap()[name] = value;
        assert!(serde_json::from_value::<Policy>(json).is_err(), "{pointer}");
    }
}
