//! What all requests share: the world, its store, the clock, and the way out.
//! `run` holds the lock for one synchronous step and saves before it gives the result back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::journal::Journal;
use super::network::Network;
use crate::core::api_error::{Answer, ApiError};
use crate::core::world::World;
use crate::sim::{Clock, SimError};
use crate::store::Store;

pub(crate) struct Engine {
    pub(crate) world: World,
    /// `None` after shutdown: nothing is answered that could not be saved.
    pub(crate) store: Option<Store>,
}

pub(crate) struct Shared {
    engine: Mutex<Engine>,
    journal: Mutex<Journal>,
    calls: Mutex<BTreeMap<String, u64>>,
    clock: Clock,
    pub(crate) network: Arc<Network>,
    pub(crate) client: reqwest::Client,
    webhook: Mutex<Option<(String, String)>>,
}

impl Shared {
    pub(crate) fn new(
        engine: Engine,
        clock: Clock,
        network: Arc<Network>,
        client: reqwest::Client,
        webhook: Option<(String, String)>,
    ) -> Self {
        Self {
            engine: Mutex::new(engine),
            journal: Mutex::default(),
            calls: Mutex::default(),
            clock,
            network,
            client,
            webhook: Mutex::new(webhook),
        }
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The instant it is in here.
    pub(crate) fn now(&self) -> Timestamp {
        let host_now = (self.clock)();
        self.engine().world.shifted(host_now)
    }

    /// One step on the world; its changes are on disk when this returns.
    pub(crate) fn run<T>(&self, act: impl FnOnce(&mut World, Timestamp) -> Answer<T>) -> Answer<T> {
        let host_now = (self.clock)();
        let mut engine = self.engine();
        let now = engine.world.shifted(host_now);
        let result = act(&mut engine.world, now);
        match Self::save(&mut engine) {
            Ok(()) => result,
            Err(error) => {
                tracing::error!(%error, "the stand-in could not save");
                Err(ApiError::plain(500, "Internal server error"))
            }
        }
    }

    fn save(engine: &mut Engine) -> Result<(), SimError> {
        let changes = engine.world.changes()?;
        match &mut engine.store {
            Some(store) => store.save(&changes),
            None => Err(SimError::Closed),
        }
    }

    /// Address and secret of the planted deliveries.
    pub(crate) fn webhook(&self) -> Option<(String, String)> {
        self.webhook.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_webhook(&self, webhook: (String, String)) {
        *self.webhook.lock().unwrap_or_else(PoisonError::into_inner) = Some(webhook);
    }

    /// Gives the folder free.
    pub(crate) fn close(&self) {
        self.engine().store = None;
    }

    pub(crate) fn count_call(&self, caller: &str) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(caller.to_owned()).or_default() += 1;
    }

    /// Calls by caller label since the last reset.
    pub(crate) fn calls(&self, reset: bool) -> BTreeMap<String, u64> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if reset { std::mem::take(&mut *calls) } else { calls.clone() }
    }
}
