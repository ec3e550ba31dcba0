//! The account may act (S0-046).

use super::Question;
use crate::{AccountStatus, Purpose, Reason, ReasonCode};

/// A banned account is refused everything, a suspended one everything but giving time back, until
/// its suspension has ended. What is held is kept where the suspension ends before it begins.
pub(crate) fn account(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let code = match question.facts.member.status {
        AccountStatus::Active => return,
        // Giving time back is not acting on a resource, and others gain by it.
        AccountStatus::Suspended if gives_back(question.purpose) || lapsed(question) => return,
        AccountStatus::Suspended => ReasonCode::AccountSuspended,
        AccountStatus::Banned => ReasonCode::AccountBanned,
    };
    Reason::block(reasons, code).step("contact_staff", None);
}

fn lapsed(question: &Question<'_>) -> bool {
    let now = question.facts.now;
    let judged_at = match question.purpose {
        Purpose::Keep => question.interval().map_or(now, |held| held.start().max(now)),
        Purpose::View
        | Purpose::Create
        | Purpose::Change(_)
        | Purpose::Cancel(_)
        | Purpose::Use => now,
    };
    question.facts.member.suspended_until.is_some_and(|until| until <= judged_at)
}

fn gives_back(purpose: &Purpose) -> bool {
    match purpose {
        Purpose::Cancel(_) => true,
        Purpose::View | Purpose::Create | Purpose::Change(_) | Purpose::Use | Purpose::Keep => {
            false
        }
    }
}
