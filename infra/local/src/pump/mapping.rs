//! One queue feeding one function: collects batches, runs them, deletes what went well.
//! Failed messages stay hidden until their visibility passes, as on the platform.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::{Notify, Semaphore, watch};

use super::event::queue_event;
use super::outcome::{Failures, failures};
use crate::queue::{QueueFault, QueueService, ReceivedMessage};
use crate::runtime::{InvokeError, Manager};
use crate::tasks::{self, Guarded};
use crate::template::QueueEvent;

/// How long one receive waits for the first message of a batch.
const POLL: Duration = Duration::from_secs(20);
/// Pause after the queue itself failed.
const FAULT_PAUSE: Duration = Duration::from_millis(500);

/// What an invocation comes to, once it is awaited.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, InvokeError>> + Send + 'a>>;

/// Runs a function on an event; `Err` carries why it failed as a whole.
pub trait Invoker: Send + Sync + 'static {
    /// The function's answer, byte for byte.
    fn invoke<'a>(&'a self, function: &'a str, payload: Vec<u8>) -> Answer<'a>;
}

impl Invoker for Manager {
    fn invoke<'a>(&'a self, function: &'a str, payload: Vec<u8>) -> Answer<'a> {
        Box::pin(Self::invoke(self, function, payload))
    }
}

/// What draining a queue by hand did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DrainReport {
    pub batches: u64,
    pub received: u64,
    pub failed: u64,
}

/// The mapping of one queue to one function.
#[derive(Clone)]
pub struct Pump {
    inner: Arc<Inner>,
}

struct Inner {
    function: String,
    event: QueueEvent,
    queues: QueueService,
    invoker: Arc<dyn Invoker>,
    slots: Arc<Semaphore>,
    /// Ends the window of a batch that is being collected.
    flush: Notify,
    /// Batches between their first message and their end.
    open: watch::Sender<usize>,
}

impl Pump {
    /// A mapping that does nothing until it is started or drained.
    pub fn new(
        function: &str,
        event: QueueEvent,
        queues: QueueService,
        invoker: Arc<dyn Invoker>,
    ) -> Self {
        let concurrency = usize::try_from(event.maximum_concurrency).unwrap_or(1).clamp(1, 100);
        let inner = Inner {
            function: function.to_owned(),
            event,
            queues,
            invoker,
            slots: Arc::new(Semaphore::new(concurrency)),
            flush: Notify::new(),
            open: watch::Sender::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Name of the function it feeds.
    pub fn function(&self) -> &str {
        &self.inner.function
    }

    /// Polls until the answer is dropped.
    pub fn start(&self) -> Guarded {
        let pump = self.clone();
        Guarded::spawn(async move {
            loop {
                if let Err(error) = pump.turn().await {
                    tracing::warn!(%error, queue = pump.inner.event.queue, "queue poll failed");
                    tokio::time::sleep(FAULT_PAUSE).await;
                }
            }
        })
    }

    /// Collects one batch and sets it going.
    async fn turn(&self) -> Result<(), QueueFault> {
        let Ok(slot) = Arc::clone(&self.inner.slots).acquire_owned().await else { return Ok(()) };
        let mut batch = self.receive(self.batch_size(), POLL).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let open = OpenBatch::new(Arc::clone(&self.inner));
        self.fill(&mut batch).await?;
        let pump = self.clone();
        tasks::spawn(async move {
            pump.run(&batch).await;
            drop((open, slot));
        });
        Ok(())
    }

    /// Adds messages until the batch is full, its window ends or somebody is waiting for it.
    async fn fill(&self, batch: &mut Vec<ReceivedMessage>) -> Result<(), QueueFault> {
        let end = Instant::now() + Duration::from_secs(self.inner.event.window_seconds);
        while batch.len() < self.batch_size() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let flushed = self.inner.flush.notified();
            let room = self.batch_size() - batch.len();
            tokio::select! {
                more = self.receive(room, left) => batch.extend(more?),
                () = flushed => break,
            }
        }
        Ok(())
    }

    /// Runs everything that is visible now and waits for batches that are under way.
    pub async fn drain(&self) -> Result<DrainReport, QueueFault> {
        let mut report = DrainReport::default();
        loop {
            let batch = self.receive(self.batch_size(), Duration::ZERO).await?;
            if !batch.is_empty() {
                report.batches += 1;
                report.received += u64::try_from(batch.len()).unwrap_or(0);
                report.failed += self.run(&batch).await;
                continue;
            }
            let mut open = self.inner.open.subscribe();
            if *open.borrow_and_update() == 0 {
                return Ok(report);
            }
            self.inner.flush.notify_waiters();
            // Looked at again soon: the batch may have started its window after the flush.
            let _again = tokio::time::timeout(Duration::from_millis(50), open.changed()).await;
        }
    }

    /// Runs one batch, deletes what went well and answers how many messages failed.
    async fn run(&self, batch: &[ReceivedMessage]) -> u64 {
        let Inner { function, event, queues, invoker, .. } = &*self.inner;
        let payload = queue_event(&event.queue, batch).to_string().into_bytes();
        let ids: Vec<&str> = batch.iter().map(|message| message.id.as_str()).collect();
        let failed = match invoker.invoke(function, payload).await {
            Ok(answer) if event.reports_item_failures => failures(&answer, &ids),
            Ok(_) => Failures::Some(std::collections::BTreeSet::new()),
            // The messages come again after the next start.
            Err(InvokeError::Closing) => Failures::All,
            Err(error) => {
                tracing::warn!(function, %error, "a batch failed");
                Failures::All
            }
        };
        let mut count = 0;
        for message in batch {
            let stays = match &failed {
                Failures::All => true,
                Failures::Some(ids) => ids.contains(&message.id),
            };
            if stays {
                count += 1;
            } else if let Err(error) = queues.store().delete(&event.queue, &message.receipt_handle)
            {
                tracing::warn!(%error, "a finished message could not be deleted");
            }
        }
        count
    }

    async fn receive(
        &self,
        most: usize,
        wait: Duration,
    ) -> Result<Vec<ReceivedMessage>, QueueFault> {
        self.inner.queues.receive(&self.inner.event.queue, most, None, wait).await
    }

    fn batch_size(&self) -> usize {
        usize::try_from(self.inner.event.batch_size).unwrap_or(1).clamp(1, 10)
    }
}

/// Counts a batch from its first message to its end.
struct OpenBatch(Arc<Inner>);

impl OpenBatch {
    fn new(inner: Arc<Inner>) -> Self {
        inner.open.send_modify(|open| *open += 1);
        Self(inner)
    }
}

impl Drop for OpenBatch {
    fn drop(&mut self) {
        self.0.open.send_modify(|open| *open = open.saturating_sub(1));
    }
}
