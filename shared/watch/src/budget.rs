//! One clock per person over all tabs and modules (FEATURES 5.4 rule 6).
//!
//! Invariant: between two settlements the credit drawn, plus what the grace bucket gained, is at
//! most the server time between them times the credited rate.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::rules::Rules;
use crate::units::{Millis, Rate};

/// What a person may still be credited; stored once per person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonBudget {
    last_counted_at: Timestamp,
    #[serde(rename = "graceLeftMs")]
    grace_left: Millis,
}

impl PersonBudget {
    /// The budget of somebody who opens a module for the first time: no time, a full bucket.
    pub fn new(now: Timestamp, rules: &Rules) -> Self {
        Self { last_counted_at: now, grace_left: rules.grace }
    }

    /// When a message of this person last counted.
    pub const fn last_counted_at(&self) -> Timestamp {
        self.last_counted_at
    }

    /// What is left of the grace bucket.
    pub const fn grace_left(&self) -> Millis {
        self.grace_left
    }

    /// Opens the purse for one message; `base` is when this session last counted.
    pub(crate) fn purse(&self, base: Timestamp, rules: &Rules, now: Timestamp) -> Purse {
        let person = Millis::between(self.last_counted_at, now).min(rules.longest_credit());
        Purse {
            spendable: person.min(Millis::between(base, now)),
            person,
            grace: self.grace_left.min(rules.grace),
            rate: rules.credited_rate(),
        }
    }

    /// Moves the clock on and lets unclaimed time fill the bucket again.
    #[must_use]
    pub(crate) fn settled(&self, purse: &Purse, rules: &Rules, now: Timestamp) -> Self {
        let refill = purse.rate.position_in(purse.person);
        Self {
            last_counted_at: self.last_counted_at.max(now),
            grace_left: purse.grace.plus(refill).min(rules.grace),
        }
    }
}

/// The credit of one message while its segments are counted.
pub(crate) struct Purse {
    // Server time this session may turn into position; never more than the person's.
    spendable: Millis,
    // Server time of the person not yet turned into position.
    person: Millis,
    grace: Millis,
    rate: Rate,
}

impl Purse {
    /// Grants as much of `claim` as there is credit for: time first, then grace.
    pub(crate) fn grant(&mut self, claim: Millis, claimed_rate: Rate) -> Millis {
        let rate = claimed_rate.min(self.rate);
        let from_time = claim.min(rate.position_in(self.spendable));
        let used = rate.time_for(from_time).min(self.spendable);
        let from_grace = claim.minus(from_time).min(self.grace);
        self.spendable = self.spendable.minus(used);
        self.person = self.person.minus(used);
        self.grace = self.grace.minus(from_grace);
        from_time.plus(from_grace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    fn granted(elapsed: i64, claim: u64, permille: u32) -> u64 {
        let rules = Rules::default();
        let budget = PersonBudget::new(at(0), &rules);
        let mut purse = budget.purse(at(0), &rules, at(elapsed));
        purse.grant(Millis::new(claim), Rate::from_permille(permille)).get()
    }

    #[test]
    fn credit_is_time_at_the_lower_rate_plus_the_grace() {
        let cases = [
            (0, 1000, 1000, 1000),
            (0, 1001, 1000, 1000),
            (5000, 6000, 1000, 6000),
            (5000, 6001, 1000, 6000),
            (5000, 8500, 1500, 8500),
            (5000, 8501, 1500, 8500),
            (5000, 20_000, 2000, 8500),
            (5000, 20_000, 16_000, 8500),
            (5000, 3500, 500, 3500),
            (5000, 3501, 500, 3500),
            (15_000, 99_000, 1500, 23_500),
            (15_001, 99_000, 1500, 23_500),
            (-5000, 99_000, 1500, 1000),
        ];
        for (elapsed, claim, rate, expected) in cases {
            assert_eq!(granted(elapsed, claim, rate), expected, "{elapsed} {claim} {rate}");
        }
    }

    #[test]
    fn the_session_clock_bounds_what_the_person_could_spend() {
        let rules = Rules::default();
        let budget = PersonBudget::new(at(0), &rules);
        let mut purse = budget.purse(at(4000), &rules, at(5000));
        let granted = purse.grant(Millis::new(9000), Rate::NORMAL);
        assert_eq!(granted, Millis::new(2000));
    }

    #[test]
    fn spent_grace_comes_back_only_from_unclaimed_time() {
        let rules = Rules::default();
        let budget = PersonBudget::new(at(0), &rules);
        let mut purse = budget.purse(at(0), &rules, at(5000));
        assert_eq!(purse.grant(Millis::new(6000), Rate::NORMAL), Millis::new(6000));
        let empty = budget.settled(&purse, &rules, at(5000));
        assert_eq!(empty.grace_left(), Millis::ZERO);
        let again = empty.purse(at(5000), &rules, at(5000));
        assert_eq!(empty.settled(&again, &rules, at(5000)).grace_left(), Millis::ZERO);
        let later = empty.purse(at(5000), &rules, at(5400));
        assert_eq!(empty.settled(&later, &rules, at(5400)).grace_left(), Millis::new(600));
        let full = empty.purse(at(5000), &rules, at(9000));
        assert_eq!(empty.settled(&full, &rules, at(9000)).grace_left(), Millis::new(1000));
    }

    #[test]
    fn the_clock_never_moves_back() {
        let rules = Rules::default();
        let budget = PersonBudget::new(at(10_000), &rules);
        let purse = budget.purse(at(10_000), &rules, at(3000));
        assert_eq!(budget.settled(&purse, &rules, at(3000)).last_counted_at(), at(10_000));
    }

    #[test]
    fn a_bucket_filled_under_milder_rules_is_no_larger_than_the_present_one() {
        let budget = PersonBudget::new(at(0), &Rules::default());
        let rules = Rules { grace: Millis::new(400), ..Rules::default() };
        let mut purse = budget.purse(at(0), &rules, at(0));
        assert_eq!(purse.grant(Millis::new(1000), Rate::NORMAL), Millis::new(400));
    }

    #[test]
    fn segments_of_one_message_share_the_time() {
        let rules = Rules { grace: Millis::ZERO, ..Rules::default() };
        let budget = PersonBudget::new(at(0), &rules);
        let mut purse = budget.purse(at(0), &rules, at(5000));
        assert_eq!(purse.grant(Millis::new(3000), Rate::NORMAL), Millis::new(3000));
        assert_eq!(purse.grant(Millis::new(9000), Rate::from_permille(1500)), Millis::new(3000));
        assert_eq!(purse.grant(Millis::new(1), Rate::NORMAL), Millis::ZERO);
    }
}
