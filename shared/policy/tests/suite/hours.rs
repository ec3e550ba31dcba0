//! Opening hours and grid on the resource's own clock, changes of clocks included.

use interlock_policy::{ReasonCode, Rules};

use crate::support::*;

const BERLIN: &str = "Europe/Berlin";
const SAO_PAULO: &str = "America/Sao_Paulo";
const KOLKATA: &str = "Asia/Kolkata";

/// Zone, ranges of every day, start, minutes, whether it is open throughout, why.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, i64, bool, &'a str);

fn check(cases: &[Case<'_>]) {
    for (zone, ranges, start, length, open, why) in cases {
        let world = World::bare(zone, daily(ranges));
        let closed = world.says(ReasonCode::HoursClosed, start, *length);
        assert_eq!(closed, !open, "{zone} {ranges:?} {start} {length}: {why}");
    }
}

#[test]
fn an_interval_lies_wholly_within_a_range() {
    let day: &[(&str, &str)] = &[("09:00", "21:00")];
    check(&[
        (BERLIN, day, "2026-03-02T08:00:00Z", 60, true, "begins as it opens"),
        (BERLIN, day, "2026-03-02T07:59:00Z", 60, false, "begins a minute early"),
        (BERLIN, day, "2026-03-02T19:00:00Z", 60, true, "ends as it closes"),
        (BERLIN, day, "2026-03-02T19:01:00Z", 60, false, "ends a minute late"),
        (BERLIN, day, "2026-03-02T20:00:00Z", 60, false, "begins as it closes"),
        (BERLIN, day, "2026-03-02T08:00:00Z", 720, true, "the whole day"),
        (BERLIN, day, "2026-03-02T08:00:00Z", 721, false, "a minute more than the day"),
        (BERLIN, day, "2026-03-02T12:00:00Z", 1440, false, "over a closed night"),
        (SAO_PAULO, day, "2026-03-02T12:00:00Z", 60, true, "09:00 there"),
        (SAO_PAULO, day, "2026-03-02T11:59:00Z", 60, false, "08:59 there"),
        (KOLKATA, day, "2026-03-02T03:30:00Z", 60, true, "09:00 there, half an hour off"),
        (KOLKATA, day, "2026-03-02T03:29:00Z", 60, false, "08:59 there"),
        (KOLKATA, day, "2026-03-02T14:30:00Z", 60, true, "20:00 there"),
        (KOLKATA, day, "2026-03-02T14:31:00Z", 60, false, "20:01 there"),
    ]);
}

#[test]
fn ranges_that_touch_are_one_and_a_pause_is_a_pause() {
    let touching: &[(&str, &str)] = &[("09:00", "12:00"), ("12:00", "15:00")];
    let pause: &[(&str, &str)] = &[("09:00", "12:00"), ("12:01", "15:00")];
    let unsorted: &[(&str, &str)] = &[("12:00", "15:00"), ("09:00", "12:00")];
    check(&[
        (BERLIN, touching, "2026-03-02T10:30:00Z", 60, true, "over the seam"),
        (BERLIN, touching, "2026-03-02T08:00:00Z", 360, true, "all of both"),
        (BERLIN, touching, "2026-03-02T08:00:00Z", 361, false, "a minute more"),
        (BERLIN, unsorted, "2026-03-02T08:00:00Z", 360, true, "in any order"),
        (BERLIN, pause, "2026-03-02T10:30:00Z", 60, false, "over the pause"),
        (BERLIN, pause, "2026-03-02T10:00:00Z", 60, true, "up to the pause"),
        (BERLIN, pause, "2026-03-02T11:01:00Z", 60, true, "from the pause on"),
    ]);
}

#[test]
fn midnight_joins_two_days_only_if_both_are_open_there() {
    let late: &[(&str, &str)] = &[("20:00", "00:00")];
    let through: &[(&str, &str)] = &[("00:00", "03:00"), ("20:00", "00:00")];
    let always: &[(&str, &str)] = &[("00:00", "00:00")];
    check(&[
        (BERLIN, late, "2026-03-02T22:00:00Z", 60, true, "ends at midnight"),
        (BERLIN, late, "2026-03-02T22:30:00Z", 60, false, "runs past it"),
        (BERLIN, through, "2026-03-02T22:30:00Z", 60, true, "across it"),
        (BERLIN, through, "2026-03-02T19:00:00Z", 420, true, "20:00 to 03:00"),
        (BERLIN, through, "2026-03-02T19:00:00Z", 421, false, "a minute more"),
        (BERLIN, always, "2026-03-02T22:30:00Z", 60 * 24 * 30, true, "a month"),
        (SAO_PAULO, through, "2026-03-03T02:30:00Z", 60, true, "across its own midnight"),
        (KOLKATA, through, "2026-03-02T18:00:00Z", 60, true, "23:30 to 00:30 there"),
        (KOLKATA, late, "2026-03-02T18:00:00Z", 60, false, "past midnight there"),
    ]);
}

#[test]
fn a_day_without_an_entry_is_closed() {
    let world = World::laser();
    let closed = |start: &str| world.says(ReasonCode::HoursClosed, start, 60);
    assert!(!closed("2026-03-06T19:00:00Z"), "Friday 20:00");
    assert!(closed("2026-03-07T08:00:00Z"), "Saturday 09:00");
    assert!(!closed("2026-03-07T09:00:00Z"), "Saturday 10:00");
    assert!(!closed("2026-03-07T16:00:00Z"), "Saturday 17:00");
    assert!(closed("2026-03-07T17:00:00Z"), "Saturday 18:00");
    assert!(closed("2026-03-08T11:00:00Z"), "Sunday noon");
    let none = World::bare(BERLIN, daily(&[]));
    assert!(none.says(ReasonCode::HoursClosed, "2026-03-02T11:00:00Z", 60));
    let always = World::bare(BERLIN, Rules::default());
    assert!(!always.says(ReasonCode::HoursClosed, "2026-03-08T03:00:00Z", 600));
}

/// On 29 March 2026 Berlin's clocks go from 02:00 to 03:00, at 01:00 UTC.
#[test]
fn in_spring_the_skipped_hour_is_nowhere() {
    let night: &[(&str, &str)] = &[("01:00", "04:00")];
    check(&[
        (BERLIN, night, "2026-03-29T00:00:00Z", 120, true, "three hours of clock are two"),
        (BERLIN, night, "2026-03-29T00:00:00Z", 121, false, "not three"),
        (BERLIN, &[("02:00", "03:00")], "2026-03-29T00:59:00Z", 1, false, "never opens"),
        (BERLIN, &[("02:00", "03:00")], "2026-03-29T01:00:00Z", 1, false, "nor after"),
        (BERLIN, &[("02:00", "05:00")], "2026-03-29T01:00:00Z", 120, true, "from 03:00 on"),
        (BERLIN, &[("02:00", "05:00")], "2026-03-29T00:59:00Z", 60, false, "not before"),
        (BERLIN, &[("02:30", "05:00")], "2026-03-29T01:00:00Z", 120, true, "from 03:00 on too"),
        (BERLIN, &[("01:00", "02:00")], "2026-03-29T00:00:00Z", 60, true, "up to the change"),
        (BERLIN, &[("01:00", "02:30")], "2026-03-29T00:00:00Z", 60, true, "up to the change"),
        (BERLIN, &[("01:00", "02:30")], "2026-03-29T00:00:00Z", 61, false, "not beyond it"),
        (BERLIN, &[("01:00", "03:00")], "2026-03-29T00:30:00Z", 31, false, "03:00 is closed"),
        (BERLIN, &[("09:00", "21:00")], "2026-03-29T07:00:00Z", 60, true, "09:00 in summer time"),
        (BERLIN, &[("09:00", "21:00")], "2026-03-28T07:00:00Z", 60, false, "08:00 the day before"),
    ]);
}

/// On 25 October 2026 they go from 03:00 back to 02:00, at 01:00 UTC.
#[test]
fn in_autumn_the_repeated_hour_is_open_both_times() {
    let night: &[(&str, &str)] = &[("01:00", "04:00")];
    let half: &[(&str, &str)] = &[("01:00", "02:30")];
    check(&[
        (BERLIN, night, "2026-10-24T23:00:00Z", 240, true, "three hours of clock are four"),
        (BERLIN, night, "2026-10-24T23:00:00Z", 241, false, "not five"),
        (BERLIN, &[("02:00", "03:00")], "2026-10-25T00:00:00Z", 120, true, "twice an hour"),
        (BERLIN, &[("02:00", "03:00")], "2026-10-24T23:59:00Z", 2, false, "not before"),
        (BERLIN, &[("02:00", "03:00")], "2026-10-25T01:59:00Z", 2, false, "not after"),
        (BERLIN, half, "2026-10-24T23:00:00Z", 90, true, "up to the first 02:30"),
        (BERLIN, half, "2026-10-24T23:00:00Z", 91, false, "the first 02:30 is closed"),
        (BERLIN, half, "2026-10-25T00:45:00Z", 15, false, "02:45 is closed"),
        (BERLIN, half, "2026-10-25T01:00:00Z", 30, true, "the second 02:00 is open"),
        (BERLIN, half, "2026-10-25T01:00:00Z", 31, false, "up to the second 02:30"),
        (BERLIN, &[("01:00", "02:00")], "2026-10-24T23:30:00Z", 30, true, "up to 02:00"),
        (BERLIN, &[("01:00", "02:00")], "2026-10-24T23:30:00Z", 31, false, "not the first 02:00"),
        (BERLIN, &[("09:00", "21:00")], "2026-10-25T08:00:00Z", 60, true, "09:00 in winter time"),
        (BERLIN, &[("09:00", "21:00")], "2026-10-25T07:00:00Z", 60, false, "08:00 again"),
    ]);
}

/// São Paulo changed at midnight: on 4 November 2018 no 00:00, on 17 February 2018 23:00 twice.
#[test]
fn a_midnight_that_is_skipped_or_repeated_still_joins_the_days() {
    let through: &[(&str, &str)] = &[("00:00", "02:00"), ("22:00", "00:00")];
    let late: &[(&str, &str)] = &[("22:00", "00:00")];
    check(&[
        (SAO_PAULO, through, "2018-11-04T02:00:00Z", 120, true, "23:00 to 02:00, an hour short"),
        (SAO_PAULO, through, "2018-11-04T02:00:00Z", 121, false, "not beyond 02:00"),
        (SAO_PAULO, late, "2018-11-04T02:00:00Z", 60, true, "up to the skipped midnight"),
        (SAO_PAULO, late, "2018-11-04T02:00:00Z", 61, false, "01:00 is closed"),
        (SAO_PAULO, late, "2018-02-18T00:00:00Z", 180, true, "22:00, 23:00 and 23:00 again"),
        (SAO_PAULO, late, "2018-02-18T00:00:00Z", 181, false, "midnight at last"),
        (SAO_PAULO, through, "2018-02-18T00:00:00Z", 300, true, "and on to 02:00"),
    ]);
}

#[test]
fn a_refusal_names_the_next_opening() {
    let cases = [
        (BERLIN, "2026-03-02T06:00:00Z", Some("2026-03-02T08:00:00Z"), "this morning"),
        (BERLIN, "2026-03-02T19:30:00Z", Some("2026-03-03T08:00:00Z"), "runs over closing"),
        (BERLIN, "2026-03-06T20:00:00Z", Some("2026-03-07T09:00:00Z"), "Saturday opens later"),
        (BERLIN, "2026-03-07T17:00:00Z", Some("2026-03-09T08:00:00Z"), "over Sunday"),
        (BERLIN, "2026-03-28T17:00:00Z", Some("2026-03-30T07:00:00Z"), "in summer time"),
        (KOLKATA, "2026-03-02T20:00:00Z", Some("2026-03-03T03:30:00Z"), "on its own clock"),
    ];
    for (zone, start, next, why) in cases {
        let mut world = World::laser();
        world.policy.time_zone = id(zone);
        let verdict = world.create(start, 60);
        let reason = verdict.reasons.iter().find(|reason| reason.code == ReasonCode::HoursClosed);
        let step = &reason.expect(why).next_steps[0];
        assert_eq!(step.at, next.map(at), "{why}");
        assert_eq!(step.action, "choose_other_time", "{why}");
    }
}

#[test]
fn the_next_opening_is_one_that_exists() {
    let next = |rules: Rules, start: &str, length: i64| {
        let verdict = World::bare(BERLIN, rules).create(start, length);
        let reason = verdict.reasons.iter().find(|reason| reason.code == ReasonCode::HoursClosed);
        reason.and_then(|reason| reason.next_steps[0].at)
    };
    let whole = next(daily(&[("09:00", "21:00")]), "2026-03-02T08:00:00Z", 780);
    assert_eq!(whole, Some(at("2026-03-03T08:00:00Z")), "not the opening that was too short");
    let seam = next(daily(&[("09:00", "12:00"), ("12:00", "15:00")]), "2026-03-02T10:00:00Z", 360);
    assert_eq!(seam, Some(at("2026-03-03T08:00:00Z")), "a seam is no opening");
    let skipped = next(daily(&[("02:00", "05:00")]), "2026-03-29T00:00:00Z", 30);
    assert_eq!(skipped, Some(at("2026-03-29T01:00:00Z")), "an opening that is skipped is 03:00");
    let gone = next(daily(&[("02:00", "03:00")]), "2026-03-29T00:00:00Z", 30);
    assert_eq!(gone, Some(at("2026-03-30T00:00:00Z")), "one that is skipped whole is tomorrow's");
    assert_eq!(next(daily(&[]), "2026-03-02T08:00:00Z", 60), None, "never");
}

#[test]
fn an_absurd_interval_is_refused_in_good_time() {
    let world = World::bare(BERLIN, daily(&[("00:00", "00:00")]));
    assert!(world.says(ReasonCode::HoursClosed, "2026-03-02T08:00:00Z", 60 * 24 * 365 * 900));
}

#[test]
fn a_start_lies_on_the_grid_of_the_local_day() {
    let cases = [
        (BERLIN, 30, "2026-03-02T09:00:00Z", true, "10:00"),
        (BERLIN, 30, "2026-03-02T09:30:00Z", true, "10:30"),
        (BERLIN, 30, "2026-03-02T09:29:00Z", false, "10:29"),
        (BERLIN, 30, "2026-03-02T09:31:00Z", false, "10:31"),
        (BERLIN, 30, "2026-03-02T09:30:01Z", false, "a second late"),
        (BERLIN, 30, "2026-03-02T09:30:00.000000001Z", false, "a nanosecond late"),
        (BERLIN, 45, "2026-03-02T08:00:00Z", true, "09:00 is the twelfth"),
        (BERLIN, 45, "2026-03-02T08:30:00Z", false, "09:30 is none"),
        (BERLIN, 1, "2026-03-02T08:17:00Z", true, "every minute"),
        (BERLIN, 1440, "2026-03-01T23:00:00Z", true, "midnight only"),
        (BERLIN, 1440, "2026-03-02T00:00:00Z", false, "not at one"),
        (BERLIN, 120, "2026-03-02T09:00:00Z", true, "10:00 by twos"),
        (BERLIN, 120, "2026-03-02T10:00:00Z", false, "11:00 by twos"),
        (BERLIN, 120, "2026-04-02T08:00:00Z", true, "10:00 in summer"),
        (BERLIN, 120, "2026-03-29T01:00:00Z", false, "03:00 after the skipped hour"),
        (BERLIN, 120, "2026-03-29T02:00:00Z", true, "04:00 after it"),
        (BERLIN, 120, "2026-10-25T00:00:00Z", true, "the first 02:00"),
        (BERLIN, 120, "2026-10-25T01:00:00Z", true, "the second 02:00"),
        (SAO_PAULO, 60, "2026-03-02T12:00:00Z", true, "09:00 there"),
        (KOLKATA, 60, "2026-03-02T03:30:00Z", true, "09:00 there"),
        (KOLKATA, 60, "2026-03-02T04:00:00Z", false, "09:30 there"),
        (KOLKATA, 30, "2026-03-02T04:00:00Z", true, "09:30 there by halves"),
    ];
    for (zone, grid, start, on, why) in cases {
        let rules = Rules { grid_minutes: Some(grid), ..Rules::default() };
        let world = World::bare(zone, rules);
        assert_eq!(world.says(ReasonCode::GridOff, start, 60), !on, "{zone} {grid} {start}: {why}");
    }
}
