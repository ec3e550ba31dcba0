//! Somebody in charge says yes to each reservation (PRODUCT D17).

use super::Question;
use crate::{Purpose, Reason, ReasonCode, Severity};

/// Asks for a yes where a time is wanted; it blocks nothing, so that asking holds the time.
pub(crate) fn approval(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let (Some(_), Some(rule)) = (question.interval(), question.policy.rules.needs_approval) else {
        return;
    };
    let action = match question.purpose {
        Purpose::View | Purpose::Create => "ask_for_approval",
        // A yes was said to the old time and not to another one.
        Purpose::Change(_) => "contact_staff",
        Purpose::Cancel | Purpose::Keep => return,
    };
    let mut reason = Reason::block(ReasonCode::ApprovalNeeded).with("holdHours", &rule.hold_hours);
    reason.severity = Severity::Approval;
    reasons.push(reason.step(action, None));
}
