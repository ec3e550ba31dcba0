//! Waiting that moves the test's clock and takes no time.

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::Pause;
use jiff::SignedDuration;

use crate::ManualClock;

/// Moves a clock by what is waited for.
#[derive(Debug)]
pub struct ClockPause(pub Arc<ManualClock>);

#[async_trait]
impl Pause for ClockPause {
    async fn pause(&self, time: SignedDuration) {
        self.0.advance(time);
    }
}
