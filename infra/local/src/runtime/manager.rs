//! Brings invocations to instances: starts on first hit, scales, replaces, reaps.
//! Every invocation gets one outcome, and at most `maximum_instances` of a function live at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::instance::Phase;
use super::invocation::{Delivered, Invocation, InvokeError, Outcome};
use super::launch::Launcher;
use super::pool::{Pool, State};
use super::status::{FunctionState, FunctionStatus, memory_bytes};
use crate::{random, tasks};

/// What the manager must know of a function.
#[derive(Debug, Clone)]
pub struct FunctionSpec {
    pub name: String,
    /// Longest time for one invocation, from its delivery.
    pub timeout: Duration,
    pub maximum_instances: usize,
}

impl FunctionSpec {
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:lambda:eu-central-1:000000000000:function:{}", self.name)
    }
}

/// Times of the manager.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Idle instances older than this are ended.
    pub idle_limit: Duration,
    /// Longest wait for a free instance, its start included.
    pub queue_limit: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { idle_limit: Duration::from_mins(1), queue_limit: Duration::from_secs(30) }
    }
}

/// Owner of all instances of a running stack.
#[derive(Clone)]
pub struct Manager {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    launcher: Box<dyn Launcher>,
    settings: Settings,
    base_url: Mutex<String>,
}

impl Manager {
    /// A manager for these functions; nothing starts before the first invocation.
    pub fn new(
        functions: impl IntoIterator<Item = FunctionSpec>,
        launcher: impl Launcher,
        settings: Settings,
    ) -> Self {
        let mut state = State::default();
        for spec in functions {
            let name = spec.name.clone();
            let pool = Pool {
                spec,
                idle: Vec::new(),
                waiting: std::collections::VecDeque::new(),
                starts: 0,
                crashes: 0,
                last_init_milliseconds: None,
            };
            state.pools.insert(name, pool);
        }
        let inner = Inner {
            state: Mutex::new(state),
            launcher: Box::new(launcher),
            settings,
            base_url: Mutex::new(String::new()),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Tells where the Runtime API listens, without a trailing slash; needed before the first hit.
    pub fn set_base_url(&self, url: &str) {
        let mut base_url = self.inner.base_url.lock().unwrap_or_else(PoisonError::into_inner);
        url.clone_into(&mut base_url);
    }

    /// Runs `function` on `payload`. Goes on to its end when the caller stops waiting.
    pub async fn invoke(&self, function: &str, payload: Vec<u8>) -> Outcome {
        let (manager, name) = (self.clone(), function.to_owned());
        let task = tasks::spawn(async move { manager.run(&name, payload).await });
        task.await.unwrap_or(Err(InvokeError::Closing))
    }

    async fn run(&self, function: &str, payload: Vec<u8>) -> Outcome {
        let (accepted, when_accepted) = oneshot::channel();
        let (reply, mut answer) = oneshot::channel();
        let request_id = random::uuid();
        let invocation = Invocation { request_id: request_id.clone(), payload, accepted, reply };
        let limit = self.enqueue(function, invocation)?;
        let Ok(instance) = timeout(self.inner.settings.queue_limit, when_accepted).await else {
            self.withdraw(function, &request_id);
            return Err(InvokeError::Busy(function.to_owned()));
        };
        let Ok(instance) = instance else {
            return answer.try_recv().unwrap_or(Err(InvokeError::Closing));
        };
        if let Ok(outcome) = timeout(limit, answer).await {
            return outcome.unwrap_or(Err(InvokeError::Closing));
        }
        self.stop_instance(instance);
        Err(InvokeError::TimedOut(function.to_owned()))
    }

    fn enqueue(&self, function: &str, invocation: Invocation) -> Result<Duration, InvokeError> {
        let limit = {
            let mut state = self.state();
            if state.closing {
                return Err(InvokeError::Closing);
            }
            let pool = state
                .pools
                .get_mut(function)
                .ok_or_else(|| InvokeError::Unknown(function.to_owned()))?;
            pool.waiting.push_back(invocation);
            let limit = pool.spec.timeout;
            state.dispatch(function);
            limit
        };
        self.launch_wanted(function);
        Ok(limit)
    }

    fn withdraw(&self, function: &str, request_id: &str) {
        if let Some(pool) = self.state().pools.get_mut(function) {
            pool.waiting.retain(|waiting| waiting.request_id != request_id);
        }
    }

    fn launch_wanted(&self, function: &str) {
        loop {
            let id = {
                let mut state = self.state();
                if state.launches_wanted(function) == 0 {
                    return;
                }
                state.add_instance(function)
            };
            self.launch(function, id);
        }
    }

    fn launch(&self, function: &str, id: u64) {
        let base = self.inner.base_url.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match self.inner.launcher.launch(function, &format!("{base}/{id}")) {
            Ok(launched) => {
                if let Some(instance) = self.state().instances.get_mut(&id) {
                    instance.process_id = launched.process_id;
                    instance.kill = Some(launched.kill);
                    if instance.stopping {
                        instance.stop();
                    }
                }
                let manager = self.clone();
                tasks::spawn(async move {
                    let how = launched.exited.await;
                    manager.ended(id, &how);
                });
            }
            Err(error) => self.ended(id, &error.to_string()),
        }
    }

    /// Cleans up after an instance and starts another where work waits.
    fn ended(&self, id: u64, how: &str) {
        let function = {
            let mut state = self.state();
            let Some(instance) = state.instances.remove(&id) else { return };
            let function = instance.function;
            let Some(pool) = state.pools.get_mut(&function) else { return };
            pool.idle.retain(|idle| *idle != id);
            if !instance.stopping {
                pool.crashes += 1;
                tracing::warn!(function, how, "an instance ended by itself");
            }
            match instance.phase {
                Phase::Busy { reply, .. } => {
                    let error = InvokeError::Crashed(function.clone(), how.to_owned());
                    let _gone = reply.send(Err(error));
                }
                Phase::Starting => {
                    // One failure answers one caller, so that a broken binary does not loop.
                    if let Some(waiting) = pool.waiting.pop_front() {
                        let why = instance.start_error.unwrap_or_else(|| how.to_owned());
                        waiting.fail(InvokeError::NotStarted(function.clone(), why));
                    }
                }
                Phase::Idle { .. } | Phase::Returning => {}
            }
            function
        };
        self.launch_wanted(&function);
    }

    /// Parks an instance until there is work for it; nothing when it is unknown or ending.
    pub(super) fn next(&self, id: u64) -> Option<oneshot::Receiver<Delivered>> {
        let mut state = self.state();
        let instance = state.instances.get_mut(&id)?;
        if instance.stopping {
            return None;
        }
        let init = matches!(instance.phase, Phase::Starting).then(|| instance.started.elapsed());
        let (hand, receiver) = oneshot::channel();
        instance.phase = Phase::Idle { since: Instant::now(), hand };
        let function = instance.function.clone();
        if let Some(pool) = state.pools.get_mut(&function) {
            pool.idle.retain(|idle| *idle != id);
            pool.idle.push(id);
            if let Some(init) = init {
                pool.last_init_milliseconds = u64::try_from(init.as_millis()).ok();
            }
        }
        state.dispatch(&function);
        Some(receiver)
    }

    /// Takes the outcome of a request; false when the instance is not working on it.
    pub(super) fn complete(
        &self,
        id: u64,
        request_id: &str,
        outcome: Result<Vec<u8>, String>,
    ) -> bool {
        let mut state = self.state();
        let Some(instance) = state.instances.get_mut(&id) else { return false };
        match std::mem::replace(&mut instance.phase, Phase::Returning) {
            Phase::Busy { request_id: current, reply } if current == request_id => {
                let outcome = outcome
                    .map_err(|detail| InvokeError::Failed(instance.function.clone(), detail));
                let _gone = reply.send(outcome);
                true
            }
            other @ (Phase::Starting
            | Phase::Idle { .. }
            | Phase::Busy { .. }
            | Phase::Returning) => {
                instance.phase = other;
                false
            }
        }
    }

    /// Keeps why an instance could not start, for the caller that hears of its end.
    pub(super) fn start_failed(&self, id: u64, detail: String) {
        if let Some(instance) = self.state().instances.get_mut(&id) {
            instance.start_error = Some(detail);
        }
    }

    fn stop_instance(&self, id: u64) {
        if let Some(instance) = self.state().instances.get_mut(&id) {
            instance.stop();
        }
    }

    /// Ends instances that have been idle too long and answers how many.
    pub fn reap(&self) -> usize {
        match Instant::now().checked_sub(self.inner.settings.idle_limit) {
            Some(limit) => self.state().stop_idle_since(limit),
            None => 0,
        }
    }

    /// Ends all instances, fails waiting work and waits until the last process has gone.
    pub async fn shut_down(&self) {
        {
            let mut state = self.state();
            state.closing = true;
            for pool in state.pools.values_mut() {
                pool.waiting.drain(..).for_each(|waiting| waiting.fail(InvokeError::Closing));
            }
            state.instances.values_mut().for_each(super::instance::Instance::stop);
        }
        let gone = async {
            while !self.state().instances.is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        // A process that ignores even a kill is the system's to clean up.
        let _late = timeout(Duration::from_secs(3), gone).await;
    }

    /// What each function does at the moment, by name.
    pub fn status(&self) -> Vec<FunctionStatus> {
        let state = self.state();
        let of = |name: &str| {
            let name = name.to_owned();
            state.instances.values().filter(move |instance| instance.function == name)
        };
        let status = |(name, pool): (&String, &Pool)| {
            let busy = of(name).any(|instance| instance.idle_since().is_none());
            let instances = of(name).count();
            FunctionStatus {
                name: name.clone(),
                state: match (instances, busy) {
                    (0, _) => FunctionState::Stopped,
                    (_, true) => FunctionState::Busy,
                    (_, false) => FunctionState::Idle,
                },
                instances,
                starts: pool.starts,
                crashes: pool.crashes,
                last_init_milliseconds: pool.last_init_milliseconds,
                memory_bytes: of(name).filter_map(|one| one.process_id).map(memory_bytes).sum(),
            }
        };
        state.pools.iter().map(status).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
