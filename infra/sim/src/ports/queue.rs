//! The queue: at least once, in no order, hidden while it is worked on, dead after six receives.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::{Queue, QueueError, QueueName};
use jiff::SignedDuration;

use crate::context::Ctx;
use crate::faults::Fault;
use crate::hub::{Due, lock};

/// After so many receives a message is dead (RELIABILITY Q1).
const MOST_RECEIVES: u32 = 6;

#[derive(Debug)]
struct Message {
    queue: QueueName,
    body: String,
    receives: u32,
    fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Waiting,
    /// Taken off although nobody said that it is done.
    Forgotten,
    Done,
    Dead,
}

/// All messages that were ever taken.
#[derive(Debug, Default)]
pub(crate) struct Messages(BTreeMap<u64, Message>);

/// What comes of a look at a message.
pub(crate) enum Received {
    /// It is there no more.
    Gone,
    /// It went to the dead letters now.
    Dead,
    /// Where it was sent, what it says, and for which time it was received.
    Body(QueueName, String, u32),
}

impl Messages {
    pub(crate) fn receive(&mut self, id: u64) -> Received {
        let Some(message) = self.0.get_mut(&id).filter(|one| one.fate == Fate::Waiting) else {
            return Received::Gone;
        };
        if message.receives == MOST_RECEIVES {
            message.fate = Fate::Dead;
            return Received::Dead;
        }
        message.receives += 1;
        Received::Body(message.queue, message.body.clone(), message.receives)
    }

    pub(crate) fn done(&mut self, id: u64) {
        if let Some(message) = self.0.get_mut(&id) {
            message.fate = Fate::Done;
        }
    }

    /// Takes it off the queue whatever became of it.
    pub(crate) fn forget(&mut self, id: u64) {
        if let Some(message) = self.0.get_mut(&id) {
            message.fate = Fate::Forgotten;
        }
    }

    /// A webhook that was accepted and neither applied nor put among the dead (promise R11).
    pub(crate) fn unaccounted(&self) -> Option<String> {
        let lost = |one: &&Message| {
            one.queue == QueueName::Webhook
                && (one.fate == Fate::Forgotten || one.fate == Fate::Waiting)
        };
        self.0.values().find(lost).map(|one| format!("{:?} {}", one.fate, one.body))
    }

    /// The bodies of the webhooks that were applied.
    pub(crate) fn applied(&self) -> Vec<String> {
        let applied = |one: &&Message| one.queue == QueueName::Webhook && one.fate == Fate::Done;
        self.0.values().filter(applied).map(|one| one.body.clone()).collect()
    }
}

/// The queue as one activity reaches it.
pub(crate) struct SimQueue(Arc<Ctx>);

impl SimQueue {
    pub(crate) fn new(ctx: &Arc<Ctx>) -> Self {
        Self(ctx.clone())
    }
}

#[async_trait]
impl Queue for SimQueue {
    async fn send(
        &self,
        queue: QueueName,
        body: &str,
        delay: SignedDuration,
    ) -> Result<(), QueueError> {
        let ctx = &self.0;
        ctx.wait(500, 4_000).await;
        if ctx.fault(Fault::QueueRefuses) {
            return Err(QueueError("the queue refuses".into()));
        }
        if queue == QueueName::OutboxCalcom && ctx.fault(Fault::NudgeLost) {
            return Ok(());
        }
        let id = ctx.number();
        let late = if ctx.fault(Fault::QueueDelay) { ctx.range(1_000_000, 60_000_000) } else { 0 };
        let at = ctx.hub.micros() + 1_000 + delay.as_secs() * 1_000_000 + late;
        let message = Message { queue, body: body.to_owned(), receives: 0, fate: Fate::Waiting };
        lock(&ctx.hub.messages).0.insert(id, message);
        ctx.hub.at(at, id, Due::Message(id));
        ctx.wait(500, 3_000).await;
        Ok(())
    }
}
