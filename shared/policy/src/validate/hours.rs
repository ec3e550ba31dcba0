//! Ranges of the day run forward and apart, closures end after they begin.

use jiff::civil::Time;

use super::Faults;
use crate::{ClockRange, Closure, OffPeak, OpeningHours, Weekday};

/// Most ranges of a day.
const MOST_RANGES: usize = 24;
/// Most closures of a policy.
const MOST_CLOSURES: usize = 400;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 200;

pub(super) fn check(hours: &OpeningHours, at: &str, faults: &mut Faults) {
    for (day, ranges) in &hours.0 {
        let at = format!("{at}/{}", name(*day));
        faults.at_most(ranges.len(), MOST_RANGES, &at);
        let mut before: Option<&ClockRange> = None;
        for (index, range) in ranges.iter().enumerate() {
            let forward = runs_forward(range);
            let detail = "after `opens`, or `00:00:00` for midnight";
            faults.unless(forward, format!("{at}/{index}/closes"), detail);
            let apart = before.is_none_or(|before| closed_by(before, range.opens));
            let detail = "not before the range before it closes";
            faults.unless(apart, format!("{at}/{index}/opens"), detail);
            before = Some(range);
        }
    }
}

/// Whether whoever may come in `lower` may come in `higher`; no hours at all are always open.
pub(super) fn no_worse(higher: Option<&OpeningHours>, lower: Option<&OpeningHours>) -> bool {
    let Some(higher) = higher else { return true };
    Weekday::ALL.iter().all(|day| {
        let wanted = match lower {
            Some(lower) => lower.0.get(day).map(Vec::as_slice).unwrap_or_default(),
            None => &[ClockRange { opens: Time::MIN, closes: Time::MIN }],
        };
        let open = higher.0.get(day).map(Vec::as_slice).unwrap_or_default();
        wanted.iter().all(|range| covers(open, *range))
    })
}

/// Whether ranges in order, joined where they touch, contain a range.
fn covers(open: &[ClockRange], wanted: ClockRange) -> bool {
    let mut reached = wanted.opens;
    for range in open {
        if range.opens <= reached && !closed_by(range, reached) {
            if range.closes == Time::midnight() {
                return true;
            }
            reached = range.closes;
        }
    }
    wanted.closes != Time::midnight() && reached >= wanted.closes
}

pub(super) fn check_closures(closures: &[Closure], at: &str, faults: &mut Faults) {
    faults.at_most(closures.len(), MOST_CLOSURES, at);
    for (index, closure) in closures.iter().enumerate() {
        let at = format!("{at}/{index}");
        let note = match closure {
            Closure::Days { from, to, note } => {
                faults.unless(from <= to, format!("{at}/to"), "not before `from`");
                note
            }
            Closure::Time { start, end, note } => {
                faults.unless(start < end, format!("{at}/end"), "after `start`");
                note
            }
        };
        let short = note.as_ref().is_none_or(|note| note.chars().count() <= LONGEST_NOTE);
        faults.unless(short, format!("{at}/note"), "at most 200 characters");
    }
}

pub(super) fn check_off_peak(off_peak: &OffPeak, at: &str, faults: &mut Faults) {
    let window = off_peak.daily.is_none_or(|window| window.opens != window.closes);
    faults.unless(window, format!("{at}/daily/closes"), "another time than `opens`");
    let some = off_peak.weekend || off_peak.daily.is_some();
    faults.unless(some, at, "`weekend` or `daily`");
}

/// Whether a range holds any time; midnight ends the day.
fn runs_forward(range: &ClockRange) -> bool {
    range.closes == Time::midnight() || range.opens < range.closes
}

/// Whether a range has closed by the given time of its day.
fn closed_by(range: &ClockRange, time: Time) -> bool {
    range.closes != Time::midnight() && range.closes <= time
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
