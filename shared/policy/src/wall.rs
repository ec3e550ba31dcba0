//! The clock on the wall of a resource, read around one time.
//!
//! Between two changes of clocks a zone is a plain offset. It is looked up once and serves every
//! rule and every decision by the same policy; only what lies beyond is looked up on its own.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::ZoneName;

/// Further than any change moves a clock, be it over the date line.
const FURTHEST_CHANGE: SignedDuration = SignedDuration::from_hours(48);

/// The stretch between two changes of clocks, in which a zone is a plain offset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    offset: Offset,
    /// From one change, included, to the next.
    steady: (Timestamp, Timestamp),
    /// The part of it in which no instant shows a time that a change repeats or skips.
    clear: (Timestamp, Timestamp),
}

impl Span {
    /// The one in which an instant lies.
    pub(crate) fn around(zone: &TimeZone, at: Timestamp) -> Self {
        let change =
            |found: Option<jiff::tz::TimeZoneTransition<'_>>| found.map(|of| of.timestamp());
        let just_after = at.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(at);
        let from = change(zone.preceding(just_after).next()).unwrap_or(Timestamp::MIN);
        let until = change(zone.following(at).next()).unwrap_or(Timestamp::MAX);
        let clear_from = from.saturating_add(FURTHEST_CHANGE).unwrap_or(Timestamp::MAX);
        let clear_until = until.saturating_sub(FURTHEST_CHANGE).unwrap_or(Timestamp::MIN);
        Self { offset: zone.to_offset(at), steady: (from, until), clear: (clear_from, clear_until) }
    }

    /// Whether an instant lies in it.
    pub(crate) fn is_steady(&self, at: Timestamp) -> bool {
        self.steady.0 <= at && at < self.steady.1
    }
}

/// A zone and one of its spans.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wall<'a> {
    zone: &'a TimeZone,
    span: Span,
}

impl<'a> Wall<'a> {
    /// As it is around an instant.
    pub(crate) fn around(zone: &'a ZoneName, at: Timestamp) -> Self {
        Self { zone: zone.zone(), span: zone.span_around(at) }
    }

    /// Whether an instant lies between the changes that are known.
    pub(crate) fn is_steady(&self, at: Timestamp) -> bool {
        self.span.is_steady(at)
    }

    /// Whether no change is near: what the clock shows from a day before to a day after, each
    /// instant alone shows.
    pub(crate) fn is_clear(&self, at: Timestamp) -> bool {
        self.span.clear.0 <= at && at < self.span.clear.1
    }

    /// The offset at an instant.
    pub(crate) fn offset(&self, at: Timestamp) -> Offset {
        if self.is_steady(at) { self.span.offset } else { self.zone.to_offset(at) }
    }

    /// What it shows at an instant.
    pub(crate) fn shown(&self, at: Timestamp) -> DateTime {
        self.offset(at).to_datetime(at)
    }

    /// The next change of clocks.
    pub(crate) fn next_change(&self, at: Timestamp) -> Timestamp {
        if self.is_steady(at) {
            return self.span.steady.1;
        }
        self.zone.following(at).next().map_or(Timestamp::MAX, |change| change.timestamp())
    }

    /// The one instant at which it shows a time, where no change is near.
    fn plainly(&self, shown: DateTime) -> Option<Timestamp> {
        let at = self.span.offset.to_timestamp(shown).ok()?;
        self.is_clear(at).then_some(at)
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
    pub(crate) fn meant(&self, shown: DateTime) -> [Option<Timestamp>; 3] {
        if let Some(at) = self.plainly(shown) {
            return [Some(at), None, None];
        }
        let ambiguous = self.zone.to_ambiguous_timestamp(shown);
        [ambiguous.earlier().ok(), ambiguous.later().ok(), Some(self.first(shown))]
    }
}
