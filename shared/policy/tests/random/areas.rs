//! Areas, as the naive evaluator sees them: a reservation is the set of its minutes.

use std::collections::BTreeSet;

use interlock_policy::{OpenReservation, Purpose, ReasonCode, ResourceId};

use crate::naive::{Naive, Said};
use crate::wall::{minute, minutes_of};

fn minutes<'a>(held: impl IntoIterator<Item = &'a OpenReservation>) -> BTreeSet<i64> {
    held.into_iter().flat_map(|held| minutes_of(&held.interval)).collect()
}

fn needed(range: std::ops::Range<i64>, start_only: bool) -> Vec<i64> {
    if start_only { vec![range.start] } else { range.collect() }
}

impl Naive<'_> {
    fn of(&self, id: &ResourceId) -> Vec<&OpenReservation> {
        self.others().into_iter().filter(|held| held.resource_id == *id).collect()
    }

    pub(crate) fn area(&self, said: &mut Said) {
        let Some(asked) = self.minutes.clone() else { return };
        for rule in self.rules().into_iter().filter_map(|rules| rules.area.as_ref()) {
            let mine = minutes(self.of(&rule.resource_id));
            let needed = needed(asked.clone(), rule.start_only);
            if !needed.iter().all(|minute| mine.contains(minute)) {
                self.block(said, ReasonCode::ReservationUncovered);
            }
        }
    }

    pub(crate) fn contents(&self, said: &mut Said) {
        let here = &self.facts.resource.id;
        let all = self.facts.member.open_reservations.iter();
        let before = minutes(all.filter(|held| held.resource_id == *here));
        let mut after = minutes(self.of(here));
        after.extend(self.minutes.clone().into_iter().flatten());
        if !matches!(self.purpose, Purpose::Change(_)) {
            return;
        }
        for rule in self.rules().into_iter().filter_map(|rules| rules.contents.as_ref()) {
            for held in self.others() {
                let range = minutes_of(&held.interval);
                let ended = range.end <= minute(self.facts.now);
                if ended || !rule.resource_ids.contains(&held.resource_id) {
                    continue;
                }
                let needed = needed(range, rule.start_only);
                let covered = |by: &BTreeSet<i64>| needed.iter().all(|minute| by.contains(minute));
                if covered(&before) && !covered(&after) {
                    self.block(said, ReasonCode::ReservationNeeded);
                }
            }
        }
    }
}
