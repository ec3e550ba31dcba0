//! How much of something is allowed; pure.

use jiff::{SignedDuration, Timestamp};

use crate::gcra::Room;
use crate::model::Tab;

/// Longest time between two of something that failed again and again (RELIABILITY P4).
const SLOWEST: SignedDuration = SignedDuration::from_mins(15);
/// Most doublings looked at; far beyond [`SLOWEST`].
const MOST_DOUBLINGS: u32 = 16;

/// How much of something is allowed: so many at once, and one more in every such time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What is counted; also the name of the policy towards callers.
    pub name: &'static str,
    /// At once, after a rest.
    pub burst: u32,
    /// Time after which one more is allowed, in seconds.
    pub every_seconds: u32,
    /// Whether the time doubles each time the burst is used up without a success between.
    pub doubling: bool,
}

/// What a caller may be told of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Which rate.
    pub rate: Rate,
    /// How many are left at once.
    pub left: u32,
    /// Seconds until all of them are back.
    pub full_in_seconds: u32,
    /// Seconds after which to try again; only where none was given.
    pub wait_seconds: Option<u32>,
}

impl Rate {
    /// So many at once and one more in every such time, in seconds.
    pub const fn new(name: &'static str, burst: u32, every_seconds: u32) -> Self {
        Self { name, burst, every_seconds, doubling: false }
    }

    /// The time doubles, up to 15 minutes, each time the burst is used up without a success.
    #[must_use]
    pub const fn doubling(mut self) -> Self {
        self.doubling = true;
        self
    }

    /// So many times as much at once and in time.
    #[must_use]
    pub fn times(mut self, factor: u32) -> Self {
        let factor = factor.max(1);
        self.burst = self.burst.saturating_mul(factor);
        self.every_seconds = (self.every_seconds / factor).max(u32::from(factor == 1));
        self
    }

    /// The window that the burst stands for, in seconds.
    pub fn window_seconds(self) -> u32 {
        self.burst.saturating_mul(self.every_seconds).max(1)
    }

    fn step(self) -> i64 {
        i64::from(self.every_seconds).saturating_mul(1_000_000)
    }

    fn at_once(self) -> i64 {
        self.step().saturating_mul(i64::from(self.burst.max(1)))
    }

    /// What one more costs after so many in a row.
    fn cost(self, strikes: u32) -> i64 {
        if !self.doubling {
            return self.step();
        }
        let doublings = (strikes / self.burst.max(1)).min(MOST_DOUBLINGS);
        let cost = self.step().saturating_mul(1 << doublings);
        cost.min(micros(SLOWEST).max(self.step()))
    }

    /// Takes one if there is room; the tab is changed only then.
    pub(crate) fn take(self, tab: &mut Tab, now: Timestamp) -> Quota {
        let at = now.as_microsecond();
        let room = Room::of(tab.arrival, at, self.at_once());
        if tab.arrival.saturating_add(micros(SLOWEST)) < at {
            tab.strikes = 0;
        }
        // What a rate gives at once is measured by its plain step, also where one costs more.
        if room.free < self.step() {
            let wait = self.step().saturating_sub(room.free);
            return Quota { wait_seconds: Some(seconds(wait)), ..self.quota(0, room.free) };
        }
        tab.arrival = room.base.saturating_add(self.cost(tab.strikes));
        tab.strikes = tab.strikes.saturating_add(1);
        let after = Room::of(tab.arrival, at, self.at_once());
        let left = after.free.max(0).checked_div(self.step()).unwrap_or(i64::from(self.burst));
        self.quota(u32::try_from(left).unwrap_or(u32::MAX), after.free)
    }

    fn quota(self, left: u32, free: i64) -> Quota {
        let full_in_seconds = seconds(self.at_once().saturating_sub(free));
        Quota { rate: self, left, full_in_seconds, wait_seconds: None }
    }
}

fn micros(time: SignedDuration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// Rounded up, so that nobody comes back too early.
fn seconds(micros: i64) -> u32 {
    u32::try_from(micros.max(0).saturating_add(999_999) / 1_000_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    fn taken(rate: Rate, tab: &mut Tab, seconds: i64) -> bool {
        rate.take(tab, at(seconds)).wait_seconds.is_none()
    }

    #[test]
    fn so_many_at_once_and_then_one_in_every_time() {
        let rate = Rate::new("x", 3, 10);
        let mut tab = Tab::unused("x", "k");
        let left: Vec<_> = (0..3).map(|_| rate.take(&mut tab, at(0)).left).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = rate.take(&mut tab, at(0));
        assert_eq!((refused.wait_seconds, refused.left), (Some(10), 0));
        assert!(!taken(rate, &mut tab, 9) && taken(rate, &mut tab, 10));
        assert!(!taken(rate, &mut tab, 19) && taken(rate, &mut tab, 20));
        assert_eq!(rate.take(&mut tab, at(1000)).left, 2, "a rest gives all of them back");
    }

    #[test]
    fn what_is_refused_costs_nothing() {
        let rate = Rate::new("x", 1, 10);
        let mut tab = Tab::unused("x", "k");
        assert!(taken(rate, &mut tab, 0));
        let before = tab.clone();
        for second in 1..10 {
            assert!(!taken(rate, &mut tab, second));
            assert_eq!(tab, before);
        }
    }

    #[test]
    fn no_window_ever_gives_more_than_the_burst_and_what_time_brings() {
        let rate = Rate::new("x", 5, 12);
        let mut tab = Tab::unused("x", "k");
        let given: Vec<i64> = (0..600).filter(|second| taken(rate, &mut tab, *second)).collect();
        for (place, from) in given.iter().enumerate() {
            for (count, to) in given[place..].iter().enumerate() {
                let most = 5 + usize::try_from((to - from) / 12).unwrap();
                assert!(count < most, "{count} between {from} and {to}");
            }
        }
    }

    #[test]
    fn failing_on_and_on_doubles_the_time_up_to_a_quarter_of_an_hour() {
        let rate = Rate::new("x", 10, 12).doubling();
        let mut tab = Tab::unused("x", "k");
        let given: Vec<i64> = (0..40_000).filter(|second| taken(rate, &mut tab, *second)).collect();
        let steps: Vec<_> = given.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(given[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "the burst, a second apart");
        assert!(steps.windows(2).skip(9).all(|pair| pair[1] >= pair[0]), "{steps:?}");
        assert_eq!(steps.last(), Some(&900));
        assert!(given.len() < 110, "{}", given.len());
    }

    #[test]
    fn a_rate_times_a_factor_lets_as_many_times_more_through() {
        let rate = Rate::new("x", 2, 60).times(3);
        assert_eq!((rate.burst, rate.every_seconds), (6, 20));
        assert_eq!(Rate::new("x", 2, 1).times(1), Rate::new("x", 2, 1));
        let endless = Rate::new("x", 2, 4).times(1000);
        let mut tab = Tab::unused("x", "k");
        assert!((0..5000).all(|_| taken(endless, &mut tab, 0)), "no step is no limit");
    }
}
