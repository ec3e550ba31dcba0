//! Sums that many add to at once.
//!
//! Nobody decides anything by them, so an addition is neither repeated nor waited for.

use async_trait::async_trait;

use super::store::{Record, StoreError};

/// Records of counts, added to without being read.
#[async_trait]
pub trait Tally: Send + Sync {
    /// Adds one to each of these counts of the record at its key, in one small write; where there
    /// is none yet, it begins. Additions at the same time all count.
    ///
    /// The body of `record` is an object without `counts`: read back, they stand there. Errors:
    /// `Unavailable` after a bounded time, and then it may have counted or not.
    async fn add(&self, record: &Record, counts: &[&str]) -> Result<(), StoreError>;
}
