//! The membership runs to the end, or has run out not too long before.

use super::super::{Question, days, later};
use super::Lack;
use crate::{Evidence, MembershipRequirement, Reason, ReasonCode, Role};

pub(super) fn lack(question: &Question<'_>, wanted: &MembershipRequirement) -> Option<Lack> {
    let until = question.facts.member.membership_until;
    let counts_to = until.map(|until| later(until, days(wanted.grace_days)));
    if counts_to.is_some_and(|at| question.outlasts(Some(at))) {
        return None;
    }
    Some(Lack::of(ReasonCode::MembershipMissing, ReasonCode::MembershipExpired, counts_to))
}

pub(super) fn explain(question: &Question<'_>, reason: &mut Reason) {
    reason.step_by("renew_membership", Role::Manager);
    if let Some(until) = question.facts.member.membership_until {
        reason.seen(Evidence::Membership { until });
    }
}
