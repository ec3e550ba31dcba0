//! A training module: a video whose length the server knows.

use interlock_policy::ModuleId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys;
use crate::ports::store::{Document, Indexes, Key};

/// A training module (S0-037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Module {
    /// Which.
    pub id: ModuleId,
    /// Shown title.
    pub title: String,
    /// Counts up when the video changes.
    pub version: u32,
    /// Length of the video; the authority, whatever a player says.
    pub duration_seconds: u32,
    /// Where the video is, if at YouTube.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub youtube_video_id: Option<String>,
    /// Whether it can be watched.
    pub active: bool,
    /// When made.
    pub created_at: Timestamp,
}

impl Module {
    /// Index partition of all modules.
    pub const PARTITION: &'static str = "MODULES";

    /// Address of a module.
    pub fn key_of(id: &ModuleId) -> Key {
        keys::single(format!("MODULE#{id}"), "MODULE")
    }
}

impl Document for Module {
    const KIND: &'static str = "module";

    fn key(&self) -> Key {
        Self::key_of(&self.id)
    }

    fn indexes(&self) -> Indexes {
        Indexes { one: Some(Key::new(Self::PARTITION, self.id.as_str())), two: None }
    }
}
