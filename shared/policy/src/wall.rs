//! The clock on the wall of a resource, read around one time.
//!
//! Between two changes of clocks a zone is a plain offset. It is looked up once and serves every
//! rule; only what lies beyond is looked up on its own.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::Interval;

/// Further than any change moves a clock, be it over the date line.
const FURTHEST_CHANGE: SignedDuration = SignedDuration::from_hours(48);

/// A zone with its offset between two changes of clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wall<'a> {
    zone: &'a TimeZone,
    offset: Offset,
    /// From one change, included, to the next.
    steady: (Timestamp, Timestamp),
    /// The part of it in which no instant shows a time that a change repeats or skips.
    clear: (Timestamp, Timestamp),
}

impl<'a> Wall<'a> {
    /// As it is around an instant.
    pub(crate) fn around(zone: &'a TimeZone, at: Timestamp) -> Self {
        let change =
            |found: Option<jiff::tz::TimeZoneTransition<'_>>| found.map(|of| of.timestamp());
        let just_after = at.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(at);
        let from = change(zone.preceding(just_after).next()).unwrap_or(Timestamp::MIN);
        let until = change(zone.following(at).next()).unwrap_or(Timestamp::MAX);
        let clear_from = from.saturating_add(FURTHEST_CHANGE).unwrap_or(Timestamp::MAX);
        let clear_until = until.saturating_sub(FURTHEST_CHANGE).unwrap_or(Timestamp::MIN);
        Self {
            zone,
            offset: zone.to_offset(at),
            steady: (from, until),
            clear: (clear_from, clear_until),
        }
    }

    /// Whether it needs not be looked up anew for an interval.
    pub(crate) fn serves(&self, interval: &Interval) -> bool {
        self.is_steady(interval.start()) && interval.end() <= self.steady.1
    }

    fn is_steady(&self, at: Timestamp) -> bool {
        self.steady.0 <= at && at < self.steady.1
    }

    /// The offset at an instant.
    pub(crate) fn offset(&self, at: Timestamp) -> Offset {
        if self.is_steady(at) { self.offset } else { self.zone.to_offset(at) }
    }

    /// What it shows at an instant.
    pub(crate) fn shown(&self, at: Timestamp) -> DateTime {
        self.offset(at).to_datetime(at)
    }

    /// The next change of clocks.
    pub(crate) fn next_change(&self, at: Timestamp) -> Timestamp {
        if self.is_steady(at) {
            return self.steady.1;
        }
        self.zone.following(at).next().map_or(Timestamp::MAX, |change| change.timestamp())
    }

    /// The one instant at which it shows a time, where no change is near.
    fn plainly(&self, shown: DateTime) -> Option<Timestamp> {
        let at = self.offset.to_timestamp(shown).ok()?;
        (self.clear.0 <= at && at < self.clear.1).then_some(at)
    }

    /// The first instant at which it shows a time, or at which the clock jumps over it.
    pub(crate) fn first(&self, shown: DateTime) -> Timestamp {
        if let Some(at) = self.plainly(shown) {
            return at;
        }
        let ambiguous = self.zone.to_ambiguous_timestamp(shown);
        let earlier = ambiguous.earlier().unwrap_or(Timestamp::MAX);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => earlier,
            AmbiguousOffset::Gap { .. } => {
                let mut changes = self.zone.following(earlier);
                changes.next().map_or(earlier, |change| change.timestamp())
            }
        }
    }

    /// The instants that may be meant by a time: both where it is repeated; where it is skipped,
    /// the change of clocks and what lies on either side of it.
    pub(crate) fn meant(&self, shown: DateTime) -> impl Iterator<Item = Timestamp> {
        let plainly = self.plainly(shown);
        let looked_up = plainly.is_none().then(|| {
            let ambiguous = self.zone.to_ambiguous_timestamp(shown);
            [ambiguous.earlier().ok(), ambiguous.later().ok(), Some(self.first(shown))]
        });
        plainly.into_iter().chain(looked_up.into_iter().flatten().flatten())
    }
}
