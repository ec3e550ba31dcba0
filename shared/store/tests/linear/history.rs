//! Histories of clients that take, move and give back time, and whether any order of single steps
//! explains them (Wing and Gong's search, with what was tried before remembered).
//!
//! The sequential ledger is a set of disjoint intervals: a step takes one that is free, is refused
//! one that is not, or gives one back. A move is two steps, because both times are held meanwhile.

use std::collections::HashSet;

/// Starts that clients ask for, half an hour apart; each lasts an hour and so meets its neighbours.
pub(crate) const SLOTS: u8 = 6;

/// One step on the sequential ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Took a slot; the one the same reservation holds already is not in its way.
    Took(u8, Option<u8>),
    /// Was refused a slot.
    Refused(u8, Option<u8>),
    /// Gave a slot back.
    Gave(u8),
}

/// One operation of a client.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// When it was asked for, in logical time.
    pub(crate) invoked: u64,
    /// When it was answered; never, where nobody knows what came of it.
    pub(crate) returned: Option<u64>,
    /// What it did by its answer; what it may have done, up to any step, where it has none.
    pub(crate) steps: Vec<Step>,
}

/// What each client did, in order; an operation without an answer is a client of its own.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// Clients.
    pub(crate) clients: Vec<Vec<Operation>>,
}

impl History {
    /// Whether some order of the steps, each between its operation's call and answer, is one the
    /// sequential ledger allows.
    pub(crate) fn is_linearisable(&self) -> bool {
        let start = Place { done: vec![(0, 0); self.clients.len()], held: 0 };
        let mut tried = HashSet::from([start.clone()]);
        let mut open = vec![start];
        while let Some(place) = open.pop() {
            if self.is_explained(&place) {
                return true;
            }
            let last = self.earliest_answer(&place);
            for client in 0..self.clients.len() {
                if let Some(next) = self.after(&place, client, last)
                    && tried.insert(next.clone())
                {
                    open.push(next);
                }
            }
        }
        false
    }

    /// How many operations were answered, and how many were not.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let all = self.clients.iter().flatten();
        let (answered, open): (Vec<_>, Vec<_>) = all.partition(|one| one.returned.is_some());
        (answered.len(), open.len())
    }

    fn is_explained(&self, place: &Place) -> bool {
        self.clients.iter().zip(&place.done).all(|(operations, (done, _))| {
            operations.iter().skip(usize::from(*done)).all(|left| left.returned.is_none())
        })
    }

    /// No step may come after an answer that an unfinished operation was given.
    fn earliest_answer(&self, place: &Place) -> u64 {
        let current = self.clients.iter().zip(&place.done);
        let answers = current.filter_map(|(operations, (done, _))| {
            operations.get(usize::from(*done)).and_then(|operation| operation.returned)
        });
        answers.min().unwrap_or(u64::MAX)
    }

    fn after(&self, place: &Place, client: usize, last: u64) -> Option<Place> {
        let (done, step) = place.done[client];
        let operation = self.clients[client].get(usize::from(done))?;
        if operation.invoked > last {
            return None;
        }
        let held = match operation.steps.get(usize::from(step)) {
            Some(step) => applied(place.held, *step)?,
            None => place.held,
        };
        let mut next = Place { held, ..place.clone() };
        let finished = usize::from(step) + 1 >= operation.steps.len();
        next.done[client] = if finished { (done + 1, 0) } else { (done, step + 1) };
        Some(next)
    }
}

/// How far each client's steps are explained, and what is held then.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    done: Vec<(u16, u8)>,
    held: u8,
}

/// What is held after a step, if the sequential ledger allows it.
fn applied(held: u8, step: Step) -> Option<u8> {
    let others = |own: Option<u8>| held & !own.map_or(0, bit);
    match step {
        Step::Took(slot, own) => (others(own) & around(slot) == 0).then_some(held | bit(slot)),
        Step::Refused(slot, own) => (others(own) & around(slot) != 0).then_some(held),
        Step::Gave(slot) => (held & bit(slot) != 0).then_some(held & !bit(slot)),
    }
}

fn bit(slot: u8) -> u8 {
    1 << slot
}

/// A slot and its neighbours.
fn around(slot: u8) -> u8 {
    bit(slot) | bit(slot) << 1 | bit(slot) >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(invoked: u64, returned: u64, step: Step) -> Operation {
        Operation { invoked, returned: Some(returned), steps: vec![step] }
    }

    fn history(clients: Vec<Vec<Operation>>) -> bool {
        History { clients }.is_linearisable()
    }

    #[test]
    fn of_two_that_overlap_one_may_have_it() {
        let took = |slot| one(1, 4, Step::Took(slot, None));
        assert!(!history(vec![vec![took(1)], vec![took(2)]]));
        assert!(history(vec![vec![took(1)], vec![took(3)]]));
        assert!(history(vec![vec![took(1)], vec![one(2, 3, Step::Refused(2, None))]]));
    }

    #[test]
    fn nobody_is_refused_what_nobody_holds() {
        assert!(!history(vec![vec![one(1, 2, Step::Refused(0, None))]]));
        let took = one(5, 6, Step::Took(0, None));
        assert!(!history(vec![vec![took], vec![one(1, 2, Step::Refused(0, None))]]));
    }

    #[test]
    fn what_has_no_answer_may_have_happened_at_any_time_since_or_never() {
        let unknown = Operation { invoked: 1, returned: None, steps: vec![Step::Took(0, None)] };
        let refused = one(8, 9, Step::Refused(0, None));
        assert!(history(vec![vec![unknown.clone()], vec![refused]]));
        assert!(history(vec![vec![unknown.clone()], vec![one(8, 9, Step::Took(0, None))]]));
        let late = Operation { invoked: 20, ..unknown };
        assert!(!history(vec![vec![late], vec![one(8, 9, Step::Refused(0, None))]]));
    }

    #[test]
    fn a_move_holds_both_before_it_gives_one_back() {
        let moved = Operation {
            invoked: 3,
            returned: Some(10),
            steps: vec![Step::Took(3, Some(0)), Step::Gave(0)],
        };
        let first = vec![one(1, 2, Step::Took(0, None)), moved];
        let both = vec![one(4, 5, Step::Refused(3, None)), one(6, 7, Step::Refused(0, None))];
        assert!(history(vec![first.clone(), both]));
        let early = vec![one(4, 5, Step::Took(0, None)), one(6, 7, Step::Took(3, None))];
        assert!(!history(vec![first, early]));
    }
}
