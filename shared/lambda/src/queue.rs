//! SQS.
//!
//! A function that never sends needs no queue; asking for one that is not configured is an error
//! at that moment.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use interlock_app::ports::{Queue, QueueError, QueueName};
use jiff::SignedDuration;

use crate::config::Config;

/// Longest delay SQS takes, in seconds.
const LONGEST_DELAY_SECONDS: i32 = 900;

/// Sends to SQS.
pub(crate) struct SqsQueue {
    client: Client,
    webhook_url: Option<String>,
    outbox_url: Option<String>,
}

impl SqsQueue {
    pub(crate) fn new(client: Client, config: &Config) -> Self {
        let (webhook_url, outbox_url) =
            (config.webhook_queue_url.clone(), config.outbox_queue_url.clone());
        Self { client, webhook_url, outbox_url }
    }

    fn url(&self, queue: QueueName) -> Option<&str> {
        match queue {
            QueueName::Webhook => self.webhook_url.as_deref(),
            QueueName::OutboxCalcom => self.outbox_url.as_deref(),
        }
    }
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(
        &self,
        queue: QueueName,
        body: &str,
        delay: SignedDuration,
    ) -> Result<(), QueueError> {
        let url = self
            .url(queue)
            .ok_or_else(|| QueueError(format!("the queue {queue:?} is not configured").into()))?;
        let seconds = i32::try_from(delay.as_secs()).unwrap_or(LONGEST_DELAY_SECONDS);
        let sent = self
            .client
            .send_message()
            .queue_url(url)
            .message_body(body)
            .delay_seconds(seconds.clamp(0, LONGEST_DELAY_SECONDS))
            .send()
            .await;
        sent.map(|_| ()).map_err(|error| QueueError(Box::new(error)))
    }
}
