//! Calls of one credential stay within its budget, and people come first (promise R18).

use std::collections::{BTreeMap, VecDeque};

use interlock_app::model::CallBudget;
use interlock_app::ports::scheduler::Urgency;
use jiff::Timestamp;

use super::Broken;

const MINUTE: i64 = 60_000_000;

/// The calls of every credential, as they are made and given out.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// Instants of the last minute's calls.
    sent: BTreeMap<String, VecDeque<i64>>,
    /// When the last call was given out to anybody but a person.
    given: BTreeMap<String, i64>,
}

impl Calls {
    /// A call is made: no sixty seconds hold more than the limit.
    pub(crate) fn sent(&mut self, tracker: &str, now: i64, most: u32) -> Option<Broken> {
        let sent = self.sent.entry(tracker.to_owned()).or_default();
        while sent.front().is_some_and(|at| *at <= now - MINUTE) {
            sent.pop_front();
        }
        sent.push_back(now);
        let count = sent.len();
        (u32::try_from(count).unwrap_or(u32::MAX) > most)
            .then(|| ("R18", format!("{tracker}: {count} calls in a minute, {most} are allowed")))
    }

    /// A call is given out by the budget: none while the one who asks must be silent.
    pub(crate) fn given(
        &mut self,
        budget: &CallBudget,
        urgency: Urgency,
        (micros, now): (i64, Timestamp),
    ) -> Option<Broken> {
        let silent = match urgency {
            Urgency::User => budget.blocked_until,
            Urgency::Cancel | Urgency::Sync | Urgency::Reconcile => {
                self.given.insert(budget.tracker.clone(), micros);
                budget.quiet_until
            }
        };
        let tracker = &budget.tracker;
        (now < silent)
            .then(|| ("R18", format!("{tracker}: a call for {urgency:?} before {silent}")))
    }

    /// A person's request is refused a call it has asked for since an instant: nobody less urgent
    /// got one meanwhile.
    pub(crate) fn refused(&self, tracker: &str, since: i64) -> Option<Broken> {
        let given = self.given.get(tracker).filter(|given| **given >= since)?;
        let after = given - since;
        let detail = format!("{tracker}: a person is refused, another got a call {after} us later");
        Some(("R18", detail))
    }
}
