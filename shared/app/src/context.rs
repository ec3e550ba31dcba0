//! What every use case is given: the ports, the settings, and what is remembered while warm.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex};

use interlock_policy::{CalAccountId, Id, IdKind, RequestId, ResourceId, ResourceKind};
use jiff::{SignedDuration, Timestamp};

use crate::model::{Actor, AuditEntry};
use crate::ports::scheduler::Urgency;
use crate::ports::store::{CommitError, Document, Key, Stored, Transaction};
use crate::ports::{
    Clock, Deliveries, Ids, Issuer, Passwords, Queue, Scheduler, Store, Tally, new_id,
};
use crate::{AppError, FactorPolicy, Snapshot};

/// A cheap clone of everything a use case may use.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Arc<dyn Store>,
    /// Counts in the table that nobody decides by.
    pub tally: Arc<dyn Tally>,
    /// Cal.com.
    pub scheduler: Arc<dyn Scheduler>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
    /// Messages.
    pub queue: Arc<dyn Queue>,
    /// Webhook deliveries.
    pub deliveries: Arc<dyn Deliveries>,
    /// Passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Who else's tokens are believed, if anybody's.
    pub issuer: Option<Arc<dyn Issuer>>,
    /// What differs by deployment.
    pub settings: Arc<Settings>,
    /// Which account a resource was last seen to have; a hint for the first read, never trusted.
    pub hints: Hints,
}

impl App {
    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The document at a key, by a read of its own; `None` if it is absent.
    pub(crate) async fn find<T: Document>(&self, key: &Key) -> Result<Option<Stored<T>>, AppError> {
        let read = Snapshot::read(self.store.as_ref(), std::slice::from_ref(key)).await?;
        Ok(read.get(key)?)
    }

    /// Commits; `false` if another write came first, and then all is to be read and decided anew.
    pub(crate) async fn commits(&self, transaction: &Transaction) -> Result<bool, AppError> {
        match self.store.commit(transaction).await {
            Ok(()) => Ok(true),
            Err(CommitError::Conflict(_)) => Ok(false),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// The same, for work of this urgency: its calls to Cal.com leave room for what is more
    /// urgent (promise R18). Said where work starts; what says nothing works for a person.
    #[must_use]
    pub fn paced(self, urgency: Urgency) -> Self {
        match self.scheduler.paced(urgency) {
            Some(scheduler) => Self { scheduler, ..self },
            None => self,
        }
    }

    /// A new id.
    pub fn id<K: IdKind>(&self) -> Result<Id<K>, AppError> {
        new_id(self.ids.as_ref(), self.now())
    }
}

/// What differs by deployment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of this deployment, sent with every booking (PRODUCT D4).
    pub deployment: String,
    /// Origin of the application, for links and for the check of `Origin`.
    pub app_origin: String,
    /// Where the application's pages come from, beside the API or elsewhere.
    pub front: Front,
    /// Key for cursors.
    pub cursor_key: [u8; 32],
    /// Key that the secrets of second factors are made from; only what compares codes has it.
    pub factor_key: Option<[u8; 32]>,
    /// What is done with bookings on machines that were made inside Cal.com.
    pub external_on_machines: ExternalPolicy,
    /// The same on hosts.
    pub external_on_hosts: ExternalPolicy,
    /// Who must have a second factor.
    pub second_factor: FactorPolicy,
    /// How many times the usual limits per person, account and address hold; 1 but for load tests.
    pub limit_factor: u32,
    /// Times of the protocol.
    pub timing: Timing,
}

impl Settings {
    /// What is done with an external booking on a kind of resource.
    pub fn external_on(&self, kind: ResourceKind) -> ExternalPolicy {
        match kind {
            ResourceKind::Machine => self.external_on_machines,
            ResourceKind::Host => self.external_on_hosts,
        }
    }
}

/// How browsers reach the API (PRODUCT D9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Front {
    /// Through the distribution, which gives out the pages on the same origin.
    #[default]
    Cloudfront,
    /// Directly at its gateway, from pages of another origin.
    Gateway,
}

/// What is done with a booking that was made inside Cal.com (PRODUCT D15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExternalPolicy {
    /// It stands.
    Accept,
    /// It stands, and somebody is told to look.
    Flag,
    /// It is cancelled at Cal.com.
    Cancel,
    /// It stands, and nothing here ever changes it, whoever asks; for trying Interlock beside a
    /// calendar that is in use.
    Observe,
}

/// Times of the protocol (RELIABILITY 3.5).
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Longer than a function may run: until then its maker may still be at work.
    pub lease: SignedDuration,
    /// How long Cal.com may go on working on a call after our socket closed.
    pub quiet: SignedDuration,
    /// How long a recorded request is kept.
    pub idempotency: SignedDuration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease: SignedDuration::from_secs(30),
            quiet: SignedDuration::from_secs(120),
            idempotency: SignedDuration::from_hours(7 * 24),
        }
    }
}

/// Who does something, and in which request.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub actor: Actor,
    /// Request, delivery or run.
    pub request_id: RequestId,
}

impl Act {
    /// The audit's row of it: a stable word, the id of what it is done to, and values without
    /// personal data, because the audit is never erased (promise R23).
    pub(crate) fn audit(
        &self,
        at: Timestamp,
        action: &str,
        object: &(impl Display + ?Sized),
        detail: serde_json::Value,
    ) -> AuditEntry {
        AuditEntry {
            request_id: self.request_id.clone(),
            at,
            actor: self.actor.clone(),
            action: action.to_owned(),
            object: object.to_string(),
            detail,
        }
    }
}

/// Remembers the Cal.com account of resources while an instance is warm, so that the first read of
/// a request can name the ledger days. A wrong hint costs one more read and nothing else.
#[derive(Clone, Default)]
pub struct Hints(Arc<Mutex<HashMap<ResourceId, CalAccountId>>>);

impl Hints {
    /// Most entries kept; beyond it the memory is emptied and fills again.
    const MOST: usize = 4096;

    /// The account last seen, if any.
    pub fn get(&self, resource: &ResourceId) -> Option<CalAccountId> {
        self.0.lock().ok()?.get(resource).cloned()
    }

    /// Remembers an account.
    pub fn set(&self, resource: &ResourceId, account: &CalAccountId) {
        if let Ok(mut map) = self.0.lock() {
            if map.len() >= Self::MOST {
                map.clear();
            }
            map.insert(resource.clone(), account.clone());
        }
    }
}
