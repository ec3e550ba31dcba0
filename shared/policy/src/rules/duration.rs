//! The length is one that is offered and lies within the bounds.

use jiff::SignedDuration;
use smallvec::SmallVec;

use super::{Question, minutes, push_number};
use crate::{Reason, ReasonCode};

/// A length nobody offers, and one reason for each bound it breaks.
pub(crate) fn duration(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(length) = question.time().map(|time| time.length) else { return };
    if !offered(question, length) {
        Reason::block(reasons, ReasonCode::DurationNotOffered)
            .with("offeredMinutes", offered_minutes(question))
            .step("choose_other_duration", None);
    }
    bounds(question, length, reasons);
}

/// Every length on offer once, the shortest first, so that the order of the kinds does not show.
fn offered_minutes(question: &Question<'_>) -> String {
    let kinds = question.facts.resource.event_types.iter();
    let mut lengths: SmallVec<[u32; 16]> = kinds.map(|(_, length)| *length).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut text = String::with_capacity(lengths.len().saturating_mul(5));
    for length in lengths {
        if !text.is_empty() {
            text.push(',');
        }
        push_number(&mut text, usize::try_from(length).unwrap_or(usize::MAX));
    }
    text
}

fn offered(question: &Question<'_>, wanted: SignedDuration) -> bool {
    question.facts.resource.event_types.iter().any(|(id, length)| {
        minutes(*length) == wanted
            && question.request.event_type_id.is_none_or(|asked| asked == *id)
    })
}

/// What lies wholly in quiet time is not bounded, and only the rest counts as too long.
fn bounds(question: &Question<'_>, length: SignedDuration, reasons: &mut Vec<Reason>) {
    let least = question.peak_rules().filter_map(|rules| rules.duration.minimum_minutes).max();
    if let Some(least) = least.filter(|least| length < minutes(*least)) {
        let reason = Reason::block(reasons, ReasonCode::DurationTooShort);
        reason.with("minimumMinutes", least).step("choose_other_duration", None);
    }
    let most = question.rules().filter_map(|rules| {
        let most = &rules.duration.maximum_minutes;
        let most = most.least_limit(question.who(most))?;
        (question.peak_length(rules) > minutes(most)).then_some(most)
    });
    if let Some(most) = most.min() {
        let reason = Reason::block(reasons, ReasonCode::DurationTooLong);
        reason.with("maximumMinutes", most).step("choose_other_duration", None);
    }
    let off = |step: &u32| {
        let rest = length.as_secs().checked_rem(minutes(*step).as_secs());
        rest.is_some_and(|rest| rest != 0 || length.subsec_nanos() != 0)
    };
    let steps = question.peak_rules().filter_map(|rules| rules.duration.step_minutes);
    for step in steps.filter(off) {
        let reason = Reason::block(reasons, ReasonCode::DurationOffStep);
        reason.with("stepMinutes", step).step("choose_other_duration", None);
    }
}
