//! The length is one that is offered and lies within the bounds.

use std::fmt::Write;

use jiff::SignedDuration;

use super::{Question, minutes};
use crate::{Interval, Reason, ReasonCode};

/// A length nobody offers, and one reason for each bound it breaks.
pub(crate) fn duration(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    if !offered(question, interval) {
        let reason = Reason::block(ReasonCode::DurationNotOffered);
        reasons.push(
            reason
                .with("offeredMinutes", offered_minutes(question))
                .step("choose_other_duration", None),
        );
    }
    bounds(question, interval.length(), reasons);
}

/// Every length on offer once, the shortest first, so that the order of the kinds does not show.
fn offered_minutes(question: &Question<'_>) -> String {
    let kinds = question.facts.resource.event_types.iter();
    let mut lengths: Vec<u32> = kinds.map(|(_, length)| *length).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut text = String::new();
    for (place, length) in lengths.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{length}", if place > 0 { "," } else { "" });
    }
    text
}

fn offered(question: &Question<'_>, interval: &Interval) -> bool {
    question.facts.resource.event_types.iter().any(|(id, length)| {
        question.request.event_type_id.is_none_or(|wanted| wanted == *id)
            && minutes(*length) == interval.length()
    })
}

/// What lies wholly in quiet time is not bounded, and only the rest counts as too long.
fn bounds(question: &Question<'_>, length: SignedDuration, reasons: &mut Vec<Reason>) {
    let least = question.peak_rules().filter_map(|rules| rules.duration.minimum_minutes).max();
    if let Some(least) = least.filter(|least| length < minutes(*least)) {
        reasons.push(other(ReasonCode::DurationTooShort, "minimumMinutes", least));
    }
    let most = question.rules().filter_map(|rules| {
        let most = rules.duration.maximum_minutes.least_limit(question.who)?;
        (question.peak_length(rules) > minutes(most)).then_some(most)
    });
    if let Some(most) = most.min() {
        reasons.push(other(ReasonCode::DurationTooLong, "maximumMinutes", most));
    }
    let off = |step: &u32| {
        let rest = length.as_secs().checked_rem(minutes(*step).as_secs());
        rest.is_some_and(|rest| rest != 0 || length.subsec_nanos() != 0)
    };
    let steps = question.peak_rules().filter_map(|rules| rules.duration.step_minutes);
    for step in steps.filter(off) {
        reasons.push(other(ReasonCode::DurationOffStep, "stepMinutes", step));
    }
}

fn other(code: ReasonCode, name: &'static str, value: u32) -> Reason {
    Reason::block(code).with(name, value).step("choose_other_duration", None)
}
