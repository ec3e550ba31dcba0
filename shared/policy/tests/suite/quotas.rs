//! Quotas at, before and after their borders, in the resource's civil calendar.

use interlock_policy::{
    EventTypeId, Interval, OffPeak, PastUse, Quota, QuotaMeasure, QuotaPeriod, QuotaScope, Rules,
    UseOutcome,
};

use crate::support::*;

fn quota(measure: QuotaMeasure, limit: u32, per: QuotaPeriod) -> Quota {
    Quota {
        measure,
        limit: limit.into(),
        per,
        scope: QuotaScope::All,
        hours: None,
        completed_count: true,
        late_cancels_count: false,
    }
}

fn with(zone: &str, quota: Quota) -> World {
    let mut world = World::bare(zone, Rules { quotas: vec![quota], ..Rules::default() });
    world.resource.event_types =
        [30, 60, 120, 1440].map(|length| (EventTypeId(length.into()), length)).into();
    world
}

fn past(start: &str, length: i64, outcome: UseOutcome) -> PastUse {
    PastUse {
        resource_id: id("mch_laser"),
        category: "lasers".to_owned(),
        event_type_id: Some(EventTypeId(60)),
        interval: Interval::lasting(at(start), minutes(length)).unwrap(),
        outcome,
    }
}

/// Whether an hour at the given start goes with an hour held at the other one.
fn goes(zone: &str, quota: &Quota, held: &str, start: &str) -> bool {
    let mut world = with(zone, quota.clone());
    world.member.open_reservations = vec![open("rsv_1", held, 60)];
    let verdict = world.create(start, 60);
    if !verdict.permits() {
        assert_eq!(codes(&verdict), ["quota_exceeded"]);
    }
    verdict.permits()
}

#[test]
fn a_stretch_begins_and_ends_with_the_day_of_the_resource() {
    use QuotaPeriod::{Day, Month, SlidingDays, Week, Year};
    let berlin = [
        // 2 March is a Monday; Berlin is an hour ahead of UTC.
        (Day, "2026-03-10T10:00:00Z", "2026-03-10T22:00:00Z", false),
        (Day, "2026-03-10T10:00:00Z", "2026-03-10T23:00:00Z", true),
        (Day, "2026-03-10T10:00:00Z", "2026-03-09T22:00:00Z", true),
        (Day, "2026-03-10T10:00:00Z", "2026-03-09T23:00:00Z", false),
        (Week, "2026-03-10T10:00:00Z", "2026-03-15T22:00:00Z", false),
        (Week, "2026-03-10T10:00:00Z", "2026-03-15T23:00:00Z", true),
        (Week, "2026-03-10T10:00:00Z", "2026-03-08T22:00:00Z", true),
        (Month, "2026-03-10T10:00:00Z", "2026-03-31T21:00:00Z", false),
        (Month, "2026-03-10T10:00:00Z", "2026-03-31T22:00:00Z", true),
        (Year, "2026-03-10T10:00:00Z", "2026-12-31T22:00:00Z", false),
        (Year, "2026-03-10T10:00:00Z", "2026-12-31T23:00:00Z", true),
        (SlidingDays(3), "2026-03-10T10:00:00Z", "2026-03-12T22:00:00Z", false),
        (SlidingDays(3), "2026-03-10T10:00:00Z", "2026-03-12T23:00:00Z", true),
        (SlidingDays(3), "2026-03-10T10:00:00Z", "2026-03-08T22:00:00Z", false),
        (SlidingDays(3), "2026-03-10T10:00:00Z", "2026-03-07T22:00:00Z", true),
    ];
    for (per, held, start, expected) in berlin {
        for (measure, limit) in [(QuotaMeasure::Count, 1), (QuotaMeasure::Minutes, 119)] {
            let quota = quota(measure, limit, per);
            assert_eq!(goes("Europe/Berlin", &quota, held, start), expected, "{quota:?} {start}");
        }
    }
}

#[test]
fn as_much_as_is_allowed_goes_and_a_minute_more_does_not() {
    for (limit, expected) in [(119, false), (120, true), (121, true)] {
        let quota = quota(QuotaMeasure::Minutes, limit, QuotaPeriod::Day);
        let (held, start) = ("2026-03-10T10:00:00Z", "2026-03-10T12:00:00Z");
        assert_eq!(goes("Europe/Berlin", &quota, held, start), expected, "{limit}");
    }
    for (limit, expected) in [(1, false), (2, true)] {
        let quota = quota(QuotaMeasure::Count, limit, QuotaPeriod::Day);
        let (held, start) = ("2026-03-10T10:00:00Z", "2026-03-10T12:00:00Z");
        assert_eq!(goes("Europe/Berlin", &quota, held, start), expected, "{limit}");
    }
}

#[test]
fn what_lies_over_midnight_counts_on_each_day_for_its_part() {
    // Two hours, of which one lies on each day.
    let (first, second) = ("2026-03-10T10:00:00Z", "2026-03-11T10:00:00Z");
    for held in [first, second] {
        for (measure, limit, expected) in [
            (QuotaMeasure::Minutes, 120, true),
            (QuotaMeasure::Minutes, 119, false),
            (QuotaMeasure::Count, 2, true),
            (QuotaMeasure::Count, 1, false),
        ] {
            let mut world = with("Europe/Berlin", quota(measure, limit, QuotaPeriod::Day));
            world.member.open_reservations = vec![open("rsv_1", held, 60)];
            let verdict = world.create("2026-03-10T22:00:00Z", 120);
            assert_eq!(verdict.permits(), expected, "{held} {measure:?} {limit}");
        }
    }
}

#[test]
fn a_day_of_twenty_five_hours_holds_twenty_five_hours() {
    // Berlin puts its clocks back on 25 October 2026; the day begins at 22:00 UTC.
    for (limit, expected) in [(24 * 60, true), (24 * 60 - 1, false)] {
        let world = with("Europe/Berlin", quota(QuotaMeasure::Minutes, limit, QuotaPeriod::Day));
        assert_eq!(world.create("2026-10-24T23:00:00Z", 1440).permits(), expected, "{limit}");
    }
}

#[test]
fn what_is_counted_depends_on_what_became_of_it() {
    use UseOutcome::{CancelledLate, Completed, NoShow};
    // Outcome, whether completed ones count, whether late cancellations count: is it counted?
    let cases = [
        (Completed, true, false, true),
        (Completed, false, false, false),
        (NoShow, true, false, true),
        (NoShow, false, true, false),
        (CancelledLate, true, false, false),
        (CancelledLate, false, true, true),
    ];
    for (outcome, completed_count, late_cancels_count, counted) in cases {
        let quota = Quota {
            completed_count,
            late_cancels_count,
            ..quota(QuotaMeasure::Count, 1, QuotaPeriod::Day)
        };
        let mut world = with("Europe/Berlin", quota);
        world.member.past_uses = vec![past("2026-03-02T05:00:00Z", 60, outcome)];
        let verdict = world.create("2026-03-02T11:00:00Z", 60);
        assert_eq!(verdict.permits(), !counted, "{outcome:?} {completed_count}");
    }
}

#[test]
fn a_quota_counts_within_its_scope() {
    use QuotaScope::{All, Category, EventType, Resource};
    // Resource, category and event type of what is held: is it counted?
    let cases = [
        (Resource, "mch_laser", "lasers", 60, true),
        (Resource, "mch_other", "lasers", 60, false),
        (Category, "mch_other", "lasers", 60, true),
        (Category, "mch_other", "saws", 60, false),
        (Category, "mch_laser", "", 60, true),
        (All, "mch_other", "saws", 7, true),
        (EventType, "mch_other", "saws", 60, true),
        (EventType, "mch_laser", "lasers", 7, false),
    ];
    for (scope, resource, category, kind, counted) in cases {
        let quota = Quota { scope, ..quota(QuotaMeasure::Count, 1, QuotaPeriod::Day) };
        let mut world = with("Europe/Berlin", quota);
        let mut held = open("rsv_1", "2026-03-02T14:00:00Z", 60);
        held.resource_id = id(resource);
        held.category = category.to_owned();
        held.event_type_id = Some(EventTypeId(kind));
        world.member.open_reservations = vec![held];
        let mut request = asked("2026-03-02T11:00:00Z", 60);
        request.event_type_id = Some(EventTypeId(60));
        let verdict = world.judge(&request, &interlock_policy::Purpose::Create);
        assert_eq!(verdict.permits(), !counted, "{scope:?} {resource} {category} {kind}");
    }
}

#[test]
fn only_time_inside_the_window_counts() {
    let hours = daily(&[("09:00", "12:00")]).opening_hours.values().flatten().next().cloned();
    for (measure, limit) in [(QuotaMeasure::Minutes, 60), (QuotaMeasure::Count, 1)] {
        let quota = Quota { hours: hours.clone(), ..quota(measure, limit, QuotaPeriod::Day) };
        // Half of it lies in the window, which closes at 11:00 UTC.
        let held = "2026-03-10T10:30:00Z";
        let inside = measure == QuotaMeasure::Minutes;
        assert_eq!(goes("Europe/Berlin", &quota, held, "2026-03-10T07:30:00Z"), inside);
        assert!(!goes("Europe/Berlin", &quota, held, "2026-03-10T08:00:00Z"));
        assert!(goes("Europe/Berlin", &quota, held, "2026-03-10T11:00:00Z"), "outside is free");
        assert!(goes("Europe/Berlin", &quota, held, "2026-03-10T07:00:00Z"), "outside is free");
    }
}

#[test]
fn quiet_time_does_not_count_against_minutes_and_what_lies_all_in_it_is_free() {
    let quota = quota(QuotaMeasure::Minutes, 60, QuotaPeriod::Day);
    let mut world = with("Europe/Berlin", quota);
    world.policy.rules.off_peak =
        Some(OffPeak { weekend: true, daily: Some(range("18:00", "06:00")) });
    // From 17:00 to 18:00 counts, from 18:00 on does not.
    assert!(world.create("2026-03-10T16:00:00Z", 120).permits());
    assert!(!world.create("2026-03-10T15:59:00Z", 120).permits());
    world.policy.rules.duration.maximum_minutes = Some(60).into();
    assert!(world.create("2026-03-10T16:00:00Z", 120).permits());
    assert_eq!(
        codes(&world.create("2026-03-10T15:59:00Z", 120)),
        ["duration_too_long", "quota_exceeded"],
    );
    assert!(world.create("2026-03-13T17:00:00Z", 1440).permits(), "into a weekend");
    assert!(!world.create("2026-03-15T22:00:00Z", 1440).permits(), "a whole Monday");
}

#[test]
fn the_window_of_quiet_time_applies_at_all() {
    let mut world = with("Europe/Berlin", quota(QuotaMeasure::Count, 0, QuotaPeriod::Day));
    world.policy.rules.off_peak =
        Some(OffPeak { weekend: false, daily: Some(range("12:00", "14:00")) });
    assert!(world.create("2026-03-10T11:00:00Z", 120).permits(), "exactly the window");
    assert!(!world.create("2026-03-10T10:59:00Z", 120).permits());
    assert!(!world.create("2026-03-10T11:01:00Z", 120).permits());
}

#[test]
fn a_change_is_counted_without_the_old_time() {
    let quota = quota(QuotaMeasure::Count, 1, QuotaPeriod::Day);
    let mut world = with("Europe/Berlin", quota);
    world.member.open_reservations = vec![open("rsv_1", "2026-03-02T11:00:00Z", 60)];
    let asked = asked("2026-03-02T14:00:00Z", 60);
    let change = interlock_policy::Purpose::Change(id("rsv_1"));
    assert!(world.judge(&asked, &change).permits());
    let other = interlock_policy::Purpose::Change(id("rsv_2"));
    assert!(!world.judge(&asked, &other).permits());
}

#[test]
fn the_reason_says_how_much_of_what_and_when_it_is_free_again() {
    let quota = quota(QuotaMeasure::Minutes, 90, QuotaPeriod::Week);
    let mut world = with("Europe/Berlin", quota);
    world.member.open_reservations = vec![open("rsv_1", "2026-03-03T11:00:00Z", 60)];
    let verdict = world.create("2026-03-04T11:00:00Z", 60);
    let reason = only(&verdict);
    let told: Vec<_> =
        ["limit", "used", "measure", "period"].map(|name| value(reason, name)).into();
    assert_eq!(told, ["90", "60", "minutes", "week"]);
    assert_eq!(reason.next_steps[0].at, Some(at("2026-03-08T23:00:00Z")));
}

#[test]
fn the_reason_says_in_which_stretch_and_on_what() {
    let scopes = [
        (QuotaScope::Resource, "resource"),
        (QuotaScope::Category, "category"),
        (QuotaScope::All, "all"),
        (QuotaScope::EventType, "event_type"),
    ];
    let periods = [
        (QuotaPeriod::Day, "day", "1"),
        (QuotaPeriod::Week, "week", "7"),
        (QuotaPeriod::Month, "month", "31"),
        (QuotaPeriod::Year, "year", "365"),
        (QuotaPeriod::SlidingDays(3), "sliding_days", "3"),
    ];
    for (scope, scope_word) in scopes {
        for (per, period, days) in periods {
            let quota = Quota { scope, ..quota(QuotaMeasure::Count, 0, per) };
            let verdict = with("Europe/Berlin", quota).create("2026-03-10T11:00:00Z", 60);
            let told = ["scope", "period", "periodDays"].map(|name| value(only(&verdict), name));
            assert_eq!(told, [scope_word, period, days]);
        }
    }
}

/// In St John's the clock was put back at one minute past midnight, to 23:01 of the day before.
#[test]
fn a_day_that_has_begun_stays_begun_when_the_clock_is_put_back_over_midnight() {
    let mut world = with("America/St_Johns", quota(QuotaMeasure::Count, 1, QuotaPeriod::Day));
    world.now = at("2010-11-01T12:00:00Z");
    // It reads 23:25 to 23:55 of the sixth once more; the seventh began before.
    let repeated = "2010-11-07T02:55:00Z";
    for (held, permits) in [("2010-11-07T15:00:00Z", false), ("2010-11-06T15:00:00Z", true)] {
        world.member.open_reservations = vec![open("rsv_1", held, 60)];
        assert_eq!(world.create(repeated, 30).permits(), permits, "{held}");
    }
}

#[test]
fn what_lies_before_a_change_of_clocks_is_read_by_the_clock_of_its_time() {
    let quota = |limit| Quota {
        hours: Some(demo_hours()),
        ..quota(QuotaMeasure::Minutes, limit, QuotaPeriod::Month)
    };
    // Half an hour of it lies after nine, two days before the clocks of Berlin were put on.
    let held = "2026-03-27T07:30:00Z";
    assert!(goes("Europe/Berlin", &quota(90), held, "2026-03-30T10:00:00Z"));
    assert!(!goes("Europe/Berlin", &quota(89), held, "2026-03-30T10:00:00Z"));
}
