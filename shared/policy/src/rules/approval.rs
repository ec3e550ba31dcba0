//! Somebody in charge says yes to each reservation (PRODUCT D17).

use super::Question;
use crate::{ApprovalRule, ByWho, Purpose, Reason, ReasonCode, Severity};

/// Asks for a yes where a time is wanted; it blocks nothing, so that asking holds the time.
pub(crate) fn approval(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let (Some(_), Some(rule)) = (question.interval(), rule(question)) else { return };
    let action = match question.purpose {
        Purpose::View | Purpose::Create => "ask_for_approval",
        // A yes was said to the old time and not to another one.
        Purpose::Change(_) => "contact_staff",
        Purpose::Cancel(_) | Purpose::Use | Purpose::Keep => return,
    };
    let reason = Reason::block(reasons, ReasonCode::ApprovalNeeded);
    reason.severity = Severity::Approval;
    reason.with("holdHours", rule.hold_hours).step(action, None);
}

/// The rule that concerns the person with the shortest hold, if any does.
pub(crate) fn rule(question: &Question<'_>) -> Option<ApprovalRule> {
    let all = question.rules().map(|rules| &rules.needs_approval);
    let asking = all.filter(|rule| **rule != ByWho::Plain(None));
    let concerning = asking.flat_map(|rule| rule.concerning(question.who(rule)));
    concerning.flatten().copied().min_by_key(|rule| rule.hold_hours)
}
