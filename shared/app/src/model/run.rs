//! What a run of reconciliation did.

use std::collections::BTreeMap;

use interlock_policy::RunId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// At work, or to be gone on with by the next slice.
    Running,
    /// Came to its end.
    #[default]
    Finished,
    /// Ended before its end: part of it failed, or a younger run began anew.
    Abandoned,
}

/// One run, of one slice or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// Which pass.
    pub pass: String,
    /// Whether it goes on.
    #[serde(default)]
    pub state: RunState,
    /// Invocations that worked on it.
    #[serde(default)]
    pub slices: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Bookings and reservations compared.
    pub checked: u32,
    /// Differences repaired.
    pub repaired: u32,
    /// Differences found, by class.
    #[serde(default)]
    pub found: BTreeMap<String, u32>,
    /// Parts that failed and must be looked at again.
    #[serde(default)]
    pub failed: u32,
    /// Why it was abandoned, in a stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it is expendable.
    pub expires_at: Timestamp,
}

impl Run {
    /// Index partition of all runs, by start.
    pub const PARTITION: &'static str = "RUNS";

    /// Address of a run.
    pub fn key_of(id: &RunId) -> Key {
        Key::new(format!("RUN#{id}"), "RUN")
    }
}

impl Document for Run {
    const KIND: &'static str = "run";

    fn key(&self) -> Key {
        Self::key_of(&self.id)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.started_at, self.id.as_str());
        Indexes { one: Some(Key::new(Self::PARTITION, sort)), two: None }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
