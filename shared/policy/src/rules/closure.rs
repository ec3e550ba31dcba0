//! Closures: days and hours at which the resource is closed whatever its opening hours say.

use super::{Asked, Question};
use crate::civil::{day_start, next_day};
use crate::wall::Wall;
use crate::{Closure, Interval, Reason, ReasonCode, Value};

/// One reason for each closure that shares an instant with the interval.
pub(crate) fn closure(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(time) = question.time() else { return };
    let closures = question.rules().flat_map(|rules| &rules.closures);
    for closure in closures.filter(|closure| is_near(time, closure)) {
        let closed = stretch(&time.wall, closure);
        if let Some(closed) = closed.filter(|closed| closed.overlaps(&time.interval)) {
            Reason::block(reasons, ReasonCode::HoursClosure)
                .with("from", closed.start())
                .with("note", note(closure))
                .with("until", closed.end())
                .step_at("choose_other_time", closed.end());
        }
    }
}

/// Tells most days apart without asking when they begin.
fn is_near(time: &Asked<'_>, closure: &Closure) -> bool {
    match closure {
        Closure::Days { from, to, .. } => *from < time.days.1 && time.days.0 <= *to,
        Closure::Time { .. } => true,
    }
}

fn stretch(wall: &Wall<'_>, closure: &Closure) -> Option<Interval> {
    let (start, end) = match closure {
        Closure::Days { from, to, .. } => (day_start(wall, *from), day_start(wall, next_day(*to))),
        Closure::Time { start, end, .. } => (*start, *end),
    };
    Interval::new(start, end).ok()
}

fn note(closure: &Closure) -> Value {
    match closure {
        Closure::Days { note, .. } | Closure::Time { note, .. } => {
            note.as_deref().map_or(Value::Word(""), |note| Value::Text(note.into()))
        }
    }
}
