//! The clock and calendar on the wall of a resource, minute by minute.
//!
//! Invariant: only the offset of a zone is asked of the library; all else is counted here.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use interlock_policy::{ClockRange, Interval, OffPeak, OpeningHours, Weekday};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// Minutes of a day.
const DAY: i64 = 1440;
/// Zones change on quarters of an hour.
const QUARTER: i64 = 15;

/// What the clock of one zone shows over two years and a half.
pub(crate) struct Wall {
    /// The first minute of the table.
    begins: i64,
    /// Minutes ahead of UTC, by quarter.
    ahead: Vec<i64>,
    /// The latest day shown before each quarter.
    latest: Vec<i64>,
}

/// Minutes since 1970.
pub(crate) fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// Days since 1970.
pub(crate) fn day_number(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second().div_euclid(86_400)
}

/// The minutes of an interval whose ends are whole minutes.
pub(crate) fn minutes_of(interval: &Interval) -> std::ops::Range<i64> {
    let end = interval.end().as_second().div_euclid(60);
    let rest = interval.end().as_nanosecond().rem_euclid(60_000_000_000) > 0;
    minute(interval.start())..end + i64::from(rest)
}

impl Wall {
    /// Of a zone; made once.
    pub(crate) fn of(name: &str) -> &'static Self {
        static WALLS: OnceLock<Mutex<BTreeMap<String, &'static Wall>>> = OnceLock::new();
        let mut walls = WALLS.get_or_init(Mutex::default).lock().unwrap();
        walls.entry(name.to_owned()).or_insert_with(|| Box::leak(Box::new(Self::made(name))))
    }

    fn made(name: &str) -> Self {
        let zone = TimeZone::get(name).unwrap();
        let begins = minute("2024-12-01T00:00:00Z".parse().unwrap());
        let ends = minute("2027-09-01T00:00:00Z".parse().unwrap());
        let (mut ahead, mut latest, mut reached) = (Vec::new(), Vec::new(), i64::MIN);
        let mut at = begins;
        while at < ends {
            let offset = zone.to_offset(Timestamp::from_second(at * 60).unwrap());
            let offset = i64::from(offset.seconds()) / 60;
            ahead.push(offset);
            latest.push(reached);
            reached = reached.max((at + QUARTER - 1 + offset).div_euclid(DAY));
            at += QUARTER;
        }
        Self { begins, ahead, latest }
    }

    fn quarter(&self, minute: i64) -> usize {
        usize::try_from((minute - self.begins) / QUARTER).unwrap()
    }

    fn shown(&self, minute: i64) -> i64 {
        minute + self.ahead[self.quarter(minute)]
    }

    /// The time of day the clock shows, in minutes.
    pub(crate) fn clock(&self, minute: i64) -> i64 {
        self.shown(minute).rem_euclid(DAY)
    }

    /// The day of the week the clock shows, Monday being zero.
    fn weekday(&self, minute: i64) -> usize {
        // The first of January 1970 was a Thursday.
        usize::try_from((self.shown(minute).div_euclid(DAY) + 3).rem_euclid(7)).unwrap()
    }

    /// The civil day: once a day has begun it does not come back, whatever the clock shows.
    pub(crate) fn day(&self, minute: i64) -> i64 {
        self.shown(minute).div_euclid(DAY).max(self.latest[self.quarter(minute)])
    }

    /// Whether hours are open in a minute.
    pub(crate) fn is_open(&self, hours: &OpeningHours, minute: i64) -> bool {
        let day = Weekday::ALL[self.weekday(minute)];
        let ranges = hours.0.get(&day).into_iter().flatten();
        let clock = self.clock(minute);
        ranges.into_iter().any(|range| {
            let closes = if of_day(range.closes) == 0 { DAY } else { of_day(range.closes) };
            of_day(range.opens) <= clock && clock < closes
        })
    }

    /// Whether a minute is quiet.
    pub(crate) fn is_quiet(&self, quiet: Option<&OffPeak>, minute: i64) -> bool {
        let Some(quiet) = quiet else { return false };
        let weekend = quiet.weekend && self.weekday(minute) >= 5;
        weekend || quiet.daily.is_some_and(|window| in_window(&window, self.clock(minute)))
    }
}

fn in_window(window: &ClockRange, clock: i64) -> bool {
    let (opens, closes) = (of_day(window.opens), of_day(window.closes));
    // Walk around the face of the clock from the opening.
    let length = (closes - opens).rem_euclid(DAY);
    (clock - opens).rem_euclid(DAY) < length
}

fn of_day(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}
