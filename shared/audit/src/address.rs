//! Where an entry is kept: by day and shard, then by time and what it says.
//!
//! The place ends in a digest of the content, so that content and place cannot part unseen.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::digest;

/// Parts of a day, by object; a day's entries are spread over as many partitions.
pub const SHARDS: u8 = 8;
/// Characters of a time in a place.
const TIME: usize = 30;
/// Characters of the digest at the end of a place.
const TAIL: usize = 16;

/// The place of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Day in UTC.
    pub day: Date,
    /// Shard, by object.
    pub shard: u8,
    /// Place within the shard's day.
    pub sort: String,
}

impl Address {
    /// Of an entry as it is kept; `None` if it lacks `at`, `requestId`, `action` or `object`.
    pub fn of(entry: &Value) -> Option<Self> {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let at: Timestamp = text("at")?.parse().ok()?;
        let (request, action, object) = (text("requestId")?, text("action")?, text("object")?);
        let digest = digest(entry);
        let tail = digest.get(..TAIL).unwrap_or_default();
        let sort = format!("{}#{request}#{action}#{object}#{tail}", sortable(at));
        Some(Self { day: day_of(at), shard: shard_of(object), sort })
    }

    /// Partition of the table.
    pub fn partition(&self) -> String {
        partition(self.day, self.shard)
    }
}

/// Partition of a shard's day.
pub fn partition(day: Date, shard: u8) -> String {
    format!("AUDIT#{day}#{shard}")
}

/// Shard of an object: all that was done to it on a day is in one.
pub fn shard_of(object: &str) -> u8 {
    Sha256::digest(object.as_bytes()).first().map_or(0, |byte| byte % SHARDS)
}

/// Day of an instant, in UTC.
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// An instant as text that sorts by time: nine digits of the second always.
pub fn sortable(at: Timestamp) -> String {
    format!("{at:.9}")
}

/// The instant a place begins with.
pub fn time_of(sort: &str) -> Option<Timestamp> {
    sort.get(..TIME)?.parse().ok()
}
