//! Required modules are completed, well enough and not too long ago (S0-044).

use jiff::Timestamp;

use super::{Question, days, later};
use crate::{Reason, ReasonCode, Requirement, Role, TrainingFact, TrainingRequirement};

pub(crate) fn training(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    for requirement in &question.policy.requirements {
        match requirement {
            Requirement::Training(wanted) => reasons.extend(missing(question, wanted)),
            Requirement::Checkout(_) => {}
        }
    }
}

fn missing(question: &Question<'_>, wanted: &TrainingRequirement) -> Option<Reason> {
    let good = |fact: &&TrainingFact| {
        fact.module_id == wanted.module_id && fact.percent >= wanted.minimum_percent
    };
    let mut held = question.facts.member.trainings.iter().filter(good).peekable();
    if held.peek().is_none() {
        return Some(reason(ReasonCode::TrainingIncomplete, wanted, None));
    }
    let expiry = |fact: &TrainingFact| {
        wanted.valid_for_days.map(|count| later(fact.completed_at, days(count)))
    };
    // Absent expiry sorts below every instant, so it is asked for first.
    let mut latest: Option<Timestamp> = None;
    for fact in held {
        let expires_at = expiry(fact);
        if question.outlasts(expires_at) {
            return None;
        }
        latest = latest.max(expires_at);
    }
    Some(reason(ReasonCode::TrainingExpired, wanted, latest))
}

fn reason(code: ReasonCode, wanted: &TrainingRequirement, expires_at: Option<Timestamp>) -> Reason {
    let reason = Reason::block(code)
        .with("moduleId", &wanted.module_id)
        .with("minimumPercent", wanted.minimum_percent)
        .overridable(&[Role::Manager, Role::Admin])
        .step("watch_training", Some(format!("/training/{}", wanted.module_id)));
    match expires_at {
        Some(at) => reason.with("expiresAt", at),
        None => reason,
    }
}
