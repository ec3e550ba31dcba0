//! The numbers a viewer is shown.
//!
//! Invariant: they are computed from the stored coverage alone, never from a claim.

use jiff::Timestamp;

use crate::interval::Interval;
use crate::module::Module;
use crate::rules::Rules;
use crate::units::{BasisPoints, Millis};
use crate::watch::Watch;

/// How far somebody is in a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is covered of the required part; never more than its length.
    pub covered: Millis,
    /// The same as a share, rounded down.
    pub share: BasisPoints,
    /// What is left to watch: gaps beyond the sampling tolerance, or every gap where only those
    /// within it are left and the share is still short.
    pub gaps: Vec<Interval>,
    /// The longest of these, zero where there are none.
    pub largest_gap: Millis,
    /// When the module was completed in this version.
    pub completed_at: Option<Timestamp>,
}

/// Measures a watch against the module.
pub fn progress(watch: &Watch, module: &Module, rules: &Rules) -> Progress {
    let range = module.required_range();
    let covered = watch.coverage.length_within(range);
    let every_gap = watch.coverage.gaps_within(range);
    let mut gaps: Vec<_> =
        every_gap.iter().copied().filter(|gap| gap.length() > rules.sampling_tolerance).collect();
    let short = covered < rules.completion.required_of(range.length());
    if gaps.is_empty() && short {
        gaps = every_gap;
    }
    Progress {
        covered,
        share: BasisPoints::of(covered, range.length()),
        largest_gap: gaps.iter().map(|gap| gap.length()).max().unwrap_or_default(),
        gaps,
        completed_at: watch.completed_at,
    }
}
