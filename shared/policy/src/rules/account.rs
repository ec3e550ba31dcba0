//! The account may act (S0-046).

use super::Question;
use crate::{AccountStatus, Reason, ReasonCode};

pub(crate) fn account(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let code = match question.facts.member.status {
        AccountStatus::Active => return,
        AccountStatus::Suspended => ReasonCode::AccountSuspended,
        AccountStatus::Banned => ReasonCode::AccountBanned,
    };
    reasons.push(Reason::block(code).step("contact_staff", None));
}
