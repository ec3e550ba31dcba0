//! One process of a function and what it is doing.
//! The phase owns whatever must be answered when the process ends.

use std::time::Instant;

use tokio::sync::oneshot;

use super::invocation::{Delivered, Outcome};

/// What an instance does at the moment.
pub(super) enum Phase {
    /// Started, not asked for work yet.
    Starting,
    /// Waiting inside `next` since an instant; work goes through the sender.
    Idle { since: Instant, hand: oneshot::Sender<Delivered> },
    /// Working on one request.
    Busy { request_id: String, reply: oneshot::Sender<Outcome> },
    /// Answered, about to ask for more work.
    Returning,
}

pub(super) struct Instance {
    pub(super) function: String,
    pub(super) phase: Phase,
    pub(super) started: Instant,
    pub(super) process_id: Option<u32>,
    /// Ends the process; taken once.
    pub(super) kill: Option<Box<dyn FnOnce() + Send>>,
    /// We asked it to end, so its end is no crash.
    pub(super) stopping: bool,
    /// Why it could not start, as it told us itself.
    pub(super) start_error: Option<String>,
}

impl Instance {
    pub(super) fn new(function: &str) -> Self {
        Self {
            function: function.to_owned(),
            phase: Phase::Starting,
            started: Instant::now(),
            process_id: None,
            kill: None,
            stopping: false,
            start_error: None,
        }
    }

    /// About to be able to take work without another launch.
    pub(super) fn is_coming(&self) -> bool {
        !self.stopping && matches!(self.phase, Phase::Starting | Phase::Returning)
    }

    pub(super) fn idle_since(&self) -> Option<Instant> {
        match self.phase {
            Phase::Idle { since, .. } => Some(since),
            Phase::Starting | Phase::Busy { .. } | Phase::Returning => None,
        }
    }

    /// Asks the process to end.
    pub(super) fn stop(&mut self) {
        self.stopping = true;
        if let Some(kill) = self.kill.take() {
            kill();
        }
    }
}
