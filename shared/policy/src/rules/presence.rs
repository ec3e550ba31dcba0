//! Enough people are there, and the person has a reservation, when use begins.

use super::Question;
use crate::{Href, Purpose, Reason, ReasonCode, Severity};

/// Refuses to begin while too few are there, and tells everybody who reserves beforehand.
pub(crate) fn presence(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let wanted = question.greatest(|rules| &rules.minimum_present);
    let begins = *question.purpose == Purpose::Use;
    if !begins && question.interval().is_none() {
        return;
    }
    let present = question.facts.resource.people_present.filter(|_| begins);
    if wanted < 2 && present.is_none() || present.is_some_and(|present| present >= wanted) {
        return;
    }
    let reason = Reason::block(reasons, ReasonCode::PresenceMissing);
    reason.with("minimumPresent", wanted).step("bring_company", None);
    if present.is_none() {
        // Nobody knows yet who will be there, or nobody counts: people see to it themselves.
        reason.severity = Severity::Condition;
    }
}

/// Whoever begins has a reservation for now, unless the resource may be used without one.
pub(crate) fn reserved(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let now = question.facts.now;
    let mut held = question.others();
    let mine = held
        .any(|held| held.resource_id == question.facts.resource.id && held.interval.contains(now));
    if !mine && !question.policy.rules.walk_in {
        let page = Href::of("/machines/", question.facts.resource.id.text());
        Reason::block(reasons, ReasonCode::ReservationMissing).step("reserve", Some(page));
    }
}
