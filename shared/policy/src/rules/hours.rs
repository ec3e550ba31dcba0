//! Every instant of the interval lies in the opening hours of the resource's civil days
//! (FEATURES 5.3 rule 3).
//!
//! An instant is open when the clock on the resource's wall shows an open time. So a time that a
//! change of clocks skips is never open, and one that it repeats is open both times.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Asked, Question, earlier};
use crate::civil::{shows, weekday};
use crate::wall::Wall;
use crate::{ClockRange, Interval, OpeningHours, Reason, ReasonCode};

/// How many days ahead the next opening is looked for.
const LOOK_AHEAD_DAYS: i64 = 14;

/// How many open stretches one interval may join: more than a year of them, so that an absurd
/// interval costs no absurd time.
const MOST_STRETCHES: usize = 400;

/// An interval that leaves any of the opening hours that concern the person for a moment is
/// refused, with the next opening.
pub(crate) fn hours(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(Asked { interval, wall, .. }) = question.time() else { return };
    let concerning =
        question.rules().flat_map(|rules| rules.opening_hours.concerning(question.who));
    let broken = concerning.flatten().filter(|hours| !covered(hours, wall, interval));
    // The latest of the next openings, so that one reason speaks for all and in any order.
    let next = broken.map(|hours| next_opening(hours, wall, interval.start()));
    let never = Timestamp::MAX;
    let Some(at) = next.map(|at| at.unwrap_or(never)).max() else { return };
    let reason =
        Reason::block(ReasonCode::HoursClosed).with("timeZone", &question.policy.time_zone);
    reasons.push(if at == never {
        reason.step("choose_other_time", None)
    } else {
        reason.step_at("choose_other_time", at)
    });
}

/// Whether open stretches, joined where they touch, contain the interval without a break.
fn covered(hours: &OpeningHours, wall: &Wall<'_>, interval: &Interval) -> bool {
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

/// An instant, later than the given one, up to which it surely stays open; `None` if it is closed.
fn open_until(hours: &OpeningHours, wall: &Wall<'_>, at: Timestamp) -> Option<Timestamp> {
    let offset = wall.offset(at);
    let local = offset.to_datetime(at);
    let ranges = hours.0.get(&weekday(local.date()))?;
    let range = ranges.iter().find(|range| shows(range, local.time()))?;
    let closes = offset.to_timestamp(closing_day(range, local.date())?.to_datetime(range.closes));
    // The wall clock is only read ahead as far as it runs on without a change.
    Some(closes.unwrap_or(Timestamp::MAX).min(wall.next_change(at)))
}

fn closing_day(range: &ClockRange, date: Date) -> Option<Date> {
    if range.closes == Time::midnight() { date.tomorrow().ok() } else { Some(date) }
}

/// The first instant after the given one at which closed turns to open.
fn next_opening(hours: &OpeningHours, wall: &Wall<'_>, from: Timestamp) -> Option<Timestamp> {
    let first = wall.shown(from).date();
    (0..=LOOK_AHEAD_DAYS).find_map(|ahead| {
        let date = first.checked_add(ahead.days()).ok()?;
        let ranges = hours.0.get(&weekday(date))?;
        let candidates = ranges.iter().flat_map(|range| wall.meant(date.to_datetime(range.opens)));
        candidates.filter(|at| *at > from && opens(hours, wall, *at)).min()
    })
}

fn opens(hours: &OpeningHours, wall: &Wall<'_>, at: Timestamp) -> bool {
    let just_before = earlier(at, SignedDuration::from_nanos(1));
    open_until(hours, wall, at).is_some() && open_until(hours, wall, just_before).is_none()
}
