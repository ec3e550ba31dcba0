//! A person's reservations as quotas and gaps see them: those ahead and those past.

use jiff::Timestamp;

use super::Question;
use crate::{EventTypeId, Interval, QuotaScope, ResourceId, UseOutcome};

/// One reservation of the person.
#[derive(Clone, Copy)]
pub(crate) struct Use<'a> {
    pub(crate) resource_id: &'a ResourceId,
    category: &'a str,
    event_type_id: Option<EventTypeId>,
    pub(crate) interval: Interval,
    /// What became of it; absent for one that holds time.
    outcome: Option<UseOutcome>,
}

impl Use<'_> {
    /// Whether a quota of this scope counts it.
    pub(crate) fn is_in(&self, scope: QuotaScope, question: &Question<'_>) -> bool {
        let resource = question.facts.resource;
        let same = *self.resource_id == resource.id;
        match scope {
            QuotaScope::Resource => same,
            QuotaScope::Category => same || self.category == resource.category,
            QuotaScope::All => true,
            QuotaScope::EventType => {
                self.event_type_id.is_some() && self.event_type_id == question.request.event_type_id
            }
        }
    }

    /// Whether it took place, was missed or has ended, and was not cancelled.
    pub(crate) fn is_past(&self, now: Timestamp) -> bool {
        match self.outcome {
            None => self.interval.end() <= now,
            Some(UseOutcome::Completed | UseOutcome::NoShow) => true,
            Some(UseOutcome::CancelledLate) => false,
        }
    }

    /// Whether it was cancelled late.
    pub(crate) fn is_cancelled(&self) -> bool {
        match self.outcome {
            Some(UseOutcome::CancelledLate) => true,
            Some(UseOutcome::Completed | UseOutcome::NoShow) | None => false,
        }
    }
}

/// Every reservation of the person but the one being changed.
pub(crate) fn uses<'a>(question: &Question<'a>) -> impl Iterator<Item = Use<'a>> + use<'a> {
    let ahead = question.others().map(|held| Use {
        resource_id: &held.resource_id,
        category: &held.category,
        event_type_id: held.event_type_id,
        interval: held.interval,
        outcome: None,
    });
    let past = question.facts.member.past_uses.iter().map(|past| Use {
        resource_id: &past.resource_id,
        category: &past.category,
        event_type_id: past.event_type_id,
        interval: past.interval,
        outcome: Some(past.outcome),
    });
    ahead.chain(past)
}
