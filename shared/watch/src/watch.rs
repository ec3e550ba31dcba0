//! What is kept about one person and one module.
//!
//! Invariant: within a version the coverage only grows and a completion stays.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::coverage::Coverage;
use crate::units::Millis;
use crate::version::Proof;

/// The most tabs one module may be open in; the longest silent one gives way.
pub const MAX_SESSIONS: usize = 8;

// How many answers a session remembers for messages that arrive again.
const REMEMBERED_REPLIES: usize = 4;

/// Everything watched by one person in one module; stored once for the pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Watch {
    /// The version of the module that is being watched.
    pub version: u32,
    /// What was credited.
    pub coverage: Coverage,
    /// The base point of the first session: nothing was played before it.
    pub first_opened_at: Timestamp,
    /// When completion was reached in this version.
    #[serde(default)]
    pub completed_at: Option<Timestamp>,
    /// The completion of an earlier version.
    #[serde(default)]
    pub earlier_proof: Option<Proof>,
    /// Counters for a human to look at.
    #[serde(default)]
    pub tallies: Tallies,
    /// The open tabs, the longest silent first.
    #[serde(default)]
    pub sessions: Vec<Session>,
}

impl Watch {
    /// A watch with nothing in it.
    pub const fn new(version: u32, now: Timestamp) -> Self {
        Self {
            version,
            coverage: Coverage::new(),
            first_opened_at: now,
            completed_at: None,
            earlier_proof: None,
            tallies: Tallies::NONE,
            sessions: Vec::new(),
        }
    }

    /// An open session by its id.
    pub fn session(&self, id: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// The position to resume at: that of the session heard last (S0-076).
    pub fn last_position(&self) -> Option<Millis> {
        self.sessions.last().map(|session| session.position)
    }

    /// Puts a session back, or a new one in the place of the longest silent.
    pub(crate) fn keep(&mut self, session: Session) {
        self.sessions.retain(|known| known.id != session.id);
        if self.sessions.len() >= MAX_SESSIONS {
            self.sessions.remove(0);
        }
        self.sessions.push(session);
    }
}

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The random id the caller gave it.
    pub id: String,
    /// The highest sequence counted.
    pub sequence: u64,
    /// Where its play head stands.
    #[serde(rename = "positionMs")]
    pub position: Millis,
    /// When a message of it last counted.
    pub last_counted_at: Timestamp,
    /// The server time between its last two counted messages.
    #[serde(rename = "lastIntervalMs")]
    pub last_interval: Millis,
    /// What was answered to the latest messages, oldest first.
    pub replies: Vec<Reply>,
}

/// What one message was credited with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The message.
    pub sequence: u64,
    /// Position credited, watched before or not.
    #[serde(rename = "acceptedMs")]
    pub accepted: Millis,
    /// Position claimed and not credited.
    #[serde(rename = "rejectedMs")]
    pub rejected: Millis,
}

impl Session {
    /// What was answered to a message, if it is remembered.
    pub fn reply(&self, sequence: u64) -> Option<Reply> {
        self.replies.iter().find(|reply| reply.sequence == sequence).copied()
    }

    pub(crate) fn remember(&mut self, reply: Reply) {
        if self.replies.len() >= REMEMBERED_REPLIES {
            self.replies.remove(0);
        }
        self.replies.push(reply);
    }
}

/// Counters over all sessions of a watch; evidence, never a reason to deny.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tallies {
    /// Messages counted, openings aside.
    pub beats: u64,
    /// Messages from a page that was not visible.
    pub hidden_beats: u64,
    /// Messages that came after the same interval as the one before, to 20 ms.
    pub even_beats: u64,
    /// Jumps of the play head (S0-077).
    pub seeks: u64,
    /// What was jumped over forwards (S0-077).
    #[serde(rename = "skippedForwardMs")]
    pub skipped_forward: Millis,
    /// All that was credited, watched before or not.
    #[serde(rename = "acceptedMs")]
    pub accepted: Millis,
    /// All that was claimed and cut.
    #[serde(rename = "cutMs")]
    pub cut: Millis,
    /// Segments whose own wall time does not fit their length and rate.
    pub contradictions: u64,
}

impl Tallies {
    /// Nothing counted yet.
    pub const NONE: Self = Self {
        beats: 0,
        hidden_beats: 0,
        even_beats: 0,
        seeks: 0,
        skipped_forward: Millis::ZERO,
        accepted: Millis::ZERO,
        cut: Millis::ZERO,
        contradictions: 0,
    };
}
