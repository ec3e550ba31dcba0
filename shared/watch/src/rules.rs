//! The numbers a training is judged by.
//!
//! Invariant: the defaults are PRODUCT 7 and FEATURES 5.4, and no value can credit more than
//! twice the server's time.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::units::{BasisPoints, Millis, Rate};

/// How watching is credited and when it suffices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Rules {
    /// How often a playing page reports; at most three of these are credited at once.
    #[serde(rename = "cadenceMs")]
    pub cadence: Millis,
    /// The share of the module that has to be covered.
    #[serde(rename = "completionBasisPoints")]
    pub completion: BasisPoints,
    /// The longest stretch that may stay unwatched; zero asks for every segment (S0-078).
    #[serde(rename = "longestGapMs")]
    pub longest_gap: Millis,
    /// The fastest playback that is credited in full; above [`Rate::HIGHEST`] it counts as that.
    #[serde(rename = "maxRatePermille")]
    pub max_rate: Rate,
    /// Gaps up to this length come from sampling and are never held against anybody.
    #[serde(rename = "samplingToleranceMs")]
    pub sampling_tolerance: Millis,
    /// The size of the one grace bucket a person has.
    #[serde(rename = "graceMs")]
    pub grace: Millis,
    /// Covered time that is needed whatever the share says (S0-038).
    #[serde(rename = "minimumWatchedMs")]
    pub minimum_watched: Option<Millis>,
    /// How many days a proof of the version before stays good where a change does not say.
    pub version_grace_days: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            cadence: Millis::from_seconds(5),
            completion: BasisPoints::from_percent(90),
            longest_gap: Millis::from_seconds(15),
            max_rate: Rate::from_permille(1500),
            sampling_tolerance: Millis::from_seconds(3),
            grace: Millis::from_seconds(1),
            minimum_watched: None,
            version_grace_days: 30,
        }
    }
}

impl Rules {
    /// Checks rules before they are stored; the engine itself is safe with any values.
    pub fn check(&self) -> Result<(), RulesError> {
        if self.cadence < Millis::from_seconds(1) || self.cadence > Millis::from_seconds(60) {
            return Err(RulesError::Cadence);
        }
        if self.max_rate < Rate::NORMAL || self.max_rate > Rate::HIGHEST {
            return Err(RulesError::MaxRate);
        }
        if self.grace > Millis::from_seconds(2) {
            return Err(RulesError::Grace);
        }
        if self.completion == BasisPoints::default() {
            return Err(RulesError::Completion);
        }
        Ok(())
    }

    /// The rate credit is given at, whatever was configured.
    pub fn credited_rate(&self) -> Rate {
        self.max_rate.min(Rate::HIGHEST)
    }

    /// The longest stretch of server time one beat can earn from: three cadences.
    pub fn longest_credit(&self) -> Millis {
        self.cadence.times(3)
    }

    /// The longest gap that does not stand in the way of completion.
    pub fn tolerated_gap(&self) -> Millis {
        self.longest_gap.max(self.sampling_tolerance)
    }
}

/// Why rules cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RulesError {
    /// The cadence is outside one second to one minute.
    #[error("the cadence has to be between 1 s and 60 s")]
    Cadence,
    /// The rate is outside normal to double speed.
    #[error("the credited rate has to be between 1 and 2")]
    MaxRate,
    /// The grace bucket would break the promise of R22.
    #[error("the grace has to be at most 2 s")]
    Grace,
    /// Nothing would have to be watched.
    #[error("the completion share has to be above zero")]
    Completion,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: impl FnOnce(&mut Rules)) -> Result<(), RulesError> {
        let mut rules = Rules::default();
        change(&mut rules);
        rules.check()
    }

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(Rules::default().check(), Ok(()));
        assert_eq!(Rules::default().longest_credit(), Millis::from_seconds(15));
    }

    #[test]
    fn each_bound_holds_at_and_just_beyond() {
        assert_eq!(changed(|r| r.cadence = Millis::new(999)), Err(RulesError::Cadence));
        assert_eq!(changed(|r| r.cadence = Millis::new(1000)), Ok(()));
        assert_eq!(changed(|r| r.cadence = Millis::new(60_000)), Ok(()));
        assert_eq!(changed(|r| r.cadence = Millis::new(60_001)), Err(RulesError::Cadence));
        assert_eq!(changed(|r| r.max_rate = Rate::from_permille(999)), Err(RulesError::MaxRate));
        assert_eq!(changed(|r| r.max_rate = Rate::from_permille(1000)), Ok(()));
        assert_eq!(changed(|r| r.max_rate = Rate::from_permille(2000)), Ok(()));
        assert_eq!(changed(|r| r.max_rate = Rate::from_permille(2001)), Err(RulesError::MaxRate));
        assert_eq!(changed(|r| r.grace = Millis::new(2000)), Ok(()));
        assert_eq!(changed(|r| r.grace = Millis::new(2001)), Err(RulesError::Grace));
        assert_eq!(changed(|r| r.completion = BasisPoints::new(1)), Ok(()));
        assert_eq!(changed(|r| r.completion = BasisPoints::new(0)), Err(RulesError::Completion));
    }

    #[test]
    fn a_rate_beyond_the_highest_is_credited_as_the_highest() {
        let rules = Rules { max_rate: Rate::from_permille(9000), ..Rules::default() };
        assert_eq!(rules.credited_rate(), Rate::HIGHEST);
    }

    #[test]
    fn sampling_gaps_are_tolerated_even_where_every_segment_is_asked_for() {
        let rules = Rules { longest_gap: Millis::ZERO, ..Rules::default() };
        assert_eq!(rules.tolerated_gap(), Millis::from_seconds(3));
    }
}
