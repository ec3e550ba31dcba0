//! How early and how late one may act.

use jiff::Timestamp;

use super::{Question, days, earlier, later, minutes};
use crate::{ByWho, Notice, Purpose, Reason, ReasonCode, Rules};

/// Nobody reserves the past, but for the moments of grace the policy gives.
pub(crate) fn start_in_past(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    if question.interval().is_some_and(|interval| interval.start() < earliest_start(question)) {
        Reason::block(reasons, ReasonCode::StartInPast).step("choose_other_time", None);
    }
}

fn earliest_start(question: &Question<'_>) -> Timestamp {
    earlier(question.facts.now, minutes(question.policy.rules.start_grace_minutes))
}

/// Create, change and cancel each want their own notice (FEATURES 5.2).
pub(crate) fn notice(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let Some(interval) = question.interval() else { return };
    let (code, of): (_, fn(&Notice) -> &ByWho<u32>) = match question.purpose {
        Purpose::View | Purpose::Create => (ReasonCode::NoticeCreate, |of| &of.create_minutes),
        Purpose::Change(_) => (ReasonCode::NoticeChange, |of| &of.change_minutes),
        Purpose::Cancel(_) => (ReasonCode::NoticeCancel, |of| &of.cancel_minutes),
        Purpose::Use | Purpose::Keep => return,
    };
    let asked = question.rules().filter(|rules| !freely_edited(question, rules));
    let notices = asked.map(|rules| of(&rules.notice));
    let notices = notices.map(|notice| notice.greatest(question.who(notice)));
    let Some(wanted) = notices.max() else { return };
    // Grace for a start just past is grace from a notice of nothing too.
    let graced = wanted == 0 && interval.start() >= earliest_start(question);
    if question.facts.now > earlier(interval.start(), minutes(wanted)) && !graced {
        late(question, Reason::block(reasons, code), wanted);
    }
}

/// Whether the reservation was made so shortly ago that it may be moved or given back freely.
fn freely_edited(question: &Question<'_>, rules: &Rules) -> bool {
    let now = question.facts.now;
    let own = question.changing().and_then(|id| {
        let mut open = question.facts.member.open_reservations.iter();
        open.find(|held| held.reservation_id == *id && held.interval.start() > now)
    });
    let free = minutes(rules.free_edit_minutes);
    own.and_then(|held| held.made_at).is_some_and(|made_at| now < later(made_at, free))
}

fn late(question: &Question<'_>, reason: &mut Reason, wanted: u32) {
    reason.with("noticeMinutes", wanted);
    match question.purpose {
        Purpose::Cancel(_) => reason.step("contact_staff", None),
        Purpose::View | Purpose::Create | Purpose::Change(_) | Purpose::Use | Purpose::Keep => {
            reason.step_at("choose_other_time", later(question.facts.now, minutes(wanted)))
        }
    };
}

/// Reservations start at most so many days ahead.
pub(crate) fn horizon(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let count = question.least_limit(|rules| &rules.horizon_days);
    let (Some(interval), Some(count)) = (question.interval(), count) else { return };
    if interval.start() > later(question.facts.now, days(count)) {
        let open_from = earlier(interval.start(), days(count));
        Reason::block(reasons, ReasonCode::HorizonExceeded)
            .with("horizonDays", count)
            .step_at("try_later", open_from)
            .from(open_from);
    }
}
