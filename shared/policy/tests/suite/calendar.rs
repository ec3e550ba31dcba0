//! Opening hours and grid against a second implementation that reads the wall clock minute by
//! minute and knows nothing of ranges, days or changes of clocks.

use std::collections::BTreeMap;

use interlock_policy::{ClockRange, Interval, OpeningHours, ReasonCode, Rules};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::{collection, sample};

use crate::support::*;

/// Ranges in minutes of the day, the end excluded, for each weekday from Monday on.
type Week = Vec<Vec<(u32, u32)>>;

const DAY: u32 = 24 * 60;

/// Some zones and days: without a change, with a skipped hour, with a repeated one.
const DAYS: [(&str, &str); 8] = [
    ("Europe/Berlin", "2026-06-10T12:00:00Z"),
    ("Europe/Berlin", "2026-03-28T18:00:00Z"),
    ("Europe/Berlin", "2026-10-24T18:00:00Z"),
    ("America/Sao_Paulo", "2026-03-01T12:00:00Z"),
    ("America/Sao_Paulo", "2018-11-03T18:00:00Z"),
    ("America/Sao_Paulo", "2018-02-17T18:00:00Z"),
    ("Asia/Kolkata", "2026-03-01T12:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T09:00:00Z"),
];

/// Hour and minute of the wall clock, with the weekday from Monday on.
fn reading(zone: &TimeZone, at: Timestamp) -> (usize, u32) {
    let local = at.to_zoned(zone.clone());
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    let weekday = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap();
    (weekday, u32::try_from(minute).unwrap())
}

fn open_throughout(week: &Week, zone: &TimeZone, interval: &Interval) -> bool {
    let mut at = interval.start();
    while at < interval.end() {
        let (weekday, minute) = reading(zone, at);
        if !week[weekday].iter().any(|(opens, closes)| (*opens..*closes).contains(&minute)) {
            return false;
        }
        at = at.checked_add(minutes(1)).unwrap();
    }
    true
}

/// Mostly wide ranges, so that many intervals are open; now and then up to midnight.
fn week() -> impl Strategy<Value = Week> {
    let span = (0..DAY, 1..DAY).prop_map(|(opens, length)| (opens, (opens + length).min(DAY)));
    let joined = (1..DAY).prop_map(|seam| vec![(0, seam), (seam, DAY)]);
    let day = prop_oneof![
        3 => collection::vec(span, 0..4),
        2 => joined,
        1 => Just(vec![(0, DAY)]),
    ];
    collection::vec(day, 7)
}

fn time(minute: u32) -> Time {
    let of_day = minute % DAY;
    let part = |value: u32| i8::try_from(value).unwrap();
    Time::new(part(of_day / 60), part(of_day % 60), 0, 0).unwrap()
}

fn rules_of(week: &Week) -> Rules {
    let days: BTreeMap<_, _> = WEEK
        .into_iter()
        .zip(week)
        .map(|(day, ranges)| {
            let range = |(opens, closes): &(u32, u32)| ClockRange {
                opens: time(*opens),
                closes: time(*closes),
            };
            (day, ranges.iter().map(range).collect())
        })
        .collect();
    Rules { opening_hours: Some(OpeningHours(days)).into(), ..Rules::default() }
}

prop_compose! {
    fn place()(day in sample::select(DAYS.to_vec()), shift in 0..1_200_i64)
        -> (&'static str, Timestamp) {
        (day.0, at(day.1).checked_add(minutes(shift)).unwrap())
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn hours_are_read_as_the_wall_clock_shows_them(
        week in week(), (zone, start) in place(), length in 1..900_i64,
    ) {
        let world = World::bare(zone, rules_of(&week));
        let interval = Interval::lasting(start, minutes(length)).unwrap();
        let open = open_throughout(&week, world.policy.time_zone.zone(), &interval);
        let closed = world.says(ReasonCode::HoursClosed, &start.to_string(), length);
        prop_assert_eq!(closed, !open);
    }

    #[test]
    fn the_next_opening_is_a_minute_at_which_closed_turns_to_open(
        week in week(), (zone, start) in place(),
    ) {
        let world = World::bare(zone, rules_of(&week));
        let zone = world.policy.time_zone.zone();
        let verdict = world.create(&start.to_string(), 4_000);
        let reason = verdict.reasons.iter().find(|reason| reason.code == ReasonCode::HoursClosed);
        let Some(next) = reason.and_then(|reason| reason.next_steps[0].at) else { return Ok(()) };
        let open = |at: Timestamp| {
            open_throughout(&week, zone, &Interval::lasting(at, minutes(1)).unwrap())
        };
        prop_assert!(next > start && open(next));
        prop_assert!(!open(next.checked_sub(minutes(1)).unwrap()));
    }

    #[test]
    fn a_part_of_an_open_time_is_open(
        week in week(), (zone, start) in place(), length in 2..900_i64,
        part in any::<sample::Index>(),
    ) {
        let world = World::bare(zone, rules_of(&week));
        let closed = |start: Timestamp, length| {
            world.says(ReasonCode::HoursClosed, &start.to_string(), length)
        };
        let cut = i64::try_from(part.index(usize::try_from(length - 1).unwrap())).unwrap() + 1;
        let seam = start.checked_add(minutes(cut)).unwrap();
        let parts = closed(start, cut) || closed(seam, length - cut);
        prop_assert_eq!(closed(start, length), parts);
    }

    #[test]
    fn the_grid_is_read_as_the_wall_clock_shows_it(
        (zone, start) in place(), grid in 1..=DAY, seconds in sample::select(vec![0, 0, 0, 1, 30]),
    ) {
        let rules = Rules { grid_minutes: Some(grid), ..Rules::default() };
        let world = World::bare(zone, rules);
        let (_, minute) = reading(world.policy.time_zone.zone(), start);
        let mut marks = (0..DAY).step_by(usize::try_from(grid).unwrap());
        let on = seconds == 0 && marks.any(|mark| mark == minute);
        let start = start.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
        prop_assert_eq!(world.says(ReasonCode::GridOff, &start.to_string(), 60), !on);
    }
}
