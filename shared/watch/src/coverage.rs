//! The set of positions somebody has watched.
//!
//! Invariant: intervals are sorted, not empty, and neither overlap nor touch.

use serde::{Deserialize, Serialize};

use crate::interval::Interval;
use crate::units::Millis;

/// The most separate intervals a watch may keep, so that its record stays small.
///
/// A viewer at twice the permitted speed makes one gap per beat; this leaves room for more than
/// an hour of that. Beyond it only what touches known intervals is accepted.
pub const MAX_INTERVALS: usize = 1024;

/// A union of half-open intervals in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Vec<Interval>", from = "Vec<Interval>")]
pub struct Coverage(Vec<Interval>);

impl Coverage {
    /// Nothing watched.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The intervals, sorted and disjoint.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    /// Adds an interval; adding what is covered changes nothing.
    pub fn insert(&mut self, interval: Interval) {
        if interval.is_empty() {
            return;
        }
        let (start, end) = self.touching(interval);
        let touched = self.0.get(start..end).unwrap_or_default();
        let from = touched.first().map_or(interval.from(), |first| first.from());
        let to = touched.last().map_or(interval.to(), |last| last.to());
        let joined = Interval::new(from.min(interval.from()), to.max(interval.to()));
        self.0.splice(start..end, [joined]);
    }

    /// Whether the interval can be added without exceeding [`MAX_INTERVALS`].
    pub fn has_room_for(&self, interval: Interval) -> bool {
        let (start, end) = self.touching(interval);
        start < end || self.0.len() < MAX_INTERVALS
    }

    /// The union of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for interval in &other.0 {
            all.insert(*interval);
        }
        all
    }

    /// What is covered outside `removed`.
    #[must_use]
    pub fn without(&self, removed: &Self) -> Self {
        let mut left = Self::new();
        for interval in &self.0 {
            for free in removed.gaps_within(*interval) {
                left.insert(free);
            }
        }
        left
    }

    /// What is covered before `end`.
    #[must_use]
    pub fn before(&self, end: Millis) -> Self {
        let inside = Interval::new(Millis::ZERO, end);
        let clipped = self.0.iter().map(|interval| interval.intersection(inside));
        Self(clipped.filter(|interval| !interval.is_empty()).collect())
    }

    /// The covered length.
    pub fn length(&self) -> Millis {
        self.0.iter().fold(Millis::ZERO, |sum, interval| sum.plus(interval.length()))
    }

    /// The length covered inside `range`.
    pub fn length_within(&self, range: Interval) -> Millis {
        self.0
            .iter()
            .fold(Millis::ZERO, |sum, interval| sum.plus(interval.intersection(range).length()))
    }

    /// Every uncovered stretch of `range`, in order.
    pub fn gaps_within(&self, range: Interval) -> Vec<Interval> {
        let mut gaps = Vec::new();
        let mut reached = range.from();
        let start = self.0.partition_point(|interval| interval.to() <= range.from());
        for interval in self.0.iter().skip(start) {
            if interval.from() >= range.to() {
                break;
            }
            gaps.push(Interval::new(reached, interval.from()));
            reached = interval.to();
        }
        gaps.push(Interval::new(reached, range.to()));
        gaps.retain(|gap| !gap.is_empty());
        gaps
    }

    /// Whether every position of `range` is covered; an empty range always is.
    pub fn covers(&self, range: Interval) -> bool {
        self.length_within(range) == range.length()
    }

    // The indices, half-open, of the intervals that overlap or touch this one.
    fn touching(&self, interval: Interval) -> (usize, usize) {
        let start = self.0.partition_point(|known| known.to() < interval.from());
        let end = self.0.partition_point(|known| known.from() <= interval.to());
        (start, end)
    }
}

impl FromIterator<Interval> for Coverage {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut coverage = Self::new();
        for interval in intervals {
            coverage.insert(interval);
        }
        coverage
    }
}

impl From<Vec<Interval>> for Coverage {
    fn from(intervals: Vec<Interval>) -> Self {
        intervals.into_iter().collect()
    }
}

impl From<Coverage> for Vec<Interval> {
    fn from(coverage: Coverage) -> Self {
        coverage.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from: u64, to: u64) -> Interval {
        Interval::new(Millis::new(from), Millis::new(to))
    }

    fn coverage(pairs: &[(u64, u64)]) -> Coverage {
        pairs.iter().map(|(from, to)| interval(*from, *to)).collect()
    }

    #[test]
    fn intervals_join_when_they_overlap_or_touch_and_not_before() {
        type Pairs = &'static [(u64, u64)];
        let cases: [(Pairs, Pairs); 8] = [
            (&[(0, 5), (6, 9)], &[(0, 5), (6, 9)]),
            (&[(0, 5), (5, 9)], &[(0, 9)]),
            (&[(0, 5), (4, 9)], &[(0, 9)]),
            (&[(6, 9), (0, 5)], &[(0, 5), (6, 9)]),
            (&[(0, 2), (4, 6), (8, 9), (2, 8)], &[(0, 9)]),
            (&[(0, 9), (3, 4)], &[(0, 9)]),
            (&[(3, 4), (0, 9)], &[(0, 9)]),
            (&[(3, 3)], &[]),
        ];
        for (given, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(a, b)| interval(*a, *b)).collect();
            assert_eq!(coverage(given).intervals(), expected, "{given:?}");
        }
    }

    #[test]
    fn gaps_are_what_is_missing_in_the_range() {
        let seen = coverage(&[(2, 4), (6, 8)]);
        assert_eq!(
            seen.gaps_within(interval(0, 10)),
            [interval(0, 2), interval(4, 6), interval(8, 10)]
        );
        assert_eq!(seen.gaps_within(interval(2, 4)), []);
        assert_eq!(seen.gaps_within(interval(3, 7)), [interval(4, 6)]);
        assert_eq!(seen.gaps_within(interval(4, 6)), [interval(4, 6)]);
        assert_eq!(seen.gaps_within(interval(20, 30)), [interval(20, 30)]);
        assert_eq!(Coverage::new().gaps_within(interval(0, 1)), [interval(0, 1)]);
    }

    #[test]
    fn removing_splits_what_it_hits() {
        let left = coverage(&[(0, 10), (20, 30)]).without(&coverage(&[(3, 4), (8, 22)]));
        assert_eq!(left, coverage(&[(0, 3), (4, 8), (22, 30)]));
    }

    #[test]
    fn clipping_keeps_what_lies_before_the_end() {
        let seen = coverage(&[(0, 10), (20, 30)]);
        assert_eq!(seen.before(Millis::new(20)), coverage(&[(0, 10)]));
        assert_eq!(seen.before(Millis::new(21)), coverage(&[(0, 10), (20, 21)]));
    }

    #[test]
    fn covering_needs_every_position() {
        let seen = coverage(&[(2, 4), (5, 8)]);
        assert!(seen.covers(interval(2, 4)));
        assert!(!seen.covers(interval(2, 5)));
        assert!(seen.covers(interval(9, 9)));
    }

    #[test]
    fn a_full_set_takes_only_what_touches() {
        let most = u64::try_from(MAX_INTERVALS).unwrap();
        let full: Coverage = (0..most).map(|n| interval(n * 10, n * 10 + 5)).collect();
        assert!(!full.has_room_for(interval(most * 10, most * 10 + 5)));
        assert!(full.has_room_for(interval(5, 6)));
        let nearly: Coverage = (1..most).map(|n| interval(n * 10, n * 10 + 5)).collect();
        assert!(nearly.has_room_for(interval(0, 5)));
    }
}
