//! Trials: only somebody who is new to a resource or an event type (PRODUCT 6).

use super::Question;
use super::uses::uses;
use crate::{FirstTime, QuotaScope, Reason, ReasonCode};

/// Whoever has used it, holds it or missed it is no longer new.
pub(crate) fn first_time(question: &Question<'_>, reasons: &mut Vec<Reason>) {
    let wanted = question.rules().filter_map(|rules| rules.first_time_only);
    if let Some(broken) =
        wanted.filter(|first| !is_new(question, *first)).min_by_key(|first| word(*first))
    {
        Reason::block(reasons, ReasonCode::FirstTimeOnly).with("newTo", word(broken));
    }
}

fn is_new(question: &Question<'_>, first: FirstTime) -> bool {
    let scope = match first {
        FirstTime::Resource => QuotaScope::Resource,
        FirstTime::EventType => QuotaScope::EventType,
    };
    let resource = &question.facts.resource.id;
    let asked = question.request.event_type_id;
    let used = question.facts.member.completed.iter().any(|summary| {
        summary.count > 0
            && match first {
                FirstTime::Resource => summary.resource_id == *resource,
                FirstTime::EventType => asked.is_some() && summary.event_type_id == asked,
            }
    });
    !used && !uses(question).any(|held| !held.is_cancelled() && held.is_in(scope, question))
}

fn word(first: FirstTime) -> &'static str {
    match first {
        FirstTime::Resource => "resource",
        FirstTime::EventType => "event_type",
    }
}
