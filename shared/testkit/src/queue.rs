//! A queue that keeps what was sent, for the test to read or to hand on.
//!
//! It never delivers by itself; the test decides when and how often.

use std::sync::Mutex;

use async_trait::async_trait;
use interlock_app::ports::{Queue, QueueError, QueueName};
use jiff::SignedDuration;

use crate::script::{Script, lock};

/// A message as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Where to.
    pub queue: QueueName,
    /// What.
    pub body: String,
    /// Hidden for how long.
    pub delay: SignedDuration,
}

#[derive(Debug, Clone)]
enum Fault {
    Before,
    After,
}

/// Remembers messages.
#[derive(Debug, Default)]
pub struct RecordingQueue {
    sent: Mutex<Vec<Sent>>,
    faults: Script<(), Fault>,
}

impl RecordingQueue {
    /// A queue with the same messages and faults that goes its own way from here.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { sent: Mutex::new(self.sent()), faults: self.faults.fork() }
    }

    /// What was sent so far, in order.
    pub fn sent(&self) -> Vec<Sent> {
        lock(&self.sent).clone()
    }

    /// Takes the messages of one queue out, in order.
    pub fn drain(&self, queue: QueueName) -> Vec<Sent> {
        let mut sent = lock(&self.sent);
        let (taken, left) = sent.drain(..).partition(|message| message.queue == queue);
        *sent = left;
        taken
    }

    /// The next `times` messages are refused and lost.
    pub fn fail_before(&self, times: usize) {
        (0..times).for_each(|_| self.faults.push((), Fault::Before));
    }

    /// The next `times` messages are kept, and the sender hears of a failure.
    pub fn fail_after(&self, times: usize) {
        (0..times).for_each(|_| self.faults.push((), Fault::After));
    }
}

#[async_trait]
impl Queue for RecordingQueue {
    async fn send(
        &self,
        queue: QueueName,
        body: &str,
        delay: SignedDuration,
    ) -> Result<(), QueueError> {
        let seconds = delay.as_secs();
        if !(0..=900).contains(&seconds) || delay.subsec_nanos() != 0 {
            return Err(QueueError("a delay is whole seconds from 0 to 900".into()));
        }
        let fault = self.faults.take(&());
        if matches!(fault, Some(Fault::Before)) {
            return Err(QueueError("scripted before the effect".into()));
        }
        lock(&self.sent).push(Sent { queue, body: body.to_owned(), delay });
        if matches!(fault, Some(Fault::After)) {
            return Err(QueueError("scripted after the effect".into()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_stay_in_order_until_drained_by_queue() {
        let queue = RecordingQueue::default();
        let delay = SignedDuration::from_secs(2);
        queue.send(QueueName::Webhook, "one", SignedDuration::ZERO).await.unwrap();
        queue.send(QueueName::OutboxCalcom, "two", delay).await.unwrap();
        queue.send(QueueName::Webhook, "three", SignedDuration::ZERO).await.unwrap();
        let bodies = |sent: Vec<Sent>| sent.into_iter().map(|sent| sent.body).collect::<Vec<_>>();
        assert_eq!(bodies(queue.drain(QueueName::Webhook)), ["one", "three"]);
        assert_eq!(queue.sent().len(), 1);
        assert_eq!(queue.sent()[0].delay, delay);
    }

    #[tokio::test]
    async fn scripted_failures_lose_or_keep_the_message() {
        let queue = RecordingQueue::default();
        queue.fail_before(1);
        queue.fail_after(1);
        for body in ["lost", "kept"] {
            assert!(queue.send(QueueName::Webhook, body, SignedDuration::ZERO).await.is_err());
        }
        queue.send(QueueName::Webhook, "fine", SignedDuration::ZERO).await.unwrap();
        assert_eq!(queue.sent().len(), 2);
    }

    #[tokio::test]
    async fn a_delay_beyond_a_quarter_of_an_hour_is_refused() {
        let queue = RecordingQueue::default();
        for delay in [SignedDuration::from_secs(901), SignedDuration::from_millis(1500)] {
            assert!(queue.send(QueueName::Webhook, "late", delay).await.is_err());
        }
        assert!(queue.sent().is_empty());
    }
}
