//! Every instant of the interval lies in the opening hours of the resource's civil days
//! (FEATURES 5.3 rule 3).
//!
//! An instant is open when the clock on the resource's wall shows an open time. So a time that a
//! change of clocks skips is never open, and one that it repeats is open both times.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

use super::{Asked, Question};
use crate::civil::{DAY, nanos_of_day, shows, weekday};
use crate::wall::Wall;
use crate::{ClockRange, Interval, OpeningHours, Reason, ReasonCode};

/// On how many days the next opening is looked for, the day asked about among them.
const LOOK_AHEAD_DAYS: usize = 15;

/// How many open stretches one interval may join: more than a year of them, so that an absurd
/// interval costs no absurd time.
const MOST_STRETCHES: usize = 400;

/// An interval that leaves any of the opening hours that concern the person for a moment is
/// refused, with the next opening.
pub(crate) fn hours(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(time) = question.time() else { return };
    let never = Timestamp::MAX;
    // The latest of the next openings, so that one reason speaks for all and in any order.
    let mut next = None;
    for rules in question.rules() {
        let all = &rules.opening_hours;
        let concerning = all.concerning(question.who(all)).flatten();
        for hours in concerning.filter(|hours| !covered(hours, time)) {
            next = next.max(Some(next_opening(hours, time).unwrap_or(never)));
        }
    }
    let Some(at) = next else { return };
    let reason = Reason::block(reasons, ReasonCode::HoursClosed);
    reason
        .with("timeZone", &question.policy.time_zone)
        .next("choose_other_time", |step| step.at = Some(at).filter(|at| *at != never));
}

/// Whether the opening hours contain the time asked about without a break.
fn covered(hours: &OpeningHours, time: &Asked<'_>) -> bool {
    let Some((_, to)) = time.clock else { return joined(hours, &time.wall, &time.interval) };
    let ranges = ranges(hours, time.shown.date());
    let Some(range) = ranges.iter().find(|range| shows(range, time.shown.time())) else {
        return false;
    };
    let closes = if range.closes == Time::midnight() { DAY } else { nanos_of_day(range.closes) };
    to <= closes || joined(hours, &time.wall, &time.interval)
}

/// Whether open stretches, joined where they touch, contain the interval without a break.
fn joined(hours: &OpeningHours, wall: &Wall<'_>, interval: &Interval) -> bool {
    let mut reached = interval.start();
    for _ in 0..MOST_STRETCHES {
        if reached >= interval.end() {
            return true;
        }
        match open_until(hours, wall, reached) {
            Some(until) => reached = until,
            None => return false,
        }
    }
    false
}

/// What is open on a day.
fn ranges(hours: &OpeningHours, date: Date) -> &[ClockRange] {
    hours.0.get(&weekday(date)).map(Vec::as_slice).unwrap_or_default()
}

/// An instant, later than the given one, up to which it surely stays open; `None` if it is closed.
fn open_until(hours: &OpeningHours, wall: &Wall<'_>, at: Timestamp) -> Option<Timestamp> {
    let offset = wall.offset(at);
    let local = offset.to_datetime(at);
    let range = ranges(hours, local.date()).iter().find(|range| shows(range, local.time()))?;
    let closes = offset.to_timestamp(closing_day(range, local.date())?.to_datetime(range.closes));
    // The wall clock is only read ahead as far as it runs on without a change.
    Some(closes.unwrap_or(Timestamp::MAX).min(wall.next_change(at)))
}

fn closing_day(range: &ClockRange, date: Date) -> Option<Date> {
    if range.closes == Time::midnight() { date.tomorrow().ok() } else { Some(date) }
}

/// The first instant after the start at which closed turns to open.
fn next_opening(hours: &OpeningHours, time: &Asked<'_>) -> Option<Timestamp> {
    let (wall, from) = (&time.wall, time.interval.start());
    let days = std::iter::successors(Some(time.shown.date()), |date| date.tomorrow().ok());
    days.take(LOOK_AHEAD_DAYS).find_map(|date| {
        let opening = |range: &ClockRange| {
            let shown = date.to_datetime(range.opens);
            let candidates = wall.meant(shown).into_iter().flatten();
            candidates.filter(|at| *at > from && opens(hours, wall, *at, shown)).min()
        };
        ranges(hours, date).iter().filter_map(opening).min()
    })
}

/// Whether it opens at an instant at which a range of that day does.
fn opens(hours: &OpeningHours, wall: &Wall<'_>, at: Timestamp, shown: DateTime) -> bool {
    if wall.is_clear(at) {
        let mut ranges = ranges(hours, shown.date()).iter();
        return ranges.any(|range| shows(range, shown.time())) && !is_open_before(hours, shown);
    }
    let just_before = at.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN);
    open_until(hours, wall, at).is_some() && open_until(hours, wall, just_before).is_none()
}

/// Whether it is open up to a time that no change of clocks is near.
fn is_open_before(hours: &OpeningHours, shown: DateTime) -> bool {
    let (date, clock) = (shown.date(), shown.time());
    if clock == Time::midnight() {
        let closes_late = |range: &ClockRange| range.closes == Time::midnight();
        return date.yesterday().is_ok_and(|date| ranges(hours, date).iter().any(closes_late));
    }
    let lasts = |range: &ClockRange| clock <= range.closes || range.closes == Time::midnight();
    ranges(hours, date).iter().any(|range| range.opens < clock && lasts(range))
}
