//! A call to Cal.com and whoever makes it.
//!
//! The port is answered over this, so that another way to a Cal.com than HTTP shares the requests,
//! their reading and the classes of their failures.

use std::fmt;

use async_trait::async_trait;
use interlock_app::ports::Probe;
use interlock_app::ports::scheduler::{CalAccount, SchedulerError};
use serde_json::Value;

use crate::wire::request::Pairs;
use crate::{Operation, Reading};

/// What to send; prints without its body, which may hold persons and a secret.
pub struct Call {
    /// What it is for; decides version, time-out and how the answer is read.
    pub operation: Operation,
    /// Path after the address.
    pub path: String,
    /// Query, not encoded.
    pub query: Pairs,
    /// Body, where something is told.
    pub body: Option<Value>,
}

impl fmt::Debug for Call {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Call").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// Makes calls: proves who it is, sends, waits, reads.
#[async_trait]
pub trait Calls: Send + Sync {
    /// One call; a write is never repeated blindly.
    async fn call(&self, account: &CalAccount, call: Call) -> Result<Reading, SchedulerError>;

    /// Where what they reach is looked at; `None` where nothing can be wrong with it.
    fn probe(&self) -> Option<&dyn Probe> {
        None
    }
}
