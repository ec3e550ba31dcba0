//! A chain in a file: one JSON object a line, in the one order an export has.
//!
//! A day's entries come shard by shard, each by its places, and then the day's seals.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::address::{SHARDS, day_of, time_of};
use crate::canonical::canonical;
use crate::fault::{Fault, What};
use crate::seal::{Seal, check_seals};
use crate::walk::Walk;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum Line {
    /// An entry at its place.
    Entry {
        /// Shard.
        shard: u8,
        /// Place within the shard's day.
        sort: String,
        /// Content.
        entry: Value,
    },
    /// A seal.
    Seal {
        /// Content.
        seal: Seal,
    },
}

impl Line {
    /// Where it stands in a file.
    fn place(&self) -> Option<(Date, u8, String)> {
        match self {
            Self::Entry { shard, sort, .. } => Some((day_of(time_of(sort)?), *shard, sort.clone())),
            Self::Seal { seal } => {
                Some((day_of(seal.from), SHARDS, format!("{:020}", seal.sequence)))
            }
        }
    }
}

/// What is known of a chain from elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Anchors<'a> {
    /// Root before the first line; absent where the chain is whole from its first seal.
    pub base: Option<&'a str>,
    /// Root of the last seal. Without it nobody can know that the end was not cut off.
    pub root: Option<&'a str>,
}

/// What a file holds and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Entries.
    pub entries: usize,
    /// Seals.
    pub seals: usize,
    /// Root of the last seal.
    pub root: Option<String>,
    /// What is wrong; nothing means that the file is as it was sealed.
    pub faults: Vec<Fault>,
}

/// Judges a file.
pub fn check_lines<'l>(lines: impl IntoIterator<Item = &'l str>, anchors: Anchors<'_>) -> Summary {
    let mut faults = Vec::new();
    let (mut entries, mut seals) = (Vec::new(), Vec::new());
    let mut last = None;
    for text in lines {
        let Some((place, line)) = read(text) else {
            faults.push(Fault::whole(What::Unreadable));
            continue;
        };
        if last.as_ref().is_some_and(|last| place <= *last) {
            faults.push(Fault::whole(What::OutOfOrder));
        }
        last = Some(place);
        match line {
            Line::Entry { shard, sort, entry } => entries.push((shard, sort, entry)),
            Line::Seal { seal } => seals.push(seal),
        }
    }
    faults.extend(check_seals(&seals, anchors.base));
    for shard in 0..SHARDS {
        let mut walk = Walk::new(&seals, shard);
        for (_, sort, entry) in entries.iter().filter(|(own, _, _)| *own == shard) {
            walk.entry(sort, entry);
        }
        faults.extend(walk.finish());
    }
    let strange = entries.iter().filter(|(shard, _, _)| *shard >= SHARDS);
    faults.extend(strange.map(|_| Fault::whole(What::EntryMisplaced)));
    let root = seals.last().map(|seal| seal.root.clone());
    if anchors.root.is_some_and(|wanted| root.as_deref() != Some(wanted)) {
        faults.push(Fault::whole(What::RootMissing));
    }
    Summary { entries: entries.len(), seals: seals.len(), root, faults }
}

/// A line and its place; none if it says anything in another form than an export writes.
fn read(text: &str) -> Option<((Date, u8, String), Line)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let line = Line::deserialize(&value).ok()?;
    let again = serde_json::to_value(&line).ok()?;
    (canonical(&again) == canonical(&value)).then_some(())?;
    Some((line.place()?, line))
}
