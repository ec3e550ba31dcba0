//! A seal: what every shard held in a stretch of time, linked to the seal before it.
//!
//! Each shard's chain begins at the root before it, so nothing sealed can move to another stretch.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::address::{SHARDS, sortable};
use crate::canonical::digest;
use crate::fault::{Fault, What};

/// The chain of one shard within one seal, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    count: u64,
    head: String,
}

impl Link {
    /// Before the first entry, after the root of the seal before.
    pub fn first(previous: &str, shard: u8) -> Self {
        Self { count: 0, head: hash(&["interlock-audit", previous, &shard.to_string()]) }
    }

    /// With one more entry at its place.
    pub fn add(&mut self, sort: &str, entry: &Value) {
        self.head = hash(&[&self.head, sort, &digest(entry)]);
        self.count = self.count.saturating_add(1);
    }

    /// As a seal keeps it.
    pub fn sealed(self) -> ShardSeal {
        ShardSeal { count: self.count, head: self.head }
    }
}

/// What a shard held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardSeal {
    /// Entries.
    pub count: u64,
    /// Last link, in lower-case hex.
    pub head: String,
}

/// A sealed stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seal {
    /// From 1, without a gap.
    pub sequence: u64,
    /// First instant.
    pub from: Timestamp,
    /// First instant after it; the next seal begins here.
    pub until: Timestamp,
    /// Root of the seal before; empty in the first.
    pub previous: String,
    /// By shard.
    pub shards: Vec<ShardSeal>,
    /// SHA-256 over all the above, in lower-case hex.
    pub root: String,
}

impl Seal {
    /// The seal after `last`, or the first one, of what the shards held up to `until`.
    pub fn after(last: Option<&Self>, from: Timestamp, until: Timestamp, links: Vec<Link>) -> Self {
        let mut seal = Self {
            sequence: last.map_or(1, |last| last.sequence.saturating_add(1)),
            from,
            until,
            previous: last.map(|last| last.root.clone()).unwrap_or_default(),
            shards: links.into_iter().map(Link::sealed).collect(),
            root: String::new(),
        };
        seal.root = seal.computed();
        seal
    }

    /// Entries of all shards.
    pub fn count(&self) -> u64 {
        self.shards.iter().map(|shard| shard.count).sum()
    }

    fn computed(&self) -> String {
        let sequence = self.sequence.to_string();
        let (from, until) = (sortable(self.from), sortable(self.until));
        let counts: Vec<String> = self.shards.iter().map(|shard| shard.count.to_string()).collect();
        let shards = self.shards.iter().zip(&counts);
        let mut parts: Vec<&str> = vec![&sequence, &from, &until, &self.previous];
        parts.extend(shards.flat_map(|(shard, count)| [count.as_str(), shard.head.as_str()]));
        hash(&parts)
    }
}

/// Faults of seals in their order. `base` is the root before the first of them; unless it is
/// given, the first must be the first of all.
pub fn check_seals(seals: &[Seal], base: Option<&str>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for seal in seals {
        let whole = seal.shards.len() == usize::from(SHARDS) && seal.from < seal.until;
        if !whole || seal.root != seal.computed() {
            faults.push(Fault::of_seal(What::SealChanged, seal.sequence));
        }
    }
    if let Some(first) = seals.first() {
        let begins = match base {
            Some(base) => first.previous == base,
            None => first.sequence == 1 && first.previous.is_empty(),
        };
        if !begins {
            faults.push(Fault::of_seal(What::SealMissing, first.sequence));
        }
    }
    for (before, seal) in seals.iter().zip(seals.iter().skip(1)) {
        let follows = seal.sequence == before.sequence.saturating_add(1)
            && seal.previous == before.root
            && seal.from == before.until;
        if !follows {
            faults.push(Fault::of_seal(What::SealMissing, seal.sequence));
        }
    }
    faults
}

/// SHA-256 over parts with their lengths, so that no two lists of parts are one text.
fn hash(parts: &[&str]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        sum.update(part.as_bytes());
    }
    hex::encode(sum.finalize())
}
