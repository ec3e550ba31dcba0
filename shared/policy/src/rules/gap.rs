//! Time between two reservations of a person on one resource.

use super::uses::uses;
use super::{Question, later, minutes};
use crate::{Interval, Reason, ReasonCode};

/// Too little time before or after another reservation of the person on the resource.
pub(crate) fn gap(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    let gaps = question.peak_rules().map(|rules| &rules.minimum_gap_minutes);
    let gaps = gaps.map(|gap| gap.greatest(question.who(gap)));
    let wanted = gaps.max().unwrap_or(0);
    let reach = interval.reaching(minutes(wanted));
    let near = neighbours(question, interval, |held| held.overlaps(&reach));
    let Some(last) = near.map(|near| near.end()).max() else { return };
    Reason::block(reasons, ReasonCode::ReservationGapShort)
        .with("gapMinutes", wanted)
        .step_at("choose_other_time", later(last, minutes(wanted)));
}

/// Another reservation of the person on the resource ends or begins where this one does.
pub(crate) fn chaining(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    if !question.peak_rules().any(|rules| rules.no_chaining) {
        return;
    }
    let touches =
        |held: &Interval| held.end() == interval.start() || held.start() == interval.end();
    if neighbours(question, interval, touches).next().is_some() {
        let reason = Reason::block(reasons, ReasonCode::ReservationChained);
        reason.step("choose_other_time", None);
    }
}

/// Other reservations of the person on the resource that are near; what overlaps is double
/// booking, of which another rule speaks.
fn neighbours<'a>(
    question: &'a Question<'_>,
    interval: &'a Interval,
    is_near: impl Fn(&Interval) -> bool + 'a,
) -> impl Iterator<Item = Interval> + 'a {
    let here = uses(question).filter(move |held| {
        is_near(&held.interval)
            && !held.interval.overlaps(interval)
            && *held.resource_id == question.facts.resource.id
            && !held.is_cancelled()
    });
    here.map(|held| held.interval)
}
