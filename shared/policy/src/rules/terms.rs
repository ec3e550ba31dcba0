//! Until when the holder of a reservation may move it and give it back, as instants.
//!
//! It says of every instant until the start what the rules of notice would say then, and decides
//! nothing.

use jiff::Timestamp;
use serde::Serialize;

use super::{Question, earlier, later, minutes};
use crate::{ByWho, Facts, Notice, OpenReservation, Policy, Purpose, Request};

/// The terms of one reservation for its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderTerms {
    /// Last instant at which it may be moved.
    pub change_until: Timestamp,
    /// Last instant at which it may be given back.
    pub cancel_until: Timestamp,
    /// From when giving it back counts as late; absent where that is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_from: Option<Timestamp>,
}

impl HolderTerms {
    /// Of what is held, for the person of these facts.
    pub fn of(facts: &Facts<'_>, policy: &Policy, held: &OpenReservation) -> Self {
        let request = Request { interval: Some(held.interval), event_type_id: held.event_type_id };
        let purpose = Purpose::Cancel(held.reservation_id.clone());
        let question = Question::new(facts, policy, &request, &purpose, None);
        let start = held.interval.start();
        let late = question.rules().map(|rules| rules.late_cancel_minutes).max().unwrap_or(0);
        let late_from = earlier(start, minutes(late));
        let cancel_until = until(&question, held, |notice| &notice.cancel_minutes);
        Self {
            change_until: until(&question, held, |notice| &notice.change_minutes),
            cancel_until,
            late_from: (late > 0 && late_from < cancel_until).then_some(late_from),
        }
    }
}

/// All rules must let it pass: each while its notice is kept, or while it may be edited freely.
fn until(
    question: &Question<'_>,
    held: &OpenReservation,
    of: fn(&Notice) -> &ByWho<u32>,
) -> Timestamp {
    let start = held.interval.start();
    let each = question.rules().map(|rules| {
        let wanted = of(&rules.notice);
        let kept = earlier(start, minutes(wanted.greatest(question.who(wanted))));
        let free = held.made_at.map(|at| later(at, minutes(rules.free_edit_minutes)).min(start));
        free.map_or(kept, |free| kept.max(free))
    });
    each.min().unwrap_or(start)
}
