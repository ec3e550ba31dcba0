//! How far reconciliation has come, what a run did, and what it found.

use interlock_policy::{FindingId, ReservationId, ResourceId, RunId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

/// Where a pass goes on; written after each slice, so a killed run loses one slice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// Which pass: `incremental` or `full`.
    pub pass: String,
    /// Changes before this instant have been seen, by Cal.com's clock.
    pub seen_until: Timestamp,
    /// The run that wrote it.
    pub run_id: RunId,
}

impl Checkpoint {
    /// Address of a pass's checkpoint.
    pub fn key_of(pass: &str) -> Key {
        Key::new("RECONCILE", format!("CHECKPOINT#{pass}"))
    }
}

impl Document for Checkpoint {
    const KIND: &'static str = "checkpoint";

    fn key(&self) -> Key {
        Self::key_of(&self.pass)
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// Which pass.
    pub pass: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Bookings and reservations compared.
    pub checked: u32,
    /// Differences repaired.
    pub repaired: u32,
    /// When it is expendable.
    pub expires_at: Timestamp,
}

impl Document for Run {
    const KIND: &'static str = "run";

    fn key(&self) -> Key {
        Key::new(format!("RUN#{}", self.id), "RUN")
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.started_at, self.id.as_str());
        Indexes { one: Some(Key::new("RUNS", sort)), two: None }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// What kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingClass {
    /// Ended at Cal.com, open here.
    CancelledAtCalcom,
    /// At another time at Cal.com than here.
    MovedAtCalcom,
    /// Open here in doubt, settled by the run.
    OutcomeSettled,
    /// Ended here, a booking stood at Cal.com.
    Orphan,
    /// A booking at Cal.com that was not made here.
    External,
    /// A booking made for a reservation that the table does not know: the table was restored to an
    /// instant before it (promise R19).
    Forgotten,
    /// A booking at Cal.com on time that somebody else holds here.
    Conflict,
    /// Open here, and Cal.com knows no such booking; nothing is done on doubt (promise R17).
    Missing,
    /// A kind at Cal.com no longer meets the preconditions.
    MappingBroken,
}

/// Whether anybody must still look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// Repaired by the run.
    Repaired,
    /// Waits for a person.
    Open,
}

/// A difference between Cal.com and us, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// In which run.
    pub run_id: RunId,
    /// What kind.
    pub class: FindingClass,
    /// Our reservation, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
    /// What was done, in a stable word.
    pub action: String,
    /// Whether anybody must still look.
    pub state: FindingState,
    /// When.
    pub at: Timestamp,
}

impl Document for Finding {
    const KIND: &'static str = "finding";

    fn key(&self) -> Key {
        Key::new(format!("FINDING#{}", self.id), "FINDING")
    }

    fn indexes(&self) -> Indexes {
        let state = match self.state {
            FindingState::Repaired => "FINDINGS#repaired",
            FindingState::Open => "FINDINGS#open",
        };
        let sort = keys::by_time(self.at, self.id.as_str());
        Indexes { one: Some(Key::new(state, sort)), two: None }
    }
}
