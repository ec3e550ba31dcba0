//! Messages that outlive a request.

use async_trait::async_trait;
use jiff::SignedDuration;

/// Which queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueName {
    /// Deliveries of Cal.com, verified, not yet applied.
    Webhook,
    /// Nudges for the outbox lane that talks to Cal.com; losing one costs a minute.
    OutboxCalcom,
}

/// The message was not taken.
#[derive(Debug, thiserror::Error)]
#[error("the queue is unavailable")]
pub struct QueueError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Sends messages.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Puts one message, visible after `delay` (whole seconds, at most 900).
    async fn send(
        &self,
        queue: QueueName,
        body: &str,
        delay: SignedDuration,
    ) -> Result<(), QueueError>;
}
