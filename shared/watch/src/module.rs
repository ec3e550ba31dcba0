//! A training module as far as watching is concerned.
//!
//! Invariant: the length comes from the server, never from a client (FEATURES 5.4 rule 1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::coverage::Coverage;
use crate::interval::Interval;
use crate::units::{MAX_POSITION, Millis};

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
    /// What differs from the version before.
    #[serde(default)]
    pub change: Change,
    /// When this version came into force; absent for the first.
    #[serde(default)]
    pub in_force_since: Option<Timestamp>,
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

impl Module {
    /// A first version of so long a video, with nothing special.
    pub fn new(version: u32, duration: Millis) -> Result<Self, ModuleError> {
        let module = Self {
            version,
            duration,
            ignored_tail: Millis::ZERO,
            must_see: Coverage::new(),
            change: Change::default(),
            in_force_since: None,
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
    fn what_must_be_seen_lies_in_the_required_part() {
        let mut module = Module::new(1, Millis::new(100)).unwrap();
        module.ignored_tail = Millis::new(10);
        module.must_see.insert(Interval::new(Millis::new(80), Millis::new(90)));
        assert_eq!(module.check(), Ok(()));
        module.must_see.insert(Interval::new(Millis::new(90), Millis::new(91)));
        assert_eq!(module.check(), Err(ModuleError::MustSee));
    }
}
