//! A small world to play in: one person, several modules, one clock.
//!
//! Invariant: it only forwards to the public interface and keeps what comes back.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod dice;
pub(crate) mod naive;

use interlock_watch::{
    Beat, BeatError, Coverage, Earlier, Ground, Interval, Millis, Module, Outcome, PersonBudget,
    Rate, Rules, Segment, Viewing, Watch, heartbeat, open,
};
use jiff::Timestamp;
use proptest::prelude::ProptestConfig;

/// So many cases, or more where `PROPTEST_CASES` asks for them.
pub(crate) fn at_least(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig { cases: asked.cases.max(cases), ..asked }
}

pub(crate) fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
}

pub(crate) fn ms(milliseconds: u64) -> Millis {
    Millis::new(milliseconds)
}

pub(crate) fn seconds(seconds: u64) -> Millis {
    Millis::from_seconds(seconds)
}

pub(crate) fn interval(from: u64, to: u64) -> Interval {
    Interval::new(ms(from), ms(to))
}

pub(crate) fn coverage(pairs: &[(u64, u64)]) -> Coverage {
    pairs.iter().map(|(from, to)| interval(*from, *to)).collect()
}

pub(crate) fn module(milliseconds: u64) -> Module {
    Module::new(1, ms(milliseconds)).unwrap()
}

/// A segment whose wall time fits its rate.
pub(crate) fn segment(from: u64, to: u64, permille: u32) -> Segment {
    let rate = Rate::from_permille(permille);
    Segment { from: ms(from), to: ms(to), rate, wall: rate.time_for(ms(to - from)) }
}

pub(crate) fn beat(session_id: &str, sequence: u64, segments: Vec<Segment>, position: u64) -> Beat {
    let position = ms(position);
    Beat { session_id: session_id.to_owned(), sequence, segments, position, visible: true }
}

/// One person with a clock that can be turned in both directions.
pub(crate) struct World {
    pub(crate) rules: Rules,
    pub(crate) modules: Vec<Module>,
    pub(crate) watches: Vec<Option<Watch>>,
    pub(crate) budget: Option<PersonBudget>,
    pub(crate) now: i64,
}

impl World {
    pub(crate) fn new(durations: &[u64]) -> Self {
        Self {
            rules: Rules::default(),
            modules: durations.iter().copied().map(module).collect(),
            watches: vec![None; durations.len()],
            budget: None,
            now: 0,
        }
    }

    pub(crate) fn ground(&self, module: usize) -> Ground<'_> {
        Ground { module: &self.modules[module], rules: &self.rules, now: at(self.now) }
    }

    pub(crate) fn watch(&self, module: usize) -> &Watch {
        self.watches[module].as_ref().unwrap()
    }

    pub(crate) fn open(&mut self, module: usize, beat: &Beat) -> Result<Outcome, BeatError> {
        let earlier = Earlier { watch: self.watches[module].clone(), budget: self.budget.clone() };
        let outcome = open(earlier, self.ground(module), beat)?;
        self.store(module, &outcome);
        Ok(outcome)
    }

    pub(crate) fn beat(&mut self, module: usize, beat: &Beat) -> Result<Outcome, BeatError> {
        let viewing = Viewing {
            watch: self.watches[module].clone().unwrap(),
            budget: self.budget.clone().unwrap(),
        };
        let outcome = heartbeat(viewing, self.ground(module), beat)?;
        self.store(module, &outcome);
        Ok(outcome)
    }

    /// Lets time pass and sends one segment played meanwhile.
    pub(crate) fn play(&mut self, wait: i64, sequence: u64, played: Segment) -> Outcome {
        self.now += wait;
        let position = played.to.get();
        self.beat(0, &beat("w", sequence, vec![played], position)).unwrap()
    }

    /// Opens module 0 as session `w` at the start.
    pub(crate) fn opened(durations: &[u64]) -> Self {
        let mut world = Self::new(durations);
        world.open(0, &beat("w", 1, vec![], 0)).unwrap();
        world
    }

    fn store(&mut self, module: usize, outcome: &Outcome) {
        self.watches[module] = Some(outcome.viewing.watch.clone());
        self.budget = Some(outcome.viewing.budget.clone());
    }
}
