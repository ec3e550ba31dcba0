//! Waiting, for what may wait; never in the path of a write that was begun.

use async_trait::async_trait;
use jiff::SignedDuration;

/// Lets time pass.
#[async_trait]
pub trait Pause: Send + Sync {
    /// Comes back after about `time`; later is allowed, earlier is not.
    async fn pause(&self, time: SignedDuration);
}
