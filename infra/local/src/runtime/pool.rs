//! The instances and the waiting work of all functions, as plain data.
//! Changed only under the manager's lock; the most recently used idle instance is served first.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Instant;

use super::instance::{Instance, Phase};
use super::invocation::{Delivered, Invocation};
use super::manager::FunctionSpec;
use crate::wall;

pub(super) struct Pool {
    pub(super) spec: FunctionSpec,
    /// Idle instances, the most recently used last.
    pub(super) idle: Vec<u64>,
    pub(super) waiting: VecDeque<Invocation>,
    pub(super) starts: u64,
    pub(super) crashes: u64,
    pub(super) last_init_milliseconds: Option<u64>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) pools: BTreeMap<String, Pool>,
    pub(super) instances: HashMap<u64, Instance>,
    pub(super) next_instance: u64,
    pub(super) closing: bool,
}

impl State {
    /// Hands waiting work to idle instances until one of the two runs out.
    pub(super) fn dispatch(&mut self, function: &str) {
        let Some(pool) = self.pools.get_mut(function) else { return };
        while !pool.waiting.is_empty() {
            let Some(id) = pool.idle.pop() else { return };
            let Some(instance) = self.instances.get_mut(&id) else { continue };
            let Phase::Idle { hand, .. } = std::mem::replace(&mut instance.phase, Phase::Returning)
            else {
                continue;
            };
            if let Some(invocation) = pool.waiting.pop_front()
                && let Some(unsent) = give(id, instance, hand, invocation, &pool.spec)
            {
                pool.waiting.push_front(unsent);
            }
        }
    }

    /// How many more instances the waiting work calls for.
    pub(super) fn launches_wanted(&self, function: &str) -> usize {
        let Some(pool) = self.pools.get(function) else { return 0 };
        if self.closing {
            return 0;
        }
        let ours = || self.instances.values().filter(|instance| instance.function == function);
        let alive = ours().filter(|instance| !instance.stopping).count();
        let coming = ours().filter(|instance| instance.is_coming()).count();
        let wanted = pool.waiting.len().saturating_sub(coming);
        wanted.min(pool.spec.maximum_instances.saturating_sub(alive))
    }

    /// Registers an instance that is about to start.
    pub(super) fn add_instance(&mut self, function: &str) -> u64 {
        self.next_instance += 1;
        let id = self.next_instance;
        self.instances.insert(id, Instance::new(function));
        if let Some(pool) = self.pools.get_mut(function) {
            pool.starts += 1;
        }
        id
    }

    /// Instances idle since before `limit`, which are then no longer served.
    pub(super) fn stop_idle_since(&mut self, limit: Instant) -> usize {
        let old: Vec<u64> = self
            .instances
            .iter()
            .filter(|(_, instance)| instance.idle_since().is_some_and(|since| since <= limit))
            .map(|(id, _)| *id)
            .collect();
        for id in &old {
            for pool in self.pools.values_mut() {
                pool.idle.retain(|idle| idle != id);
            }
            if let Some(instance) = self.instances.get_mut(id) {
                instance.stop();
            }
        }
        old.len()
    }
}

/// Gives work to an idle instance; answers it back when the instance has hung up.
fn give(
    id: u64,
    instance: &mut Instance,
    hand: tokio::sync::oneshot::Sender<Delivered>,
    invocation: Invocation,
    spec: &FunctionSpec,
) -> Option<Invocation> {
    let Invocation { request_id, payload, accepted, reply } = invocation;
    let time_out = i64::try_from(spec.timeout.as_millis()).unwrap_or(i64::MAX);
    let delivered = Delivered {
        request_id: request_id.clone(),
        payload,
        deadline_milliseconds: wall::now_milliseconds().saturating_add(time_out),
        function_arn: spec.arn(),
    };
    match hand.send(delivered) {
        Ok(()) => {
            let _gone = accepted.send(id);
            instance.phase = Phase::Busy { request_id, reply };
            None
        }
        Err(unsent) => {
            // Its connection broke: the process is ending or stuck, and must not count as alive.
            instance.stop();
            Some(Invocation { request_id, payload: unsent.payload, accepted, reply })
        }
    }
}
