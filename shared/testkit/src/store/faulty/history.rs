//! What the newest writes wrote over.
//!
//! It reaches back as far as an index may lag and no further.

use std::collections::{BTreeMap, VecDeque};

use interlock_app::ports::store::{Key, Record};
use jiff::Timestamp;

use super::rates::Lag;
use crate::draws::Draws;

#[derive(Debug)]
struct Write {
    at: Timestamp,
    key: Key,
    before: Option<Record>,
}

/// Writes, oldest first.
#[derive(Debug, Default)]
pub(super) struct History {
    writes: VecDeque<Write>,
}

impl History {
    /// Adds a write by what was there before it.
    pub(super) fn remember(&mut self, at: Timestamp, key: Key, before: Option<Record>) {
        self.writes.push_back(Write { at, key, before });
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        self.writes.clear();
    }

    /// Drops what no index may lack any more.
    pub(super) fn forget(&mut self, lag: Lag, now: Timestamp) {
        match lag {
            Lag::Writes(most) => {
                let beyond = self.writes.len().saturating_sub(most);
                self.writes.drain(..beyond);
            }
            Lag::Time(most) => self.writes.retain(|write| now.duration_since(write.at) < most),
        }
    }

    /// Each key written lately as it was: before all of those writes, or, where records lag
    /// apart, before any number of them, none included.
    pub(super) fn past(&self, torn: bool, draws: &Draws) -> BTreeMap<Key, Option<Record>> {
        let mut states: BTreeMap<&Key, Vec<&Option<Record>>> = BTreeMap::new();
        for write in &self.writes {
            states.entry(&write.key).or_default().push(&write.before);
        }
        let mut past = BTreeMap::new();
        for (key, befores) in states {
            let count = u64::try_from(befores.len()).unwrap_or(u64::MAX);
            let at = if torn { draws.below(count + 1) } else { 0 };
            // The state after the last write is the present one.
            let before = usize::try_from(at).ok().and_then(|at| befores.get(at).copied());
            if let Some(before) = before {
                past.insert(key.clone(), before.clone());
            }
        }
        past
    }
}
