//! Every instant of the interval lies in the opening hours of the resource's civil days
//! (FEATURES 5.3 rule 3).

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Question;
use crate::{ClockRange, Interval, OpeningHours, Reason, ReasonCode, Weekday};

/// How many days ahead the next opening is looked for.
const LOOK_AHEAD: usize = 14;

pub(crate) fn hours(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let (Some(interval), Some(hours)) = (question.interval(), &question.policy.rules.opening_hours)
    else {
        return;
    };
    let zone = question.policy.time_zone.zone();
    if covered(hours, zone, interval) {
        return;
    }
    let reason =
        Reason::block(ReasonCode::HoursClosed).with("timeZone", &question.policy.time_zone);
    reasons.push(match next_opening(hours, zone, interval.start()) {
        Some(at) => reason.step_at("choose_other_time", at),
        None => reason.step("choose_other_time", None),
    });
}

/// Whether open stretches, joined where they touch, contain the interval without a break.
fn covered(hours: &OpeningHours, zone: &TimeZone, interval: &Interval) -> bool {
    let mut reached = interval.start();
    let mut date = interval.start().to_zoned(zone.clone()).date();
    let last = interval.end().to_zoned(zone.clone()).date();
    while date <= last {
        for open in open_on(hours, zone, date) {
            if open.start() <= reached && reached < open.end() {
                reached = open.end();
            }
        }
        if reached >= interval.end() {
            return true;
        }
        match date.tomorrow() {
            Ok(next) => date = next,
            Err(_) => return false,
        }
    }
    false
}

/// The open stretches of a civil day as instants, in order.
///
/// A time that a change of clocks skips is read as the instant of the change; one that happens
/// twice is read as the first for an opening and as the second for a closing, so that an hour
/// that is repeated within opening hours is open both times.
fn open_on(hours: &OpeningHours, zone: &TimeZone, date: Date) -> Vec<Interval> {
    let Some(ranges) = hours.0.get(&weekday(date)) else { return Vec::new() };
    let mut open: Vec<Interval> =
        ranges.iter().filter_map(|range| stretch(zone, date, range)).collect();
    open.sort_unstable();
    open
}

fn stretch(zone: &TimeZone, date: Date, range: &ClockRange) -> Option<Interval> {
    let closes_on = if range.closes == Time::midnight() { date.tomorrow().ok()? } else { date };
    let opens = instant(zone, date, range.opens, Edge::Opening)?;
    let closes = instant(zone, closes_on, range.closes, Edge::Closing)?;
    Interval::new(opens, closes).ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Opening,
    Closing,
}

fn instant(zone: &TimeZone, date: Date, time: Time, edge: Edge) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(date.to_datetime(time));
    let resolved = match (ambiguous.offset(), edge) {
        (jiff::tz::AmbiguousOffset::Gap { before, .. }, _) => {
            // In a gap the offset before the change, applied to the skipped time, lies after the
            // change by as much as was skipped; the change itself is the next transition before.
            let after = before.to_timestamp(date.to_datetime(time)).ok()?;
            zone.preceding(after).next().map(|transition| transition.timestamp())
        }
        (_, Edge::Opening) => ambiguous.earlier().ok(),
        (_, Edge::Closing) => ambiguous.later().ok(),
    };
    resolved
}

fn next_opening(hours: &OpeningHours, zone: &TimeZone, from: Timestamp) -> Option<Timestamp> {
    let first = from.to_zoned(zone.clone()).date();
    (0..LOOK_AHEAD).find_map(|ahead| {
        let ahead = i64::try_from(ahead).ok()?;
        let date = first.checked_add(ahead.days()).ok()?;
        open_on(hours, zone, date).into_iter().map(|open| open.start()).find(|at| *at >= from)
    })
}

fn weekday(date: Date) -> Weekday {
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
