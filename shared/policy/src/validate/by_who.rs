//! Values by group and level: bounded, in order, and never worse for a higher level.

use std::collections::BTreeSet;

use super::Faults;
use crate::{ByWho, Level};

/// Most groups, and most levels, of one value.
const MOST_ENTRIES: usize = 16;
/// Longest name of a group, in characters.
const LONGEST_GROUP: usize = 64;

/// Checks the shape, each value by `value`, and that no level is worse than the one before by
/// `no_worse(higher, lower)`.
pub(super) fn check<T>(
    by_who: &ByWho<T>,
    at: &str,
    (value, no_worse): (impl Fn(&T, &str, &mut Faults), impl Fn(&T, &T) -> bool),
    faults: &mut Faults,
) {
    let (base, groups, levels) = by_who.parts();
    if by_who.is_plain() {
        value(base, at, faults);
        return;
    }
    value(base, &format!("{at}/base"), faults);
    faults.at_most(groups.len(), MOST_ENTRIES, &format!("{at}/groups"));
    let mut known = BTreeSet::new();
    for (index, entry) in groups.iter().enumerate() {
        let at = format!("{at}/groups/{index}");
        let named = (1..=LONGEST_GROUP).contains(&entry.group.chars().count());
        faults.unless(named, format!("{at}/group"), "1 to 64 characters");
        faults.unless(known.insert(&entry.group), format!("{at}/group"), "each at most once");
        value(&entry.value, &format!("{at}/value"), faults);
    }
    faults.at_most(levels.len(), MOST_ENTRIES, &format!("{at}/levels"));
    let mut lower = (Level::NONE, base);
    for (index, entry) in levels.iter().enumerate() {
        let at = format!("{at}/levels/{index}");
        faults.unless(entry.from > lower.0, format!("{at}/from"), "above the level before");
        value(&entry.value, &format!("{at}/value"), faults);
        let fair = no_worse(&entry.value, lower.1);
        faults.unless(fair, format!("{at}/value"), "not stricter than for a lower level");
        lower = (entry.from, &entry.value);
    }
}

/// Whether a limit from above is no stricter than another; none is the mildest.
pub(super) fn limit_no_worse(higher: Option<u32>, lower: Option<u32>) -> bool {
    let reach = |limit: Option<u32>| limit.map_or(u64::MAX, u64::from);
    reach(higher) >= reach(lower)
}
