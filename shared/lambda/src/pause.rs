//! Waiting on the timer of the runtime.

use std::time::Duration;

use async_trait::async_trait;
use interlock_app::ports::Pause;
use jiff::SignedDuration;

/// The runtime's timer, in wall time.
#[derive(Debug)]
pub(crate) struct TokioPause;

#[async_trait]
impl Pause for TokioPause {
    async fn pause(&self, time: SignedDuration) {
        tokio::time::sleep(Duration::try_from(time).unwrap_or_default()).await;
    }
}
