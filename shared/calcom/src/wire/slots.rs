//! Free starts as Cal.com lists them: days with their slots.
//!
//! Days without slots are absent; nothing free is `{}`, not an error (CONTRACT 4.1).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

/// Slots by day; the keys follow the zone asked for and are not read.
pub(crate) type WireSlots = BTreeMap<String, Vec<WireSlot>>;

/// One slot.
#[derive(Deserialize)]
pub(crate) struct WireSlot {
    /// Start with `Z` or an offset.
    pub(crate) start: Timestamp,
}

/// All starts in order, each once.
pub(crate) fn starts(days: WireSlots) -> Vec<Timestamp> {
    let mut starts: Vec<Timestamp> = days.into_values().flatten().map(|slot| slot.start).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}
