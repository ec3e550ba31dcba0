//! Background tasks of the runner.
//! The one place that detaches work: the runner outlives its requests, functions do not.

use std::future::Future;

use tokio::task::JoinHandle;

/// Starts `future` beside the caller and answers its handle.
#[expect(clippy::disallowed_methods, reason = "the runner is a server, not a function")]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(future)
}

/// A task that ends when its owner goes.
#[derive(Debug)]
pub struct Guarded(JoinHandle<()>);

impl Guarded {
    /// Starts `future` and ties its life to the answer.
    pub fn spawn(future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(spawn(future))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.0.abort();
    }
}
