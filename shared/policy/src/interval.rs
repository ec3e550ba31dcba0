//! Half-open stretches of time in UTC; touching is not overlapping (FEATURES 5.3 rule 2).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

/// `[start, end)` with `start < end`; no other value exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Interval {
    start: Timestamp,
    end: Timestamp,
}

/// Why two instants make no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntervalError {
    /// The end does not lie after the start.
    #[error("the end must lie after the start")]
    Empty,
    /// The end lies beyond the calendar.
    #[error("the end lies outside the calendar")]
    OutOfRange,
}

impl Interval {
    /// From `start` to `end`, the end excluded.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, IntervalError> {
        if start < end { Ok(Self { start, end }) } else { Err(IntervalError::Empty) }
    }

    /// From `start` for as long as `length` says.
    pub fn lasting(start: Timestamp, length: SignedDuration) -> Result<Self, IntervalError> {
        let end = start.checked_add(length).map_err(|_| IntervalError::OutOfRange)?;
        Self::new(start, end)
    }

    /// The first instant inside.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// The first instant after.
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// How long it is.
    pub fn length(&self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// Whether both share an instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// What both share; nothing where they do not overlap.
    pub(crate) fn common(&self, other: &Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// Whether the other lies wholly inside.
    pub fn covers(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.start <= instant && instant < self.end
    }

    /// Wider on both sides by days or minutes, clamped to the calendar.
    pub(crate) fn reaching(&self, by: SignedDuration) -> Self {
        Self { start: earlier(self.start, by), end: later(self.end, by) }
    }

    /// Wider by `before` and `after`, clamped to the calendar; negative widths count as none.
    #[must_use]
    pub fn widened(&self, before: SignedDuration, after: SignedDuration) -> Self {
        let before = before.max(SignedDuration::ZERO);
        let after = after.max(SignedDuration::ZERO);
        Self {
            start: self.start.saturating_sub(before).unwrap_or(Timestamp::MIN),
            end: self.end.saturating_add(after).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Later by days or minutes, clamped to the calendar.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    // Within its last second, because an error would allocate.
    let second = at.as_second().saturating_add(by.as_secs()).min(Timestamp::MAX.as_second());
    Timestamp::new(second, at.subsec_nanosecond()).unwrap_or(Timestamp::MAX)
}

/// Earlier by days or minutes, clamped to the calendar.
pub(crate) fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    let second = at.as_second().saturating_sub(by.as_secs()).max(Timestamp::MIN.as_second());
    Timestamp::new(second, at.subsec_nanosecond()).unwrap_or(Timestamp::MIN)
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Ends {
            start: Timestamp,
            end: Timestamp,
        }
        let Ends { start, end } = Ends::deserialize(deserializer)?;
        Self::new(start, end).map_err(serde::de::Error::custom)
    }
}
