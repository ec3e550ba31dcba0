//! Required modules are completed, well enough and not too long ago (S0-044).

use jiff::Timestamp;

use super::{Question, days, later};
use crate::{Reason, ReasonCode, Requirement, Role, TrainingFact, TrainingRequirement};

/// One reason for each required module that is missing or lapses.
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
    let begun = |fact: &&TrainingFact| question.begins_in_time(fact.completed_at);
    let mut latest: Option<Timestamp> = None;
    for fact in question.facts.member.trainings.iter().filter(good).filter(begun) {
        let expires_at = wanted.valid_for_days.map(|count| later(fact.completed_at, days(count)));
        if question.outlasts(expires_at) {
            return None;
        }
        latest = latest.max(expires_at);
    }
    let code = match latest {
        Some(_) => ReasonCode::TrainingExpired,
        None => ReasonCode::TrainingIncomplete,
    };
    Some(reason(code, wanted, latest))
}

fn reason(code: ReasonCode, wanted: &TrainingRequirement, expires_at: Option<Timestamp>) -> Reason {
    let reason = Reason::block(code)
        .with("moduleId", &wanted.module_id)
        .with("minimumPercent", &wanted.minimum_percent)
        .overridable(&[Role::Manager, Role::Admin])
        .step("watch_training", Some(format!("/training/{}", wanted.module_id)));
    match expires_at {
        Some(at) => reason.with("expiresAt", &at),
        None => reason,
    }
}
