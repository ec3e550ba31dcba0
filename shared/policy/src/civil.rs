//! Civil days and hours of a zone as stretches of time.
//!
//! Days follow each other without gap or overlap whatever the clocks do: a day begins when the
//! clock first shows its midnight, or when the clock jumps over it.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::wall::Wall;
use crate::{ClockRange, Interval, OffPeak, OpeningHours, QuotaPeriod, Weekday};

/// As long as most days are, in nanoseconds.
pub(crate) const DAY: i64 = 86_400_000_000_000;

/// Nanoseconds since midnight on a clock that runs on without a change.
pub(crate) fn nanos_of_day(clock: Time) -> i64 {
    let minutes = i64::from(clock.hour()).saturating_mul(60).saturating_add(clock.minute().into());
    let seconds = minutes.saturating_mul(60).saturating_add(clock.second().into());
    seconds.saturating_mul(1_000_000_000).saturating_add(clock.subsec_nanosecond().into())
}

/// The first instant of a day.
pub(crate) fn day_start(wall: &Wall<'_>, date: Date) -> Timestamp {
    wall.first(date.to_datetime(Time::midnight()))
}

/// The day in which an instant lies.
pub(crate) fn date_of(wall: &Wall<'_>, at: Timestamp) -> Date {
    let shown = wall.shown(at).date();
    if wall.is_clear(at) {
        return shown;
    }
    // A clock that is put back over midnight shows the old day once more.
    match shown.tomorrow() {
        Ok(next) if day_start(wall, next) <= at => next,
        Ok(_) | Err(_) => shown,
    }
}

/// The day after the last one in which an instant of the interval lies.
pub(crate) fn date_after(wall: &Wall<'_>, interval: &Interval) -> Date {
    let last = interval.end().saturating_sub(SignedDuration::from_nanos(1));
    next_day(date_of(wall, last.unwrap_or(interval.start())))
}

/// The day after, clamped to the calendar.
pub(crate) fn next_day(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

/// So many days later, clamped to the calendar.
pub(crate) fn later_date(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

/// The first day of the stretch in which a day lies, and the first day after it. A sliding stretch
/// is taken to begin on the day.
pub(crate) fn period_of(per: QuotaPeriod, date: Date) -> (Date, Date) {
    match per {
        QuotaPeriod::Day => (date, next_day(date)),
        QuotaPeriod::Week => {
            let back = i64::from(date.weekday().to_monday_zero_offset());
            let monday = later_date(date, back.saturating_neg());
            (monday, later_date(monday, 7))
        }
        QuotaPeriod::Month => (date.first_of_month(), later_date(date.last_of_month(), 1)),
        QuotaPeriod::Year => (date.first_of_year(), later_date(date.last_of_year(), 1)),
        QuotaPeriod::SlidingDays(count) => (date, later_date(date, i64::from(count))),
    }
}

/// The time between the beginnings of two days.
pub(crate) fn stretch(wall: &Wall<'_>, (first, after): (Date, Date)) -> Option<Interval> {
    Interval::new(day_start(wall, first), day_start(wall, after)).ok()
}

/// How much of an interval lies inside hours and outside quiet time, as the clock on the wall
/// shows them.
pub(crate) fn counted(
    wall: &Wall<'_>,
    interval: &Interval,
    hours: Option<&OpeningHours>,
    quiet: Option<&OffPeak>,
) -> SignedDuration {
    if hours.is_none() && quiet.is_none() {
        return interval.length();
    }
    let mut sum = SignedDuration::ZERO;
    let mut at = interval.start();
    while at < interval.end() {
        let offset = wall.offset(at);
        let local = offset.to_datetime(at);
        let ranges = Ranges { hours, quiet, day: weekday(local.date()) };
        let shown = offset.to_timestamp(ranges.next_border(local)).unwrap_or(Timestamp::MAX);
        // A border always lies after the instant; the guard keeps a fault from looping.
        let until = shown.min(wall.next_change(at)).min(interval.end());
        if until <= at {
            break;
        }
        if ranges.counts(local.time()) {
            sum = sum.saturating_add(until.duration_since(at));
        }
        at = until;
    }
    sum
}

/// What a day of the week knows of hours and quiet time.
struct Ranges<'a> {
    hours: Option<&'a OpeningHours>,
    quiet: Option<&'a OffPeak>,
    day: Weekday,
}

impl Ranges<'_> {
    fn counts(&self, clock: Time) -> bool {
        let open = self.hours.is_none_or(|_| self.open().iter().any(|range| shows(range, clock)));
        open && !self.quiet.is_some_and(|quiet| is_quiet(quiet, self.day, clock))
    }

    fn open(&self) -> &[ClockRange] {
        let hours = self.hours.and_then(|hours| hours.0.get(&self.day));
        hours.map(Vec::as_slice).unwrap_or_default()
    }

    /// The next time of the day at which something may change; midnight if nothing does before.
    fn next_border(&self, local: DateTime) -> DateTime {
        let window = self.quiet.and_then(|quiet| quiet.daily);
        let ranges = self.open().iter().copied().chain(window);
        let borders = ranges.flat_map(|range| [range.opens, range.closes]);
        match borders.filter(|border| *border > local.time()).min() {
            Some(border) => local.date().to_datetime(border),
            None => next_day(local.date()).to_datetime(Time::midnight()),
        }
    }
}

/// Whether a range of a day contains a time of it; midnight closes at the end of the day.
pub(crate) fn shows(range: &ClockRange, clock: Time) -> bool {
    range.opens <= clock && (clock < range.closes || range.closes == Time::midnight())
}

fn is_quiet(quiet: &OffPeak, day: Weekday, clock: Time) -> bool {
    let weekend = match day {
        Weekday::Saturday | Weekday::Sunday => quiet.weekend,
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday => false,
    };
    let daily = quiet.daily.is_some_and(|window| {
        let over_midnight = window.closes != Time::midnight() && window.closes <= window.opens;
        if over_midnight {
            clock >= window.opens || clock < window.closes
        } else {
            shows(&window, clock)
        }
    });
    weekend || daily
}

/// The day of the week of a date.
pub(crate) fn weekday(date: Date) -> Weekday {
    match date.weekday() {
        jiff::civil::Weekday::Monday => Weekday::Monday,
        jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
        jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
        jiff::civil::Weekday::Thursday => Weekday::Thursday,
        jiff::civil::Weekday::Friday => Weekday::Friday,
        jiff::civil::Weekday::Saturday => Weekday::Saturday,
        jiff::civil::Weekday::Sunday => Weekday::Sunday,
    }
}
