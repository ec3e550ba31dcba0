//! The account may act (S0-046).

use super::Question;
use crate::{AccountStatus, Purpose, Reason, ReasonCode};

/// A banned account is refused everything, a suspended one everything but giving time back.
pub(crate) fn account(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let code = match question.facts.member.status {
        AccountStatus::Active => return,
        // Giving time back is not acting on a resource, and others gain by it.
        AccountStatus::Suspended if gives_back(question.purpose) => return,
        AccountStatus::Suspended => ReasonCode::AccountSuspended,
        AccountStatus::Banned => ReasonCode::AccountBanned,
    };
    Reason::block(reasons, code).step("contact_staff", None);
}

fn gives_back(purpose: &Purpose) -> bool {
    match purpose {
        Purpose::Cancel(_) => true,
        Purpose::View | Purpose::Create | Purpose::Change(_) | Purpose::Use | Purpose::Keep => {
            false
        }
    }
}
