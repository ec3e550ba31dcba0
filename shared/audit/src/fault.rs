//! What is wrong with a chain, and where.

use std::fmt;

use serde::Serialize;

/// Kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A sealed entry is gone.
    EntryMissing,
    /// An entry stands where it was not sealed.
    EntryAdded,
    /// As many entries as were sealed, but others.
    EntryChanged,
    /// An entry is not where its content says.
    EntryMisplaced,
    /// Entries or lines are not in their order.
    OutOfOrder,
    /// A seal does not fit its own root.
    SealChanged,
    /// A seal does not follow the one before it.
    SealMissing,
    /// The chain does not hold the root it was said to hold.
    RootMissing,
    /// A line cannot be read.
    Unreadable,
}

/// A fault, by seal and shard as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// Kind.
    pub what: What,
    /// Sequence of the seal in whose time it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<u64>,
    /// Shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<u8>,
}

impl Fault {
    /// About the chain as a whole.
    pub fn whole(what: What) -> Self {
        Self { what, seal: None, shard: None }
    }

    /// About one seal.
    pub fn of_seal(what: What, sequence: u64) -> Self {
        Self { what, seal: Some(sequence), shard: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = serde_json::to_value(self.what).unwrap_or_default();
        write!(out, "{}", what.as_str().unwrap_or_default())?;
        if let Some(seal) = self.seal {
            write!(out, " in seal {seal}")?;
        }
        match self.shard {
            Some(shard) => write!(out, " of shard {shard}"),
            None => Ok(()),
        }
    }
}
