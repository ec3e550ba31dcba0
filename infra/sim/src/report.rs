//! Many schedules on all cores, and what is told of them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::defects::Defect;
use crate::dice::join;
use crate::faults::{FAULTS, Fault};
use crate::hub::lock;
use crate::plan::Plan;
use crate::play::play;

/// What to play.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch {
    /// First seed.
    pub(crate) seed: u64,
    /// How many.
    pub(crate) schedules: u64,
    /// Most acts of one.
    pub(crate) acts: u64,
    /// Threads.
    pub(crate) threads: usize,
    /// A defect, and whether the first failure ends it.
    pub(crate) defect: Option<Defect>,
    /// A bias towards the faults a defect is found by.
    pub(crate) biased: bool,
}

/// What was played.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) steps: u64,
    /// Of everything that happened, in whatever order the threads took the seeds.
    pub(crate) digest: u64,
    pub(crate) hits: BTreeMap<Fault, u64>,
    /// Seeds that broke a promise, with the promise.
    pub(crate) failures: BTreeMap<u64, &'static str>,
}

impl Batch {
    /// The plan of one seed.
    pub(crate) fn plan(&self, seed: u64) -> Plan {
        let plan = Plan::drawn(seed, self.acts);
        match self.defect {
            Some(defect) if self.biased => defect.biased(plan),
            Some(_) | None => plan,
        }
    }

    /// Plays them all; with a defect, up to the first failure.
    pub(crate) fn run(&self) -> Tally {
        let next = AtomicU64::new(0);
        let stop = AtomicBool::new(false);
        let tally = Mutex::new(Tally::default());
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                scope.spawn(|| self.work(&next, &stop, &tally));
            }
        });
        std::mem::take(&mut *lock(&tally))
    }

    fn work(&self, next: &AtomicU64, stop: &AtomicBool, tally: &Mutex<Tally>) {
        let mut own = Tally::default();
        while !stop.load(Ordering::Relaxed) {
            let count = next.fetch_add(1, Ordering::Relaxed);
            if count >= self.schedules {
                break;
            }
            self.progress(count);
            let seed = self.seed.wrapping_add(count);
            let outcome = play(&self.plan(seed), self.defect, false);
            own.steps += outcome.steps;
            own.digest ^= join(seed, outcome.digest);
            for (_, fault) in outcome.hits {
                *own.hits.entry(fault).or_default() += 1;
            }
            if let Some(violation) = outcome.violation {
                own.failures.insert(seed, violation.promise);
                if self.defect.is_some() {
                    stop.store(true, Ordering::Relaxed);
                }
            }
        }
        let mut all = lock(tally);
        all.steps += own.steps;
        all.digest ^= own.digest;
        all.failures.append(&mut own.failures);
        for (fault, hits) in own.hits {
            *all.hits.entry(fault).or_default() += hits;
        }
    }
}

impl Batch {
    /// A line for each tenth of a long run.
    fn progress(&self, count: u64) {
        let tenth = self.schedules / 10;
        if self.defect.is_none() && tenth >= 1000 && count > 0 && count.is_multiple_of(tenth) {
            eprintln!("sim: {count} of {} schedules begun", self.schedules);
        }
    }
}

impl Tally {
    /// Prints how often each kind was hit.
    pub(crate) fn coverage(&self) {
        println!("{:<40}{:>12}", "fault", "hits");
        for (fault, word, _) in FAULTS {
            println!("{word:<40}{:>12}", self.hits.get(fault).copied().unwrap_or(0));
        }
    }

    /// Kinds hit fewer than once in a hundred schedules.
    pub(crate) fn rare(&self, schedules: u64) -> Vec<&'static str> {
        let hits = |fault: &Fault| self.hits.get(fault).copied().unwrap_or(0);
        let rare = FAULTS.iter().filter(|(fault, _, _)| hits(fault) * 100 < schedules);
        rare.map(|(_, word, _)| *word).collect()
    }
}
