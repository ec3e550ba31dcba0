//! A training module as far as watching is concerned.
//!
//! Invariant: the length comes from the server, never from a client (FEATURES 5.4 rule 1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::coverage::Coverage;
use crate::interval::Interval;
use crate::units::{MAX_POSITION, Millis};

/// The most versions before the present one that are remembered.
pub const MAX_REPLACED: usize = 32;

/// One version of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Module {
    /// The version, counted up with each change of content.
    pub version: u32,
    /// The authoritative length.
    #[serde(rename = "durationMs")]
    pub duration: Millis,
    /// Credits at the end that nobody has to watch.
    #[serde(default, rename = "ignoredTailMs")]
    pub ignored_tail: Millis,
    /// Parts that have to be covered wholly, sampling gaps aside.
    #[serde(default)]
    pub must_see: Coverage,
    /// The versions before this one, oldest first.
    #[serde(default)]
    pub replaced: Vec<Replaced>,
}

/// A version that is no longer in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Replaced {
    /// Which.
    pub version: u32,
    /// What the version after it changed.
    pub change: Change,
    /// The first instant at which a proof of it no longer counts.
    pub lapses_at: Timestamp,
}

/// What a new version changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "segments")]
pub enum Change {
    /// All of it: nothing watched before counts.
    #[default]
    Everything,
    /// Only these parts have to be watched again; none where only the description changed.
    Segments(Coverage),
}

/// When a proof of `version` lapses, by the versions that were replaced and when theirs do; `None`
/// while it counts.
///
/// The earliest of its own term and of those of the versions after it: an older proof is never
/// worth more than a newer one, and a term that ended does not begin anew with the next version.
pub fn lapse_of(
    replaced: impl IntoIterator<Item = (u32, Timestamp)>,
    version: u32,
) -> Option<Timestamp> {
    let later = replaced.into_iter().filter(|(old, _)| *old >= version);
    later.map(|(_, lapses_at)| lapses_at).min()
}

impl Module {
    /// A first version of so long a video, with nothing special.
    pub fn new(version: u32, duration: Millis) -> Result<Self, ModuleError> {
        let module = Self {
            version,
            duration,
            ignored_tail: Millis::ZERO,
            must_see: Coverage::new(),
            replaced: Vec::new(),
        };
        module.check()?;
        Ok(module)
    }

    /// Checks a module before it is stored; the engine itself is safe with any values.
    pub fn check(&self) -> Result<(), ModuleError> {
        if self.duration.is_zero() || self.duration > MAX_POSITION {
            return Err(ModuleError::Duration);
        }
        if self.ignored_tail >= self.duration {
            return Err(ModuleError::IgnoredTail);
        }
        let end = self.required_range().to();
        if self.must_see.intervals().last().is_some_and(|last| last.to() > end) {
            return Err(ModuleError::MustSee);
        }
        Ok(())
    }

    /// The versions before the one that follows this one, where it changes so much of it.
    ///
    /// A length that changed is a change too: what lies beyond the shorter of both is taken for
    /// changed, whatever was declared. The oldest of many versions are forgotten.
    pub fn replaced_by(
        &self,
        duration: Millis,
        change: Change,
        lapses_at: Timestamp,
    ) -> Vec<Replaced> {
        let beyond = Interval::new(self.duration.min(duration), self.duration.max(duration));
        let change = match change {
            Change::Everything => Change::Everything,
            Change::Segments(mut parts) => {
                parts.insert(beyond);
                Change::Segments(parts)
            }
        };
        let mut replaced = self.replaced.clone();
        if replaced.len() >= MAX_REPLACED {
            replaced.remove(0);
        }
        replaced.push(Replaced { version: self.version, change, lapses_at });
        replaced
    }

    /// When a proof of a version lapses; `None` while that version is in force.
    pub fn lapse_of(&self, version: u32) -> Option<Timestamp> {
        lapse_of(self.replaced.iter().map(|old| (old.version, old.lapses_at)), version)
    }

    /// What changed since a version; `None` where everything did, or nobody knows any more.
    pub fn changed_since(&self, version: u32) -> Option<Coverage> {
        let mut changed = Coverage::new();
        let mut expected = version;
        for old in self.replaced.iter().filter(|old| old.version >= version) {
            match &old.change {
                Change::Segments(parts) if old.version == expected => {
                    changed = changed.union(parts);
                }
                Change::Segments(_) | Change::Everything => return None,
            }
            expected = expected.checked_add(1)?;
        }
        (expected == self.version).then_some(changed)
    }

    /// The part that counts: everything but the ignored tail.
    pub fn required_range(&self) -> Interval {
        Interval::new(Millis::ZERO, self.duration.minus(self.ignored_tail))
    }
}

/// Why a module cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ModuleError {
    /// Empty, or longer than a day.
    #[error("the duration has to be above zero and at most one day")]
    Duration,
    /// Nothing would be left to watch.
    #[error("the ignored tail has to be shorter than the module")]
    IgnoredTail,
    /// A part that cannot be watched would be demanded.
    #[error("a part that has to be seen ends after the required part of the module")]
    MustSee,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_above_zero_and_at_most_a_day() {
        assert_eq!(Module::new(1, Millis::ZERO), Err(ModuleError::Duration));
        assert!(Module::new(1, Millis::new(1)).is_ok());
        assert!(Module::new(1, MAX_POSITION).is_ok());
        let longer = MAX_POSITION.plus(Millis::new(1));
        assert_eq!(Module::new(1, longer), Err(ModuleError::Duration));
    }

    #[test]
    fn the_tail_leaves_something_to_watch() {
        let mut module = Module::new(1, Millis::new(100)).unwrap();
        module.ignored_tail = Millis::new(99);
        assert_eq!(module.check(), Ok(()));
        assert_eq!(module.required_range().length(), Millis::new(1));
        module.ignored_tail = Millis::new(100);
        assert_eq!(module.check(), Err(ModuleError::IgnoredTail));
    }

    #[test]
    fn a_record_with_a_hole_explains_nothing() {
        let lapses_at = Timestamp::UNIX_EPOCH;
        let replaced = |version| {
            let change = Change::Segments(Coverage::new());
            Replaced { version, change, lapses_at }
        };
        let mut module = Module::new(3, Millis::new(100)).unwrap();
        module.replaced = [1, 2].map(replaced).to_vec();
        assert_eq!(module.changed_since(1), Some(Coverage::new()));
        // As many as there are from one to three, but not the right ones.
        module.replaced = [2, 3].map(replaced).to_vec();
        assert_eq!(module.changed_since(1), None);
    }

    #[test]
    fn what_must_be_seen_lies_in_the_required_part() {
        let mut module = Module::new(1, Millis::new(100)).unwrap();
        module.ignored_tail = Millis::new(10);
        module.must_see.insert(Interval::new(Millis::new(80), Millis::new(90)));
        assert_eq!(module.check(), Ok(()));
        module.must_see.insert(Interval::new(Millis::new(90), Millis::new(91)));
        assert_eq!(module.check(), Err(ModuleError::MustSee));
    }
}
