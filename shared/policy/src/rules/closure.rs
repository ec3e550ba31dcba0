//! Closures: days and hours at which the resource is closed whatever its opening hours say.

use jiff::tz::TimeZone;

use super::Question;
use crate::civil::{day_start, later_date};
use crate::{Closure, Interval, Reason, ReasonCode};

/// One reason for each closure that shares an instant with the interval.
pub(crate) fn closure(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    let zone = question.policy.time_zone.zone();
    for closure in question.rules().flat_map(|rules| &rules.closures) {
        let closed = stretch(zone, closure).filter(|closed| closed.overlaps(interval));
        if let Some(closed) = closed {
            let reason = Reason::block(ReasonCode::HoursClosure)
                .with("from", &closed.start())
                .with("until", &closed.end())
                .with("note", note(closure));
            reasons.push(reason.step_at("choose_other_time", closed.end()));
        }
    }
}

fn stretch(zone: &TimeZone, closure: &Closure) -> Option<Interval> {
    let (start, end) = match closure {
        Closure::Days { from, to, .. } => {
            (day_start(zone, *from), day_start(zone, later_date(*to, 1)))
        }
        Closure::Time { start, end, .. } => (*start, *end),
    };
    Interval::new(start, end).ok()
}

fn note(closure: &Closure) -> &str {
    match closure {
        Closure::Days { note, .. } | Closure::Time { note, .. } => {
            note.as_deref().unwrap_or_default()
        }
    }
}
