//! A training module: a video whose length the server knows, in versions.

use std::collections::{BTreeMap, BTreeSet};

use interlock_policy::ModuleId;
use interlock_watch::{Coverage, Millis, Replaced, Rules, lapse_of};
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
    /// Credits at the end that nobody has to watch, in seconds.
    #[serde(default)]
    pub ignored_tail_seconds: u32,
    /// Parts that have to be seen wholly.
    #[serde(default)]
    pub must_see: Coverage,
    /// Modules to be completed before this one.
    #[serde(default)]
    pub prerequisites: Vec<ModuleId>,
    /// How watching is credited and when it suffices (S0-078).
    #[serde(default)]
    pub rules: Rules,
    /// The versions before this one, oldest first.
    #[serde(default)]
    pub replaced: Vec<Replaced>,
    /// When made.
    pub created_at: Timestamp,
}

impl Module {
    /// Index partition of all modules.
    pub const PARTITION: &'static str = "MODULES";

    /// The first version of a module with nothing special.
    pub fn first(id: ModuleId, title: &str, duration_seconds: u32, created_at: Timestamp) -> Self {
        Self {
            id,
            title: title.to_owned(),
            version: 1,
            duration_seconds,
            youtube_video_id: None,
            active: true,
            ignored_tail_seconds: 0,
            must_see: Coverage::new(),
            prerequisites: Vec::new(),
            rules: Rules::default(),
            replaced: Vec::new(),
            created_at,
        }
    }

    /// Address of a module.
    pub fn key_of(id: &ModuleId) -> Key {
        keys::single(format!("MODULE#{id}"), "MODULE")
    }

    /// As the watch engine sees it.
    pub fn engine(&self) -> interlock_watch::Module {
        let seconds = |count: u32| Millis::from_seconds(u64::from(count));
        interlock_watch::Module {
            version: self.version,
            duration: seconds(self.duration_seconds),
            ignored_tail: seconds(self.ignored_tail_seconds),
            must_see: self.must_see.clone(),
            replaced: self.replaced.clone(),
        }
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

/// What the gate must know of all modules, in one record so that a verdict costs one more key and
/// no more reads; written in the transaction that changes a module.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModuleTerms {
    /// Modules of which there is something to know.
    pub modules: BTreeMap<ModuleId, Terms>,
}

/// What the gate must know of one module.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// Versions that were replaced, each with when its proofs lapse.
    pub lapses: Vec<(u32, Timestamp)>,
    /// Modules to be completed before it; here too, so that two edits that would close a circle
    /// race on this record.
    pub prerequisites: Vec<ModuleId>,
}

impl ModuleTerms {
    /// Address of the one record.
    pub fn the_key() -> Key {
        keys::single("MODULES".to_owned(), "TERMS")
    }

    /// When a proof of a version lapses (FEATURES 5.4 rule 10); `None` while it counts.
    pub fn lapse_of(&self, module_id: &ModuleId, version: u32) -> Option<Timestamp> {
        let terms = self.modules.get(module_id)?;
        lapse_of(terms.lapses.iter().copied(), version)
    }

    /// Takes over what a module says.
    pub fn note(&mut self, module: &Module) {
        let lapses = module.replaced.iter().map(|old| (old.version, old.lapses_at)).collect();
        let terms = Terms { lapses, prerequisites: module.prerequisites.clone() };
        if terms == Terms::default() {
            self.modules.remove(&module.id);
        } else {
            self.modules.insert(module.id.clone(), terms);
        }
    }

    /// Whether `wanted` is needed, at however many steps, before `module_id`.
    pub fn builds_on(&self, module_id: &ModuleId, wanted: &ModuleId) -> bool {
        let (mut todo, mut seen) = (vec![module_id], BTreeSet::new());
        while let Some(next) = todo.pop() {
            if next == wanted {
                return true;
            }
            if seen.insert(next) {
                todo.extend(self.modules.get(next).into_iter().flat_map(|it| &it.prerequisites));
            }
        }
        false
    }
}

impl Document for ModuleTerms {
    const KIND: &'static str = "module_terms";

    fn key(&self) -> Key {
        Self::the_key()
    }
}
