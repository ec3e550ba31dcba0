//! One schedule from its plan to its verdict.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::defects::Defect;
use crate::exec::Executor;
use crate::faults::Fault;
use crate::fixture::{Template, start};
use crate::hub::{Hub, Parts, lock};
use crate::plan::Plan;
use crate::ports;
use crate::rest;

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which, by its name in RELIABILITY 2.
    pub promise: &'static str,
    /// How.
    pub detail: String,
}

/// What came of a schedule.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The first promise that was broken.
    pub violation: Option<Violation>,
    /// Steps played.
    pub steps: u64,
    /// Digest of everything that happened, in its order.
    pub digest: u64,
    /// Faults that were acted out, with the marks by which a plan may keep them.
    pub hits: Vec<(u64, Fault)>,
    /// The story, if it was asked for.
    pub story: Vec<String>,
}

thread_local! {
    static TEMPLATE: Template = Template::new();
}

/// Of how many schedules one sends its letters, which makes it a fifth dearer; what they promise
/// does not depend on the rest.
const TELLING: u64 = 4;

fn tells(seed: u64, defect: Option<Defect>) -> bool {
    seed.is_multiple_of(TELLING) || defect.is_some_and(Defect::is_of_letters)
}

/// Plays a plan; `story` keeps what is told of a failure.
pub fn play(plan: &Plan, defect: Option<Defect>, story: bool) -> Outcome {
    let hub = TEMPLATE.with(|template| {
        Arc::new(Hub::new(Parts {
            start: start(),
            store: template.store.fork(),
            desk: template.desk.reseeded(plan.seed),
            checker: template.checker.clone(),
            mix: plan.mix.clone(),
            only: plan.only.clone(),
            defect,
            tells: tells(plan.seed, defect),
            story,
        }))
    });
    if plan.mix.rate(Fault::StaleIndex) > 0 {
        lock(&hub.behind).replica = Some(ports::replica(&hub.store));
    }
    let mut executor = Executor::new(&hub, plan.acts.clone());
    let last = plan.acts.last().map_or(0, |act| act.after);
    executor.play_until(hub.micros() + last + 30_000_000);
    if !hub.is_broken() {
        rest::settle(&mut executor);
    }
    let outcome = Outcome {
        violation: hub.violation(),
        steps: hub.steps.load(Ordering::Relaxed),
        digest: hub.digest(),
        hits: std::mem::take(&mut *lock(&hub.hits)),
        story: hub.story(),
    };
    // Tasks hold the hub and the hub holds spawned work; both go here.
    lock(&hub.spawns).clear();
    outcome
}
