//! What became of a person's reservations, as far back as a rule may look.

use interlock_policy::{
    EventTypeId, Interval, PastUse, ReservationId, ResourceId, StrikeCause, StrikeFact, UseOutcome,
    UseSummary,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Presence, Reservation, State};

/// How long an end stays on record: longer than any stretch a policy may speak of.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Most ends on record; beyond, the oldest go, so that the record stays far below the most a
/// table takes.
const MOST: usize = 1_000;

/// A reservation that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PastHold {
    /// Which.
    pub reservation_id: ReservationId,
    /// On what.
    pub resource_id: ResourceId,
    /// Category of the resource.
    #[serde(default)]
    pub category: String,
    /// Which kind.
    pub event_type_id: EventTypeId,
    /// The time it held.
    pub interval: Interval,
    /// When it was settled.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: PastOutcome,
}

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastOutcome {
    /// It took place, as far as the clock knows.
    Completed,
    /// The holder gave it back late.
    CancelledLate,
    /// The holder did not come.
    NoShow,
}

/// How often a person used a kind on a resource, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseTotal {
    /// On what.
    pub resource_id: ResourceId,
    /// Category of the resource at the last use.
    #[serde(default)]
    pub category: String,
    /// Which kind.
    pub event_type_id: EventTypeId,
    /// Times completed.
    pub count: u32,
    /// When the last one ended.
    pub last_ended_at: Timestamp,
}

/// Ends on record, the oldest first, and totals that outlast them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub struct Past {
    /// The last ends.
    pub ends: Vec<PastHold>,
    /// How often what was used.
    pub totals: Vec<UseTotal>,
}

impl Past {
    /// Whether nothing is on record.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty() && self.totals.is_empty()
    }

    /// Takes an end in, once; of a reservation that left nothing behind there is nothing to take.
    pub fn settle(&mut self, reservation: &Reservation) {
        let Some(outcome) = outcome_of(reservation) else { return };
        if self.ends.iter().any(|end| end.reservation_id == reservation.id) {
            return;
        }
        let end = PastHold {
            reservation_id: reservation.id.clone(),
            resource_id: reservation.resource_id.clone(),
            category: reservation.category.clone(),
            event_type_id: reservation.event_type_id,
            interval: reservation.interval,
            at: reservation.updated_at,
            outcome,
        };
        if outcome == PastOutcome::Completed {
            self.count(&end);
        }
        self.ends.push(end);
    }

    /// Corrects the end of a reservation by what was said of it since; whether anything changed.
    pub fn amend(&mut self, reservation: &Reservation, now: Timestamp) -> bool {
        let Some(outcome) = outcome_of(reservation) else { return false };
        let of_it = |end: &&mut PastHold| end.reservation_id == reservation.id;
        let Some(end) = self.ends.iter_mut().find(of_it) else { return false };
        let before = std::mem::replace(&mut end.outcome, outcome);
        let end = end.clone();
        match (before == PastOutcome::Completed, outcome == PastOutcome::Completed) {
            (true, false) => self.uncount(&end, now),
            (false, true) => self.count(&end),
            (true, true) | (false, false) => {}
        }
        before != outcome
    }

    /// Takes a use back that was none. What is no longer on record was before everything that is.
    fn uncount(&mut self, end: &PastHold, now: Timestamp) {
        let alike = |other: &&PastHold| {
            other.resource_id == end.resource_id
                && other.event_type_id == end.event_type_id
                && other.outcome == PastOutcome::Completed
        };
        let last = self.ends.iter().filter(alike).map(|other| other.interval.end()).max();
        let last = last.unwrap_or_else(|| now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN));
        self.totals.retain_mut(|total| {
            if total.resource_id != end.resource_id || total.event_type_id != end.event_type_id {
                return true;
            }
            total.count = total.count.saturating_sub(1);
            total.last_ended_at = total.last_ended_at.min(last);
            total.count > 0
        });
    }

    fn count(&mut self, end: &PastHold) {
        let ended = end.interval.end();
        let known = self.totals.iter_mut().find(|total| {
            total.resource_id == end.resource_id && total.event_type_id == end.event_type_id
        });
        if let Some(total) = known {
            total.count = total.count.saturating_add(1);
            total.last_ended_at = total.last_ended_at.max(ended);
            total.category.clone_from(&end.category);
        } else {
            self.totals.push(UseTotal {
                resource_id: end.resource_id.clone(),
                category: end.category.clone(),
                event_type_id: end.event_type_id,
                count: 1,
                last_ended_at: ended,
            });
        }
    }

    /// Without what no rule looks at any more.
    pub fn forget_old(&mut self, now: Timestamp) {
        let since = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        self.ends.retain(|end| end.interval.end() > since);
        let surplus = self.ends.len().saturating_sub(MOST);
        self.ends.drain(..surplus);
    }

    /// The ends after an instant as the gate sees them.
    pub fn uses(&self, since: Timestamp) -> Vec<PastUse> {
        let fact = |end: &PastHold| PastUse {
            resource_id: end.resource_id.clone(),
            category: end.category.clone(),
            event_type_id: Some(end.event_type_id),
            interval: end.interval,
            outcome: match end.outcome {
                PastOutcome::Completed => UseOutcome::Completed,
                PastOutcome::CancelledLate => UseOutcome::CancelledLate,
                PastOutcome::NoShow => UseOutcome::NoShow,
            },
        };
        self.ends.iter().filter(|end| end.interval.end() > since).map(fact).collect()
    }

    /// The misses and late cancellations as the gate sees them.
    pub fn strikes(&self) -> Vec<StrikeFact> {
        let fact = |end: &PastHold| {
            let cause = match end.outcome {
                PastOutcome::Completed => return None,
                PastOutcome::CancelledLate => StrikeCause::LateCancel,
                PastOutcome::NoShow => StrikeCause::NoShow,
            };
            Some(StrikeFact { at: end.at, cause })
        };
        self.ends.iter().filter_map(fact).collect()
    }

    /// The totals as the gate sees them.
    pub fn summaries(&self) -> Vec<UseSummary> {
        let fact = |total: &UseTotal| UseSummary {
            resource_id: total.resource_id.clone(),
            event_type_id: Some(total.event_type_id),
            count: total.count,
            last_ended_at: total.last_ended_at,
        };
        self.totals.iter().map(fact).collect()
    }

    /// When the last use ended of all that `counts`.
    pub fn last_use(&self, counts: impl Fn(&UseTotal) -> bool) -> Option<Timestamp> {
        let counting = self.totals.iter().filter(|total| counts(total));
        counting.map(|total| total.last_ended_at).max()
    }
}

/// What a reservation that no longer holds time leaves behind.
fn outcome_of(reservation: &Reservation) -> Option<PastOutcome> {
    match reservation.state {
        State::Completed => Some(match reservation.presence() {
            Some(Presence::NoShow) => PastOutcome::NoShow,
            Some(Presence::Attended | Presence::Late) | None => PastOutcome::Completed,
        }),
        State::Cancelled { .. } if reservation.cancelled_late => Some(PastOutcome::CancelledLate),
        State::Cancelled { .. }
        | State::Awaiting { .. }
        | State::Pending { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Failed { .. } => None,
    }
}
