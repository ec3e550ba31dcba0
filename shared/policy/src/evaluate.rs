//! The one question: may this person have this resource, and if not, everything that is missing.
//!
//! Every rule is asked; none hides another (FEATURES 5.3 rule 5).

use crate::rules;
use crate::{Decision, Facts, Policy, Purpose, Reason, Request, Severity, Verdict};

/// Judges a request. Pure: the same arguments give the same verdict, and a plain permit allocates
/// nothing.
///
/// Reasons come gravest first, in the order of [`ReasonCode`](crate::ReasonCode), and within a
/// code in the order of the policy. For
/// [`Purpose::Change`] the new time is judged without the old one; ask [`Purpose::Cancel`] of the
/// old time beside it (FEATURES 5.3 rule 8).
pub fn evaluate(
    facts: &Facts<'_>,
    policy: &Policy,
    request: &Request,
    purpose: &Purpose,
) -> Verdict {
    let question = rules::Question { facts, policy, request, purpose };
    let mut reasons = Vec::new();
    for rule in rules_of(purpose) {
        rule(&question, &mut reasons);
    }
    // Stable, so reasons of one code keep the order of the policy.
    reasons.sort_by_key(|reason| reason.code);
    Verdict { decision: decision(&reasons), reasons, policy_version: policy.version }
}

type Rule = fn(&rules::Question<'_>, &mut Vec<Reason>);

const PROOFS: [Rule; 4] = [rules::account, rules::training, rules::checkout, rules::resource];
const ALL: [Rule; 13] = [
    rules::account,
    rules::training,
    rules::checkout,
    rules::resource,
    rules::start_in_past,
    rules::hours,
    rules::grid,
    rules::duration,
    rules::notice,
    rules::horizon,
    rules::open_cap,
    rules::parallel,
    rules::approval,
];
const LEAVING: [Rule; 2] = [rules::account, rules::notice];

fn rules_of(purpose: &Purpose) -> &'static [Rule] {
    match purpose {
        Purpose::View | Purpose::Create | Purpose::Change(_) => &ALL,
        Purpose::Keep => &PROOFS,
        Purpose::Cancel => &LEAVING,
    }
}

fn decision(reasons: &[Reason]) -> Decision {
    let any = |severity: Severity| reasons.iter().any(|reason| reason.severity == severity);
    if any(Severity::Block) {
        Decision::Refuse
    } else if any(Severity::Approval) {
        Decision::NeedsApproval
    } else if any(Severity::Condition) {
        Decision::PermitWithConditions
    } else {
        Decision::Permit
    }
}
