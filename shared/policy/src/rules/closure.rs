//! Closures: days and hours at which the resource is closed whatever its opening hours say.

use super::Question;
use crate::civil::{day_start, later_date};
use crate::wall::Wall;
use crate::{Closure, Interval, Reason, ReasonCode};

/// One reason for each closure that shares an instant with the interval.
pub(crate) fn closure(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some((interval, wall)) = question.on_the_wall() else { return };
    for closure in question.rules().flat_map(|rules| &rules.closures) {
        let closed = stretch(wall, closure).filter(|closed| closed.overlaps(interval));
        if let Some(closed) = closed {
            let reason = Reason::block(ReasonCode::HoursClosure)
                .with("from", closed.start())
                .with("until", closed.end())
                .with("note", note(closure).to_owned());
            reasons.push(reason.step_at("choose_other_time", closed.end()));
        }
    }
}

fn stretch(wall: &Wall<'_>, closure: &Closure) -> Option<Interval> {
    let (start, end) = match closure {
        Closure::Days { from, to, .. } => {
            (day_start(wall, *from), day_start(wall, later_date(*to, 1)))
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
