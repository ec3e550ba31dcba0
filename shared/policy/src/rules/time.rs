//! How early and how late one may act.

use super::{Question, days, earlier, later, minutes};
use crate::{Interval, Purpose, Reason, ReasonCode};

/// Nobody reserves the past.
pub(crate) fn start_in_past(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    if let Some(interval) = question.interval()
        && interval.start() < question.facts.now
    {
        reasons.push(Reason::block(ReasonCode::StartInPast).step("choose_other_time", None));
    }
}

/// Create, change and cancel each want their own notice (FEATURES 5.2).
pub(crate) fn notice(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    let (code, wanted) = match question.purpose {
        Purpose::View | Purpose::Create => {
            (ReasonCode::NoticeCreate, question.greatest(|rules| &rules.notice.create_minutes))
        }
        Purpose::Change(_) => {
            (ReasonCode::NoticeChange, question.greatest(|rules| &rules.notice.change_minutes))
        }
        Purpose::Cancel(_) => {
            (ReasonCode::NoticeCancel, question.greatest(|rules| &rules.notice.cancel_minutes))
        }
        Purpose::Use | Purpose::Keep => return,
    };
    if question.facts.now > earlier(interval.start(), minutes(wanted)) {
        reasons.push(late(question, code, wanted));
    }
}

fn late(question: &Question<'_>, code: ReasonCode, wanted: u32) -> Reason {
    let reason = Reason::block(code).with("noticeMinutes", &wanted);
    match question.purpose {
        Purpose::Cancel(_) => reason.step("contact_staff", None),
        Purpose::View | Purpose::Create | Purpose::Change(_) | Purpose::Use | Purpose::Keep => {
            reason.step_at("choose_other_time", later(question.facts.now, minutes(wanted)))
        }
    }
}

/// Reservations start at most so many days ahead.
pub(crate) fn horizon(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let count = question.least_limit(|rules| &rules.horizon_days);
    let (Some(interval), Some(count)) = (question.interval(), count) else { return };
    if interval.start() > later(question.facts.now, days(count)) {
        reasons.push(too_far(interval, count));
    }
}

fn too_far(interval: &Interval, count: u32) -> Reason {
    let open_from = earlier(interval.start(), days(count));
    Reason::block(ReasonCode::HorizonExceeded)
        .with("horizonDays", &count)
        .step_at("try_later", open_from)
        .from(open_from)
}
