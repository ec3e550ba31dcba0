//! A half-open stretch of a video.
//!
//! Invariant: `from <= to`; the position `to` itself is outside.

use serde::{Deserialize, Serialize};

use crate::units::Millis;

/// Positions from `from` up to, not including, `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "(Millis, Millis)", from = "(Millis, Millis)")]
pub struct Interval {
    from: Millis,
    to: Millis,
}

impl Interval {
    /// The stretch between two positions; empty where `to` is not after `from`.
    pub fn new(from: Millis, to: Millis) -> Self {
        Self { from, to: to.max(from) }
    }

    /// The first position inside.
    pub const fn from(self) -> Millis {
        self.from
    }

    /// The first position after it.
    pub const fn to(self) -> Millis {
        self.to
    }

    /// How long it is.
    pub const fn length(self) -> Millis {
        self.to.minus(self.from)
    }

    /// Whether no position is inside.
    pub fn is_empty(self) -> bool {
        self.from == self.to
    }

    /// The part of it inside `other`; empty where they do not meet.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }
}

impl From<(Millis, Millis)> for Interval {
    fn from((from, to): (Millis, Millis)) -> Self {
        Self::new(from, to)
    }
}

impl From<Interval> for (Millis, Millis) {
    fn from(interval: Interval) -> Self {
        (interval.from, interval.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from: u64, to: u64) -> Interval {
        Interval::new(Millis::new(from), Millis::new(to))
    }

    #[test]
    fn reversed_ends_make_an_empty_interval() {
        assert!(interval(5, 3).is_empty());
        assert_eq!(interval(5, 3).length(), Millis::ZERO);
    }

    #[test]
    fn neighbours_share_nothing() {
        assert!(interval(0, 5).intersection(interval(5, 9)).is_empty());
        assert_eq!(interval(0, 6).intersection(interval(5, 9)), interval(5, 6));
        assert!(interval(0, 2).intersection(interval(5, 9)).is_empty());
    }
}
