//! The executor: takes what is due, goes on with tasks, lets processes die.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use crate::actors;
use crate::client::{self, Wish};
use crate::context::Ctx;
use crate::faults::Fault;
use crate::hub::{Due, Hub, Life, Spawn, Work, lock};
use crate::plan::Planned;
use crate::workers;

struct Task {
    ctx: Arc<Ctx>,
    work: Work,
    mortal: bool,
    ends: i64,
    wish: Option<Box<Wish>>,
}

/// How long a function that answers a person may run (RELIABILITY 3.5).
pub(crate) const REQUEST_LIMIT: i64 = 15_000_000;

/// Plays what is due.
pub(crate) struct Executor {
    pub(crate) hub: Arc<Hub>,
    acts: Vec<Planned>,
    tasks: Vec<Option<Task>>,
}

impl Executor {
    /// With the acts of a plan on the agenda.
    pub(crate) fn new(hub: &Arc<Hub>, acts: Vec<Planned>) -> Self {
        for (place, act) in acts.iter().enumerate() {
            hub.at(hub.micros() + act.after, act.lineage, Due::Act(place));
        }
        Self { hub: hub.clone(), acts, tasks: Vec::new() }
    }

    /// Plays up to an instant, or until a promise is broken.
    pub(crate) fn play_until(&mut self, until: i64) {
        self.begin_spawned();
        while let Some(due) = self.hub.next(until) {
            self.one(due);
            self.begin_spawned();
            if self.hub.is_broken() {
                return;
            }
        }
        self.hub.pass(until);
    }

    fn one(&mut self, due: Due) {
        match due {
            Due::Wake(task) => self.go_on(task),
            Due::Act(place) => {
                if let Some(act) = self.acts.get(place) {
                    actors::begin(&self.hub, act);
                }
            }
            Due::Hook(sent, lineage) => workers::receive(&self.hub, *sent, lineage),
            Due::Message(id) => workers::message(&self.hub, id),
            Due::Again(wish, lineage) => client::ask(&self.hub, *wish, lineage),
        }
    }

    /// Begins everything that was spawned, and runs it up to its first wait.
    fn begin_spawned(&mut self) {
        loop {
            let spawned = std::mem::take(&mut *lock(&self.hub.spawns));
            if spawned.is_empty() {
                return;
            }
            for Spawn { ctx, work, life } in spawned {
                let (mortal, limit, wish) = match life {
                    Life::Immortal => (false, i64::MAX / 4, None),
                    Life::Function(limit) => (true, limit, None),
                    Life::Request(wish) => (true, REQUEST_LIMIT, Some(wish)),
                };
                let ends = self.hub.micros() + limit;
                self.tasks.push(Some(Task { ctx, work, mortal, ends, wish }));
                self.go_on(self.tasks.len() - 1);
            }
        }
    }

    fn go_on(&mut self, place: usize) {
        let Some(slot) = self.tasks.get_mut(place) else { return };
        let Some(task) = slot.as_mut() else { return };
        let late = self.hub.micros() > task.ends && !self.hub.is_calm();
        if late {
            self.hub.hit(task.ctx.number(), Fault::FunctionTimeout);
        }
        // Slow for reasons of its own, a function runs out of time anywhere.
        let stalled = task.mortal && task.ctx.fault(Fault::FunctionTimeout);
        if late || stalled || (task.mortal && task.ctx.fault(Fault::Crash)) {
            let dead = slot.take();
            if let Some(Task { ctx, wish: Some(wish), .. }) = dead {
                client::heard_nothing(&ctx, *wish);
            }
            return;
        }
        self.hub.current.store(place, Ordering::Relaxed);
        let mut context = Context::from_waker(Waker::noop());
        if let Poll::Ready(()) = task.work.as_mut().poll(&mut context) {
            *slot = None;
        }
    }
}
