//! A difference between Cal.com and us, and what was done about it.

use interlock_policy::{FindingId, Id, Interval, ReservationId, ResourceId, RunId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

/// What kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl FindingClass {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::CancelledAtCalcom => "cancelled_at_calcom",
            Self::MovedAtCalcom => "moved_at_calcom",
            Self::OutcomeSettled => "outcome_settled",
            Self::Orphan => "orphan",
            Self::External => "external",
            Self::Forgotten => "forgotten",
            Self::Conflict => "conflict",
            Self::Missing => "missing",
            Self::MappingBroken => "mapping_broken",
        }
    }

    /// How a finding of this class begins: repaired by the run, or waiting for a person.
    pub fn first_state(self) -> FindingState {
        match self {
            Self::CancelledAtCalcom
            | Self::MovedAtCalcom
            | Self::OutcomeSettled
            | Self::Orphan
            | Self::External
            | Self::Forgotten => FindingState::Repaired,
            Self::Conflict | Self::Missing | Self::MappingBroken => FindingState::Open,
        }
    }
}

/// Whether anybody must still look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// Repaired by the run.
    Repaired,
    /// Waits for a person.
    Open,
    /// Closed by a person, or gone when a run looked again.
    Resolved,
}

impl FindingState {
    /// Index partition of findings in this state.
    pub fn partition(self) -> &'static str {
        match self {
            Self::Repaired => "FINDINGS#repaired",
            Self::Open => "FINDINGS#open",
            Self::Resolved => "FINDINGS#resolved",
        }
    }
}

/// How one side stood; never a uid, never a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// State, in the side's own word.
    pub status: String,
    /// Time, where there is one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// Who closed a finding, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// The person; absent where a run found the difference gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// What the person wrote, or `gone`.
    pub note: String,
    /// When.
    pub at: Timestamp,
    /// First instant at which the same difference, if a run sees it then, is open again; absent
    /// for one that stays closed while nothing about it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Resolution {
    /// Whether it still counts.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A difference. The same one seen again is the same finding: its id follows from class and
/// subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which.
    pub id: FindingId,
    /// The run that saw it last.
    pub run_id: RunId,
    /// What kind.
    pub class: FindingClass,
    /// Our reservation, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation_id: Option<ReservationId>,
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<ResourceId>,
    /// How our side stood, if we had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ours: Option<Side>,
    /// How Cal.com's side stood, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Side>,
    /// What was done, in a stable word.
    pub action: String,
    /// Whether anybody must still look.
    pub state: FindingState,
    /// Who closed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
    /// How often it was seen.
    pub count: u32,
    /// When it is expendable; an open one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Finding {
    /// The id of a difference of a class about a subject. The subject is hashed, because it may
    /// be the name of a booking.
    pub fn id_of(class: FindingClass, subject: &str) -> Option<FindingId> {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(format!("{}\n{subject}", class.word()));
        Id::from_body(hex::encode(digest).get(..26)?).ok()
    }

    /// Address of a finding.
    pub fn key_of(id: &FindingId) -> Key {
        Key::new(format!("FINDING#{id}"), "FINDING")
    }
}

impl Document for Finding {
    const KIND: &'static str = "finding";
    const SCHEMA: u32 = 2;

    fn key(&self) -> Key {
        Self::key_of(&self.id)
    }

    fn indexes(&self) -> Indexes {
        let sort = keys::by_time(self.last_seen, self.id.as_str());
        Indexes { one: Some(Key::new(self.state.partition(), sort)), two: None }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// The first shape was one finding for each sight, at one instant.
    fn upgrade(_schema: u32, mut body: Value) -> Value {
        if let Some(fields) = body.as_object_mut() {
            let at = fields.remove("at").unwrap_or_default();
            fields.insert("firstSeen".to_owned(), at.clone());
            fields.insert("lastSeen".to_owned(), at);
            fields.insert("count".to_owned(), json!(1));
        }
        body
    }
}
