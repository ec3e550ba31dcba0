//! A failure made small: acts and faults are taken away while it still fails.

use std::collections::BTreeSet;

use crate::defects::Defect;
use crate::plan::Plan;
use crate::play::{Outcome, play};

/// Most schedules played to make one small.
const MOST_TRIES: usize = 600;

/// The smallest plan found that breaks the same promise, with its outcome and story.
pub fn shrunk(plan: &Plan, defect: Option<Defect>) -> (Plan, Outcome) {
    let first = play(plan, defect, false);
    let Some(promise) = first.violation.as_ref().map(|violation| violation.promise) else {
        return (plan.clone(), first);
    };
    let marks: BTreeSet<u64> = first.hits.iter().map(|(mark, _)| *mark).collect();
    let pinned = Plan { only: Some(marks), ..plan.clone() };
    let mut search = Search { defect, promise, tries: 0 };
    let mut best = if search.fails(&pinned) { pinned } else { plan.clone() };
    loop {
        let size = (best.acts.len(), best.only.as_ref().map_or(0, BTreeSet::len));
        best = search.fewer_acts(best);
        best = search.fewer_faults(best);
        let now = (best.acts.len(), best.only.as_ref().map_or(0, BTreeSet::len));
        if now == size || search.tries >= MOST_TRIES {
            break;
        }
    }
    let outcome = play(&best, defect, true);
    (best, outcome)
}

struct Search {
    defect: Option<Defect>,
    promise: &'static str,
    tries: usize,
}

impl Search {
    fn fails(&mut self, plan: &Plan) -> bool {
        self.tries += 1;
        let violation = play(plan, self.defect, false).violation;
        violation.is_some_and(|violation| violation.promise == self.promise)
    }

    fn fewer_acts(&mut self, mut best: Plan) -> Plan {
        let mut place = best.acts.len();
        while place > 0 && self.tries < MOST_TRIES {
            place -= 1;
            let mut fewer = best.clone();
            fewer.acts.remove(place);
            if self.fails(&fewer) {
                best = fewer;
            }
        }
        best
    }

    fn fewer_faults(&mut self, mut best: Plan) -> Plan {
        let Some(marks) = best.only.clone() else { return best };
        for mark in marks {
            if self.tries >= MOST_TRIES {
                return best;
            }
            let mut fewer = best.clone();
            if let Some(only) = &mut fewer.only {
                only.remove(&mark);
            }
            if self.fails(&fewer) {
                best = fewer;
            }
        }
        best
    }
}
