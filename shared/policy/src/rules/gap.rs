//! Time between two reservations of a person on one resource.

use jiff::{SignedDuration, Timestamp};

use super::uses::uses;
use super::{Question, later, minutes};
use crate::{Interval, Reason, ReasonCode};

/// Too little time before or after another reservation of the person on the resource.
pub(crate) fn gap(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    let gaps = question.peak_rules().map(|rules| rules.minimum_gap_minutes.greatest(question.who));
    let wanted = gaps.max().unwrap_or(0);
    let near = neighbours(question, interval).filter(|near| near.distance < minutes(wanted));
    let Some(last) = near.map(|near| near.end).max() else { return };
    let reason = Reason::block(ReasonCode::ReservationGapShort).with("gapMinutes", wanted);
    reasons.push(reason.step_at("choose_other_time", later(last, minutes(wanted))));
}

/// Another reservation of the person on the resource ends or begins where this one does.
pub(crate) fn chaining(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    if !question.peak_rules().any(|rules| rules.no_chaining) {
        return;
    }
    let mut near = neighbours(question, interval);
    if near.any(|near| near.distance == SignedDuration::ZERO) {
        let reason = Reason::block(ReasonCode::ReservationChained);
        reasons.push(reason.step("choose_other_time", None));
    }
}

/// Another reservation that does not overlap.
struct Neighbour {
    distance: SignedDuration,
    end: Timestamp,
}

/// What overlaps is double booking, of which another rule speaks.
fn neighbours<'a>(
    question: &'a Question<'_>,
    interval: &'a Interval,
) -> impl Iterator<Item = Neighbour> + 'a {
    let here = uses(question).filter(|held| {
        *held.resource_id == question.facts.resource.id
            && !held.is_cancelled()
            && !held.interval.overlaps(interval)
    });
    here.map(|held| {
        let distance = if held.interval.end() <= interval.start() {
            interval.start().duration_since(held.interval.end())
        } else {
            held.interval.start().duration_since(interval.end())
        };
        Neighbour { distance, end: held.interval.end() }
    })
}
