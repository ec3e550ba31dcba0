//! The chain over the audit: how entries are named, linked and sealed, and how a chain is judged.
//!
//! Pure: the same bytes give the same links here, in the table and in a file (docs/adr/0012).

mod address;
mod canonical;
mod fault;
mod file;
mod seal;
mod walk;

pub use address::{Address, SHARDS, day_of, partition, shard_of, sortable, time_of};
pub use canonical::{canonical, digest};
pub use fault::{Fault, What};
pub use file::{Anchors, Line, Summary, check_lines};
pub use seal::{Link, Seal, ShardSeal, check_seals};
pub use walk::Walk;
