//! The arithmetic of rates: when the next one of something is allowed; pure.
//!
//! All that is kept is one instant, at which everything given out so far would be over at the
//! steady rate (RELIABILITY L1).

/// Where a rate stands, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// From when on the next one counts.
    pub(crate) base: i64,
    /// What may still be given out now.
    pub(crate) free: i64,
}

impl Room {
    /// Of a rate with this instant kept, of which so much may be given out at once.
    pub(crate) fn of(arrival: i64, now: i64, at_once: i64) -> Self {
        let base = arrival.max(now);
        Self { base, free: now.saturating_add(at_once).saturating_sub(base) }
    }
}
