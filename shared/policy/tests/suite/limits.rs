//! Length, past, notice, horizon and the limits per person.

use interlock_policy::{DurationRule, EventTypeId, Notice, Purpose, ReasonCode, Role, Rules};

use crate::support::*;

const TEN: &str = "2026-03-02T09:00:00Z";

#[test]
fn a_length_is_one_that_is_offered() {
    let cases = [
        (None, 60, true, "either kind"),
        (None, 30, true, "either kind"),
        (None, 45, false, "none of this length"),
        (Some(1), 60, true, "the kind and its length"),
        (Some(1), 30, false, "the length of the other kind"),
        (Some(2), 30, true, "the other kind"),
        (Some(3), 60, false, "no such kind"),
    ];
    for (kind, length, offered, why) in cases {
        let world = World::laser();
        let mut request = asked(TEN, length);
        request.event_type_id = kind.map(EventTypeId);
        let verdict = world.judge(&request, &Purpose::Create);
        let expected: &[&str] = if offered { &[] } else { &["duration_not_offered"] };
        assert_eq!(codes(&verdict), expected, "{why}");
        if let Some(reason) = verdict.reasons.first() {
            assert_eq!(value(reason, "offeredMinutes"), "30,60", "{why}");
        }
    }
}

#[test]
fn a_resource_without_kinds_offers_nothing() {
    let mut world = World::laser();
    world.resource.event_types.clear();
    let verdict = world.create(TEN, 60);
    assert_eq!(value(only(&verdict), "offeredMinutes"), "");
}

#[test]
fn a_length_keeps_every_bound_and_each_broken_one_is_named() {
    let rule = |minimum: u32, maximum: u32, step: u32| DurationRule {
        minimum_minutes: Some(minimum),
        maximum_minutes: Some(maximum).into(),
        step_minutes: Some(step),
    };
    let cases: [(DurationRule, i64, &[&str]); 10] = [
        (rule(30, 90, 15), 29, &["duration_too_short", "duration_off_step"]),
        (rule(30, 90, 15), 30, &[]),
        (rule(30, 90, 15), 31, &["duration_off_step"]),
        (rule(30, 90, 15), 44, &["duration_off_step"]),
        (rule(30, 90, 15), 45, &[]),
        (rule(30, 90, 15), 90, &[]),
        (rule(30, 90, 15), 91, &["duration_too_long", "duration_off_step"]),
        (rule(60, 60, 60), 120, &["duration_too_long"]),
        (rule(60, 60, 1), 15, &["duration_too_short"]),
        (DurationRule::default(), 1, &[]),
    ];
    for (duration, length, expected) in cases {
        let mut world =
            World::bare("Europe/Berlin", Rules { duration: duration.clone(), ..Rules::default() });
        world.resource.event_types = vec![(EventTypeId(1), u32::try_from(length).unwrap())];
        assert_eq!(codes(&world.create(TEN, length)), expected, "{duration:?} {length}");
    }
}

#[test]
fn a_start_lies_not_in_the_past() {
    let cases = [
        ("2026-03-02T06:59:59Z", true),
        ("2026-03-02T07:00:00Z", false),
        ("2026-03-02T07:00:01Z", false),
        ("2026-03-01T07:00:00Z", true),
    ];
    for (start, past) in cases {
        let world = World::bare("Europe/Berlin", Rules::default());
        assert_eq!(world.says(ReasonCode::StartInPast, start, 60), past, "{start}");
    }
}

#[test]
fn each_purpose_has_its_own_notice() {
    let notice = Notice::of(60, 120, 180);
    let cases: [(Purpose, &str, &[&str]); 13] = [
        (Purpose::Create, "2026-03-02T07:59:00Z", &["notice_create"]),
        (Purpose::Create, "2026-03-02T08:00:00Z", &[]),
        (Purpose::Create, "2026-03-02T08:01:00Z", &[]),
        (Purpose::View, "2026-03-02T07:59:59Z", &["notice_create"]),
        (Purpose::View, "2026-03-02T08:00:00Z", &[]),
        (Purpose::Change(id("rsv_1")), "2026-03-02T08:59:00Z", &["notice_change"]),
        (Purpose::Change(id("rsv_1")), "2026-03-02T09:00:00Z", &[]),
        (Purpose::Change(id("rsv_1")), "2026-03-02T09:01:00Z", &[]),
        (cancelling(), "2026-03-02T09:59:00Z", &["notice_cancel"]),
        (cancelling(), "2026-03-02T10:00:00Z", &[]),
        (cancelling(), "2026-03-02T10:01:00Z", &[]),
        (cancelling(), "2026-03-02T06:00:00Z", &["notice_cancel"]),
        (Purpose::Keep, "2026-03-02T06:00:00Z", &[]),
    ];
    for (purpose, start, expected) in cases {
        let world =
            World::bare("Europe/Berlin", Rules { notice: notice.clone(), ..Rules::default() });
        assert_eq!(
            codes(&world.judge(&asked(start, 60), &purpose)),
            expected,
            "{purpose:?} {start}"
        );
    }
}

#[test]
fn without_notice_one_may_act_until_the_start() {
    let cases: [(Purpose, &str, &[&str]); 4] = [
        (Purpose::Create, "2026-03-02T07:00:00Z", &[]),
        (Purpose::Create, "2026-03-02T06:59:59Z", &["start_in_past", "notice_create"]),
        (cancelling(), "2026-03-02T07:00:00Z", &[]),
        (cancelling(), "2026-03-02T06:59:59Z", &["notice_cancel"]),
    ];
    for (purpose, start, expected) in cases {
        let world = World::bare("Europe/Berlin", Rules::default());
        assert_eq!(
            codes(&world.judge(&asked(start, 60), &purpose)),
            expected,
            "{purpose:?} {start}"
        );
    }
}

#[test]
fn too_late_a_wish_is_told_the_first_start_that_is_not() {
    let world = World::laser();
    let verdict = world.create("2026-03-02T07:30:00Z", 60);
    let reason = verdict.reasons.iter().find(|reason| reason.code == ReasonCode::NoticeCreate);
    let reason = reason.unwrap();
    assert_eq!(value(reason, "noticeMinutes"), "60");
    assert_eq!(reason.next_steps[0].at, Some(at("2026-03-02T08:00:00Z")));
    assert_eq!(reason.true_from, None, "waiting makes it later still");
    let verdict = world.judge(&asked("2026-03-02T07:30:00Z", 60), &cancelling());
    assert_eq!(only(&verdict).next_steps[0].action, "contact_staff");
}

/// Sixty days of 24 hours after 2 March, 07:00 UTC: 1 May, 07:00 UTC.
#[test]
fn a_start_lies_within_the_horizon() {
    let cases = [
        ("2026-05-01T06:59:59Z", true),
        ("2026-05-01T07:00:00Z", true),
        ("2026-05-01T07:00:01Z", false),
        ("2026-06-01T07:00:00Z", false),
    ];
    for (start, within) in cases {
        let rules = Rules { horizon_days: Some(60).into(), ..Rules::default() };
        let world = World::bare("Europe/Berlin", rules);
        assert_eq!(world.says(ReasonCode::HorizonExceeded, start, 60), !within, "{start}");
    }
}

#[test]
fn beyond_the_horizon_waiting_helps_at_the_instant_named() {
    let rules = Rules { horizon_days: Some(60).into(), ..Rules::default() };
    let mut world = World::bare("Europe/Berlin", rules);
    let verdict = world.create("2026-05-03T09:00:00Z", 60);
    let reason = only(&verdict);
    assert_eq!(*reason.overridable_by, [Role::Manager, Role::Admin]);
    let from = reason.true_from.unwrap();
    assert_eq!(reason.next_steps[0].at, Some(from));
    world.now = from.checked_sub(minutes(1)).unwrap();
    assert!(!world.create("2026-05-03T09:00:00Z", 60).permits());
    world.now = from;
    assert!(world.create("2026-05-03T09:00:00Z", 60).permits());
}

#[test]
fn open_reservations_stay_below_the_cap() {
    let cases =
        [(8, 7, true), (8, 8, false), (8, 9, false), (1, 0, true), (1, 1, false), (0, 0, false)];
    for (cap, held, below) in cases {
        let mut world = World::laser();
        world.policy.rules.open_cap = Some(cap).into();
        world.member.open_reservations = (0..held)
            .map(|day| open(&format!("rsv_{day}"), &format!("2026-03-1{day}T09:00:00Z"), 60))
            .collect();
        let verdict = world.create(TEN, 60);
        let expected: &[&str] = if below { &[] } else { &["quota_open_reservations"] };
        assert_eq!(codes(&verdict), expected, "{held} of {cap}");
        if let Some(reason) = verdict.reasons.first() {
            assert_eq!(value(reason, "cap"), cap.to_string());
            assert_eq!(value(reason, "openCount"), held.to_string());
        }
    }
}

#[test]
fn the_cap_gives_way_when_enough_reservations_have_ended() {
    let cases = [
        (3, Some("2026-03-10T10:00:00Z"), "one too many of three"),
        (2, Some("2026-03-11T10:00:00Z"), "two must end"),
        (1, Some("2026-03-12T10:00:00Z"), "all must end"),
        (0, None, "none is ever allowed"),
    ];
    for (cap, from, why) in cases {
        let mut world = World::laser();
        world.policy.rules.open_cap = Some(cap).into();
        world.policy.rules.notice = Notice::default();
        world.member.open_reservations = ["2026-03-11", "2026-03-10", "2026-03-12"]
            .into_iter()
            .enumerate()
            .map(|(index, day)| open(&format!("rsv_{index}"), &format!("{day}T09:00:00Z"), 60))
            .collect();
        let verdict = world.create("2026-03-20T09:00:00Z", 60);
        assert_eq!(only(&verdict).true_from, from.map(at), "{why}");
        if let Some(from) = from {
            world.now = at(from);
            assert!(world.create("2026-03-20T09:00:00Z", 60).permits(), "{why}");
            world.now = at(from).checked_sub(minutes(1)).unwrap();
            assert!(!world.create("2026-03-20T09:00:00Z", 60).permits(), "{why}");
        }
    }
}

#[test]
fn what_has_ended_counts_no_longer() {
    let cases = [
        ("2026-03-02T05:00:00Z", 0, "ended an hour ago"),
        ("2026-03-02T06:00:00Z", 0, "ends now"),
        ("2026-03-02T06:00:01Z", 1, "runs for another second"),
        ("2026-03-10T06:00:00Z", 1, "lies ahead"),
    ];
    for (start, counted, why) in cases {
        let mut world = World::laser();
        world.policy.rules.open_cap = Some(1).into();
        world.member.open_reservations = vec![open("rsv_1", start, 60)];
        assert_eq!(world.create(TEN, 60).reasons.len(), counted, "{why}");
    }
}

#[test]
fn a_move_neither_counts_nor_meets_the_old_time() {
    let mut world = World::laser();
    world.policy.rules.open_cap = Some(1).into();
    world.member.open_reservations = vec![open("rsv_1", TEN, 60)];
    let half_past = asked("2026-03-02T09:30:00Z", 60);
    let both = ["quota_open_reservations", "reservation_parallel"];
    let own = Purpose::Change(id("rsv_1"));
    let other = Purpose::Change(id("rsv_2"));
    assert_eq!(codes(&world.judge(&half_past, &Purpose::Create)), both);
    assert_eq!(codes(&world.judge(&half_past, &own)), [""; 0]);
    assert_eq!(codes(&world.judge(&half_past, &other)), both);
}

#[test]
fn nobody_is_at_two_places() {
    let cases = [
        ("2026-03-02T08:00:00Z", 60, false, "ends as it begins"),
        ("2026-03-02T08:00:00Z", 61, true, "ends a minute in"),
        ("2026-03-02T09:59:00Z", 60, true, "begins a minute before its end"),
        ("2026-03-02T10:00:00Z", 60, false, "begins as it ends"),
        ("2026-03-02T09:15:00Z", 30, true, "lies within"),
        ("2026-03-02T08:00:00Z", 240, true, "lies around"),
        ("2026-03-02T09:00:00Z", 60, true, "is the same"),
    ];
    for (start, length, meets, why) in cases {
        let mut world = World::laser();
        world.member.open_reservations = vec![open("rsv_1", start, length)];
        let verdict = world.create(TEN, 60);
        let expected: &[&str] = if meets { &["reservation_parallel"] } else { &[] };
        assert_eq!(codes(&verdict), expected, "{why}");
        if let Some(reason) = verdict.reasons.first() {
            assert_eq!(value(reason, "reservationId"), "rsv_1");
            assert!(reason.overridable_by.is_empty(), "double booking has no exemption");
        }
        world.policy.rules.allow_parallel = Some(true);
        assert!(world.create(TEN, 60).permits(), "allowed: {why}");
    }
}

#[test]
fn each_reservation_in_the_way_is_a_reason() {
    let mut world = World::laser();
    world.member.open_reservations =
        vec![open("rsv_1", TEN, 30), open("rsv_2", "2026-03-02T09:30:00Z", 30)];
    let verdict = world.create(TEN, 60);
    assert_eq!(codes(&verdict), ["reservation_parallel", "reservation_parallel"]);
    let places: Vec<_> =
        verdict.reasons.iter().filter_map(|reason| reason.next_steps[1].href.clone()).collect();
    assert_eq!(places, ["/reservations/rsv_1", "/reservations/rsv_2"].map(Into::into));
}
