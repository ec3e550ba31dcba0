//! New versions of a module (FEATURES 5.4 rule 10).
//!
//! Invariant: only content that did not change keeps its credit, and an old proof ends.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::module::Module;
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
/// What changed since the watched version is taken out; where that is not known, or everything
/// changed, the watch starts anew. Open sessions end: their pages play the old content.
#[must_use]
pub fn carry_over(watch: Watch, module: &Module) -> Watch {
    if watch.version == module.version {
        return watch;
    }
    let proof =
        watch.completed_at.map(|completed_at| Proof { version: watch.version, completed_at });
    let changed = module.changed_since(watch.version);
    let kept = changed.map(|changed| watch.coverage.without(&changed).before(module.duration));
    Watch {
        version: module.version,
        coverage: kept.unwrap_or_default(),
        completed_at: None,
        earlier_proof: proof.or(watch.earlier_proof),
        sessions: Vec::new(),
        ..watch
    }
}

/// Judges a completion against the version in force at `instant`.
pub fn standing(watch: &Watch, module: &Module, instant: Timestamp) -> Standing {
    let own = watch.completed_at.map(|completed_at| Proof { version: watch.version, completed_at });
    let Some(proof) = own.or(watch.earlier_proof) else {
        return Standing::Missing;
    };
    if proof.version == module.version {
        return Standing::Current(proof);
    }
    match module.lapse_of(proof.version) {
        Some(until) if instant < until => Standing::Grace { proof, until },
        Some(_) | None => Standing::Missing,
    }
}
