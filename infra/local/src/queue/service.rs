//! The queue for concurrent callers: waits for messages, wakes those who wait.
//! Times are the wall clock's; the core behind the lock is deterministic.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::fault::QueueFault;
use super::message::{NewMessage, ReceivedMessage};
use super::store::QueueStore;
use crate::wall;

/// Longest sleep before a waiting receive looks again, so that no wake-up is missed for long.
const LONGEST_NAP: Duration = Duration::from_millis(500);

/// A shared handle on the queues.
#[derive(Debug, Clone)]
pub struct QueueService {
    store: Arc<Mutex<QueueStore>>,
    changed: Arc<Notify>,
}

impl QueueService {
    /// Serves an opened store.
    pub fn new(store: QueueStore) -> Self {
        Self { store: Arc::new(Mutex::new(store)), changed: Arc::new(Notify::new()) }
    }

    /// The core, for one synchronous step.
    pub fn store(&self) -> MutexGuard<'_, QueueStore> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores a message, wakes waiting receivers and answers its id.
    pub fn send(&self, queue: &str, message: &NewMessage) -> Result<String, QueueFault> {
        let sent = self.store().send(queue, message, wall::now_milliseconds());
        self.wake();
        sent
    }

    /// Wakes waiting receivers after a change made through `store`.
    pub fn wake(&self) {
        self.changed.notify_waiters();
    }

    /// Receives up to `most` messages, waiting up to `wait` for the first.
    pub async fn receive(
        &self,
        queue: &str,
        most: usize,
        visibility_seconds: Option<u64>,
        wait: Duration,
    ) -> Result<Vec<ReceivedMessage>, QueueFault> {
        let end = Instant::now() + wait;
        loop {
            let changed = self.changed.notified();
            let now = wall::now_milliseconds();
            let (messages, next) = {
                let mut store = self.store();
                let messages = store.receive(queue, most, visibility_seconds, now)?;
                (messages, store.next_visible(queue)?)
            };
            let left = end.saturating_duration_since(Instant::now());
            if !messages.is_empty() || left.is_zero() {
                return Ok(messages);
            }
            let nap = left.min(LONGEST_NAP).min(until(next, now));
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep(nap) => {}
            }
        }
    }
}

fn until(next: Option<i64>, now: i64) -> Duration {
    let wait = next.map_or(i64::MAX, |next| next.saturating_sub(now).max(1));
    Duration::from_millis(wait.unsigned_abs())
}
