//! One invocation on its way to an instance and back.
//! Its caller hears exactly one outcome, also when the instance dies.

use tokio::sync::oneshot;

/// Why an invocation has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    #[error("no function `{0}`")]
    Unknown(String),
    #[error("function `{0}` did not start: {1}")]
    NotStarted(String, String),
    #[error("function `{0}` ended while it worked: {1}")]
    Crashed(String, String),
    #[error("function `{0}` answered an error: {1}")]
    Failed(String, String),
    #[error("function `{0}` passed its time-out")]
    TimedOut(String),
    #[error("function `{0}` had no free instance in time")]
    Busy(String),
    #[error("the stack is closing")]
    Closing,
}

pub(super) type Outcome = Result<Vec<u8>, InvokeError>;

/// Work that waits for an instance.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) payload: Vec<u8>,
    pub(super) accepted: oneshot::Sender<u64>,
    pub(super) reply: oneshot::Sender<Outcome>,
}

impl Invocation {
    pub(super) fn fail(self, error: InvokeError) {
        // A caller that went away needs no answer.
        let _gone = self.reply.send(Err(error));
    }
}

/// What the `next` call of an instance is answered with.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) request_id: String,
    pub(super) payload: Vec<u8>,
    pub(super) deadline_milliseconds: i64,
    pub(super) function_arn: String,
}
