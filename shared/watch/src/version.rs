//! New versions of a module (FEATURES 5.4 rule 10).
//!
//! Invariant: only content that did not change keeps its credit, and an old proof ends.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::coverage::Coverage;
use crate::module::{Change, Module};
use crate::rules::Rules;
use crate::watch::Watch;

/// The completion of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// The version completed.
    pub version: u32,
    /// When.
    pub completed_at: Timestamp,
}

/// How a person stands with a module at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The version in force is completed.
    Current(Proof),
    /// An earlier version is, and its grace term runs.
    Grace {
        /// The completion of the earlier version.
        proof: Proof,
        /// When the term ends; that instant is outside.
        until: Timestamp,
    },
    /// Neither.
    Missing,
}

/// Brings a watch to the version in force; the same version changes nothing.
///
/// What changed since the version directly before is taken out. A watch of any other version
/// starts anew, for nobody knows what changed in between. Open sessions end: their pages play the
/// old content.
#[must_use]
pub fn carry_over(watch: Watch, module: &Module) -> Watch {
    if watch.version == module.version {
        return watch;
    }
    let proof =
        watch.completed_at.map(|completed_at| Proof { version: watch.version, completed_at });
    let directly_before = watch.version.checked_add(1) == Some(module.version);
    let coverage = match &module.change {
        Change::Segments(changed) if directly_before => {
            watch.coverage.without(changed).before(module.duration)
        }
        Change::Segments(_) | Change::Everything => Coverage::new(),
    };
    Watch {
        version: module.version,
        coverage,
        completed_at: None,
        earlier_proof: proof.or(watch.earlier_proof),
        sessions: Vec::new(),
        ..watch
    }
}

/// Judges a completion against the version in force at `instant`.
pub fn standing(watch: &Watch, module: &Module, rules: &Rules, instant: Timestamp) -> Standing {
    let own = watch.completed_at.map(|completed_at| Proof { version: watch.version, completed_at });
    let Some(proof) = own.or(watch.earlier_proof) else {
        return Standing::Missing;
    };
    if proof.version == module.version {
        return Standing::Current(proof);
    }
    let term = SignedDuration::from_hours(i64::from(rules.version_grace_days).saturating_mul(24));
    let Some(until) = module.in_force_since.and_then(|since| since.checked_add(term).ok()) else {
        return Standing::Missing;
    };
    if instant < until { Standing::Grace { proof, until } } else { Standing::Missing }
}
