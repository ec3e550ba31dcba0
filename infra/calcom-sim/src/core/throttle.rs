//! The rate limiter: a counting window per tracker and a block after the limit (CONTRACT 2.5).
//! A blocked call does not count; the block ends by the clock alone.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::time::plus;
use super::world::World;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bucket {
    hits: i64,
    window_ends: Timestamp,
    blocked_until: Option<Timestamp>,
}

/// What the limiter says about one call; seconds are left, not a clock time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdict {
    pub(crate) refused: bool,
    pub(crate) limit: i64,
    pub(crate) remaining: i64,
    pub(crate) reset_seconds: i64,
}

fn seconds_left(now: Timestamp, until: Timestamp) -> i64 {
    let left = until.duration_since(now);
    left.as_secs() + i64::from(left.subsec_nanos() > 0)
}

impl World {
    /// Counts one call of a tracker and says whether it may pass.
    pub(crate) fn throttle(&mut self, tracker: &str, now: Timestamp) -> Verdict {
        let settings = self.settings().clone();
        let (limit, window) = (settings.limit, SignedDuration::from_secs(settings.window_seconds));
        let fresh = Bucket { hits: 0, window_ends: plus(now, window), blocked_until: None };
        let mut bucket = self.buckets.get(tracker).cloned().unwrap_or_else(|| fresh.clone());
        if let Some(until) = bucket.blocked_until.filter(|until| *until > now) {
            let reset_seconds = seconds_left(now, until);
            return Verdict { refused: true, limit, remaining: 0, reset_seconds };
        }
        if bucket.window_ends <= now {
            bucket = fresh;
        }
        bucket.hits += 1;
        let verdict = if bucket.hits > limit {
            let until = plus(now, SignedDuration::from_secs(settings.block_seconds));
            bucket.blocked_until = Some(until);
            let reset_seconds = settings.block_seconds;
            Verdict { refused: true, limit, remaining: 0, reset_seconds }
        } else {
            let reset_seconds = seconds_left(now, bucket.window_ends);
            Verdict { refused: false, limit, remaining: limit - bucket.hits, reset_seconds }
        };
        self.buckets.put(tracker, bucket);
        verdict
    }

    /// A refusal that no count stands behind.
    pub(crate) fn refuse_once(&self) -> Verdict {
        let settings = self.settings();
        let (limit, reset_seconds) = (settings.limit, settings.block_seconds);
        Verdict { refused: true, limit, remaining: 0, reset_seconds }
    }

    /// Blocks a tracker as if it had gone over its limit just now.
    pub(crate) fn block(&mut self, tracker: &str, now: Timestamp) -> Verdict {
        let settings = self.settings().clone();
        let until = plus(now, SignedDuration::from_secs(settings.block_seconds));
        let bucket =
            Bucket { hits: settings.limit + 1, window_ends: until, blocked_until: Some(until) };
        self.buckets.put(tracker, bucket);
        let reset_seconds = settings.block_seconds;
        Verdict { refused: true, limit: settings.limit, remaining: 0, reset_seconds }
    }
}
