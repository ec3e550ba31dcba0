//! What a person may read of the rules is what he is judged by.

use interlock_policy::{
    ApprovalRule, AreaRule, ByWho, Closure, ContentsRule, EventTypeId, Facts, GroupValue, Level,
    LevelValue, Notice, OpeningHours, Overlay, Quota, QuotaMeasure, QuotaPeriod, QuotaScope,
    ReasonCode, Rules, ShownPolicy, StrikeCause, StrikeFact, StrikeLimit, StrikeRule, Varied,
    Weekday,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::*;

fn shown(world: &World) -> ShownPolicy {
    let facts = Facts { now: world.now, member: &world.member, resource: &world.resource };
    ShownPolicy::of(&facts, &world.policy)
}

fn by_group<T>(base: T, group: &str, value: T) -> ByWho<T> {
    let groups = vec![GroupValue { group: group.to_owned(), value }];
    ByWho::Varied(Varied { base, groups, levels: Vec::new() })
}

fn on(day: Weekday, ranges: &[(&str, &str)]) -> OpeningHours {
    let ranges = ranges.iter().map(|(opens, closes)| range(opens, closes)).collect();
    OpeningHours([(day, ranges)].into())
}

#[test]
fn the_demo_laser_reads_as_it_was_written() {
    let nine = json!([{ "opens": "09:00:00", "closes": "21:00:00" }]);
    let wanted = json!({
        "policyVersion": 1,
        "openingHours": {
            "monday": nine, "tuesday": nine, "wednesday": nine, "thursday": nine, "friday": nine,
            "saturday": [{ "opens": "10:00:00", "closes": "18:00:00" }],
        },
        "horizonDays": 60,
        "notice": { "createMinutes": 60, "changeMinutes": 60, "cancelMinutes": 60 },
        "duration": {},
        "gridMinutes": 30,
        "openCap": 8,
        "allowParallel": false,
    });
    assert_eq!(json!(shown(&World::laser())), wanted);
}

#[test]
fn where_nothing_is_limited_nothing_is_told() {
    let wanted = json!({
        "policyVersion": 1, "duration": {}, "allowParallel": true,
        "notice": { "createMinutes": 0, "changeMinutes": 0, "cancelMinutes": 0 },
    });
    assert_eq!(json!(shown(&World::bare("UTC", Rules::default()))), wanted);
}

#[test]
fn of_values_by_group_and_level_the_strictest_is_told() {
    let levels = vec![LevelValue { from: Level(2), value: Some(30) }];
    let horizon_days = ByWho::Varied(Varied { base: Some(7), groups: Vec::new(), levels });
    let quota = Quota {
        measure: QuotaMeasure::Minutes,
        limit: by_group(600, "school", 120),
        per: QuotaPeriod::Week,
        scope: QuotaScope::Category,
        hours: None,
        completed_count: true,
        late_cancels_count: true,
    };
    let rules = Rules {
        horizon_days,
        notice: Notice { create_minutes: by_group(60, "school", 600), ..Notice::default() },
        quotas: vec![quota],
        minimum_present: by_group(0, "school", 2),
        needs_approval: by_group(None, "school", Some(ApprovalRule { hold_hours: 12 })),
        ..Rules::default()
    };
    let mut world = World::bare("UTC", rules);
    let plain = shown(&world).rules;
    assert_eq!((plain.horizon_days, plain.notice.create_minutes), (Some(7), 60));
    assert_eq!((plain.quotas[0].limit, plain.minimum_present), (600, 0));
    assert_eq!(plain.needs_approval, None);
    world.member.groups = vec!["school".to_owned()];
    world.member.checkouts[0].level = Level(2);
    let pupil = shown(&world).rules;
    assert_eq!((pupil.horizon_days, pupil.notice.create_minutes), (Some(30), 600));
    assert_eq!((pupil.quotas[0].limit, pupil.minimum_present), (120, 2));
    assert_eq!(pupil.needs_approval, Some(ApprovalRule { hold_hours: 12 }));
    assert!(pupil.quotas[0].late_cancels_count);
}

#[test]
fn company_is_told_from_two_on_because_one_is_always_there() {
    for (present, told) in [(0, json!(null)), (1, json!(null)), (2, json!(2)), (3, json!(3))] {
        let rules = Rules { minimum_present: present.into(), ..Rules::default() };
        assert_eq!(json!(shown(&World::bare("UTC", rules)))["minimumPresent"], told, "{present}");
    }
}

#[test]
fn what_is_given_in_minutes_is_told_where_it_is_given() {
    let rules = Rules {
        late_cancel_minutes: 90,
        free_edit_minutes: 15,
        minimum_gap_minutes: 30.into(),
        ..Rules::default()
    };
    let told = json!(shown(&World::bare("UTC", rules)));
    let names = ["lateCancelMinutes", "freeEditMinutes", "minimumGapMinutes"];
    assert_eq!(names.map(|name| told[name].clone()), [json!(90), json!(15), json!(30)]);
}

/// Somebody in two groups with hours of their own, of which neither contains the other.
fn in_two_groups() -> World {
    let group = |name: &str, ranges: &[(&str, &str)]| GroupValue {
        group: name.to_owned(),
        value: Some(on(Weekday::Monday, ranges)),
    };
    let groups = vec![
        group("late", &[("06:00", "08:00"), ("12:00", "00:00")]),
        group(
            "early",
            &[("00:00", "07:00"), ("08:00", "09:00"), ("11:30", "13:00"), ("22:00", "00:00")],
        ),
    ];
    let opening_hours = ByWho::Varied(Varied { base: None, groups, levels: Vec::new() });
    let mut world = World::bare("UTC", Rules { opening_hours, ..Rules::default() });
    world.member.groups = vec!["early".to_owned(), "late".to_owned()];
    world
}

#[test]
fn of_several_hours_only_what_all_leave_open_is_told() {
    let wanted = [("06:00", "07:00"), ("12:00", "13:00"), ("22:00", "00:00")];
    let told = shown(&in_two_groups()).rules.opening_hours;
    assert_eq!(told, Some(on(Weekday::Monday, &wanted)));
}

#[test]
fn the_hours_that_are_told_are_those_that_are_judged_by() {
    let world = in_two_groups();
    let told = shown(&world).rules.opening_hours.unwrap();
    let mut open = 0;
    for place in 0..7 * 48 {
        let start = at("2026-03-09T00:00:00Z") + SignedDuration::from_mins(place * 30);
        let day = WEEK[usize::try_from(place / 48).unwrap()];
        let local = start.to_zoned(jiff::tz::TimeZone::UTC).time();
        let ranges = told.0.get(&day).map(Vec::as_slice).unwrap_or_default();
        let midnight = jiff::civil::Time::midnight();
        let says = ranges.iter().any(|range| {
            range.opens <= local && (local < range.closes || range.closes == midnight)
        });
        assert_ne!(world.says(ReasonCode::HoursClosed, &start.to_string(), 30), says, "{start}");
        open += u32::from(says);
    }
    assert_eq!(open, 8);
}

#[test]
fn closures_that_are_over_are_not_told_and_the_next_comes_first() {
    let days = |from: &str, to: &str| Closure::Days {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        note: None,
    };
    let time =
        |start: &str, end: &str| Closure::Time { start: at(start), end: at(end), note: None };
    let closures = vec![
        days("2026-12-24", "2026-12-26"),
        days("2026-02-27", "2026-03-01"),
        time("2026-03-02T06:00:00Z", NOW),
        time("2026-03-02T06:00:00Z", "2026-03-02T07:00:01Z"),
        days("2026-03-01", "2026-03-02"),
    ];
    let world = World::bare("Europe/Berlin", Rules { closures, ..Rules::default() });
    let wanted = [
        days("2026-03-01", "2026-03-02"),
        time("2026-03-02T06:00:00Z", "2026-03-02T07:00:01Z"),
        days("2026-12-24", "2026-12-26"),
    ];
    assert_eq!(shown(&world).rules.closures, wanted);
}

#[test]
fn limits_that_points_have_led_to_are_told_until_the_points_are_forgotten() {
    let limit = StrikeLimit {
        from_points: 2,
        horizon_days: Some(3),
        open_cap: Some(1),
        maximum_minutes: Some(60),
        needs_approval: true,
    };
    let rule = StrikeRule {
        no_show_points: 2,
        late_cancel_points: 1,
        decay_days: 30,
        limits: vec![limit],
    };
    let rules = Rules { strikes: Some(rule), open_cap: Some(5).into(), ..Rules::default() };
    let mut world = World::bare("UTC", rules);
    world.member.strikes =
        vec![StrikeFact { at: at("2026-02-20T00:00:00Z"), cause: StrikeCause::NoShow }];
    let told = shown(&world).rules;
    assert_eq!((told.horizon_days, told.open_cap), (Some(3), Some(1)));
    assert_eq!(told.duration.maximum_minutes, Some(60));
    assert_eq!(told.needs_approval, Some(ApprovalRule::default()));
    world.now = at("2026-03-22T00:00:00Z");
    let told = shown(&world).rules;
    assert_eq!((told.horizon_days, told.open_cap, told.needs_approval), (None, Some(5), None));
}

#[test]
fn what_an_event_type_asks_beside_stands_beside() {
    let mut world = World::laser();
    let rules = Rules { grid_minutes: Some(60), ..Rules::default() };
    world.policy.overlays =
        vec![Overlay { event_type_id: EventTypeId(2), requirements: Vec::new(), rules }];
    let told = json!(shown(&world));
    assert_eq!(told["gridMinutes"], 30);
    let wanted = json!([{
        "eventTypeId": 2, "gridMinutes": 60, "duration": {},
        "notice": { "createMinutes": 0, "changeMinutes": 0, "cancelMinutes": 0 },
    }]);
    assert_eq!(told["overlays"], wanted);
}

#[test]
fn in_what_it_is_used_and_what_is_used_in_it_are_told() {
    let area = AreaRule { resource_id: id("mch_hall"), start_only: true };
    let contents = ContentsRule { resource_ids: vec![id("mch_lathe")], start_only: false };
    let rules = Rules { area: Some(area), contents: Some(contents), ..Rules::default() };
    let told = json!(shown(&World::bare("UTC", rules)));
    assert_eq!(told["area"], json!({ "resourceId": "mch_hall", "startOnly": true }));
    assert_eq!(told["contents"], json!({ "resourceIds": ["mch_lathe"], "startOnly": false }));
}
