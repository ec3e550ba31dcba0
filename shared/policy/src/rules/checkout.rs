//! A manager has approved the person for the machine or its category (S0-045).

use super::Question;
use crate::{
    CheckoutFact, CheckoutRequirement, CheckoutScope, Reason, ReasonCode, Requirement,
    ResourceFacts, ResourceKind, Role,
};

/// One reason for each required approval that is missing or lapses.
pub(crate) fn checkout(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    for requirement in &question.policy.requirements {
        match requirement {
            Requirement::Checkout(wanted) => reasons.extend(missing(question, wanted)),
            Requirement::Training(_) => {}
        }
    }
}

fn missing(question: &Question<'_>, wanted: &CheckoutRequirement) -> Option<Reason> {
    let fits = |fact: &&CheckoutFact| {
        counts_for(question, wanted, &fact.scope) && question.begins_in_time(fact.granted_at)
    };
    let mut latest = None;
    for fact in question.facts.member.checkouts.iter().filter(fits) {
        if question.outlasts(fact.expires_at) {
            return None;
        }
        latest = latest.max(fact.expires_at);
    }
    let resource = question.facts.resource;
    let code = match latest {
        Some(_) => ReasonCode::CheckoutExpired,
        None => ReasonCode::CheckoutMissing,
    };
    let reason = Reason::block(code)
        .with("machineId", &resource.id)
        .overridable(&[Role::Manager, Role::Admin])
        .step("ask_for_checkout", Some(page(resource)));
    let reason = match wanted {
        CheckoutRequirement::Machine => reason,
        CheckoutRequirement::Category => reason.with("category", &resource.category),
    };
    Some(match latest {
        Some(at) => reason.with("expiresAt", &at),
        None => reason,
    })
}

fn page(resource: &ResourceFacts) -> String {
    match resource.kind {
        ResourceKind::Machine => format!("/machines/{}", resource.id),
        ResourceKind::Host => format!("/hosts/{}", resource.id),
    }
}

fn counts_for(
    question: &Question<'_>,
    wanted: &CheckoutRequirement,
    scope: &CheckoutScope,
) -> bool {
    let resource = question.facts.resource;
    match (wanted, scope) {
        (_, CheckoutScope::Machine(id)) => *id == resource.id,
        (CheckoutRequirement::Category, CheckoutScope::Category(category)) => {
            *category == resource.category
        }
        (CheckoutRequirement::Machine, CheckoutScope::Category(_)) => false,
    }
}
