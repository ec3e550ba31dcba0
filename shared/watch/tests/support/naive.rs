//! A second, naive evaluator: a flag per millisecond and credit handed out one at a time.
//!
//! Invariant: it shares no arithmetic with the engine, only the types of the messages.

use interlock_watch::{Millis, Module, Rules, Segment, Watch, completion, progress};

use super::{World, beat, ms};

// Small figures, so that every border is met often and a flag per millisecond stays cheap.
pub(crate) fn rules() -> Rules {
    Rules {
        cadence: ms(50),
        longest_gap: ms(150),
        sampling_tolerance: ms(30),
        grace: ms(10),
        ..Rules::default()
    }
}

struct Tab {
    sequence: u64,
    position: u64,
    heard: i64,
}

struct Naive {
    seen: Vec<bool>,
    required: usize,
    must_see: (usize, usize),
    tab: Tab,
    person_heard: i64,
    grace: u64,
    opened: i64,
    completed: bool,
    seeks: u64,
    skipped: u64,
}

impl Naive {
    fn new(module: &Module, opened: i64) -> Self {
        let part = module.must_see.intervals().first();
        let index = |position: Millis| usize::try_from(position.get()).unwrap();
        let required = index(module.duration.minus(module.ignored_tail));
        let must_see = part.map_or((0, 0), |part| (index(part.from()), index(part.to())));
        Self {
            seen: vec![false; index(module.duration)],
            required,
            must_see: (must_see.0.min(required), must_see.1.min(required)),
            tab: Tab { sequence: 1, position: 0, heard: opened },
            person_heard: opened,
            grace: 10,
            opened,
            completed: false,
            seeks: 0,
            skipped: 0,
        }
    }

    fn head(&mut self, to: u64) {
        let to = to.min(self.seen.len() as u64);
        if to > self.tab.position + 30 {
            self.seeks += 1;
            self.skipped += to - self.tab.position;
        } else if to + 30 < self.tab.position {
            self.seeks += 1;
        }
        self.tab.position = to;
    }

    fn beat(&mut self, now: i64, sequence: u64, segments: &[Segment], position: u64) -> (u64, u64) {
        if sequence <= self.tab.sequence {
            return (0, 0);
        }
        let person = (now - self.person_heard).clamp(0, 150);
        // Permille of a position per millisecond, so that time is spent in thousandths.
        let mut time = u64::try_from(person.min((now - self.tab.heard).max(0))).unwrap();
        let mut unused = u64::try_from(person).unwrap();
        let (mut accepted, mut rejected) = (0, 0);
        for segment in segments {
            self.head(segment.from.get());
            let rate = u64::from(segment.rate.permille().min(1500));
            let (mut debt, mut from_time, mut stopped) = (0, 0, false);
            for position in segment.from.get()..segment.to.get() {
                let inside = usize::try_from(position).unwrap() < self.seen.len();
                let paid = inside && !stopped && {
                    from_time += 1;
                    if from_time * 1000 <= time * rate {
                        debt = from_time;
                        true
                    } else {
                        let had = self.grace > 0;
                        self.grace = self.grace.saturating_sub(1);
                        stopped = !had;
                        had
                    }
                };
                if paid {
                    self.seen[usize::try_from(position).unwrap()] = true;
                    accepted += 1;
                } else {
                    rejected += 1;
                }
            }
            let mut used = 0;
            while used * rate < debt * 1000 {
                used += 1;
            }
            time -= used;
            unused -= used;
            self.tab.position = segment.to.get().min(self.seen.len() as u64);
        }
        self.head(position);
        for _ in 0..unused * 1500 / 1000 {
            self.grace = (self.grace + 1).min(10);
        }
        self.tab.sequence = sequence;
        self.tab.heard = self.tab.heard.max(now);
        self.person_heard = self.person_heard.max(now);
        self.completed |= self.complete(now);
        (accepted, rejected)
    }

    fn longest_gap(&self, from: usize, to: usize) -> u64 {
        let (mut longest, mut current) = (0, 0);
        for seen in &self.seen[from..to] {
            current = if *seen { 0 } else { current + 1 };
            longest = longest.max(current);
        }
        longest
    }

    fn covered(&self) -> u64 {
        self.seen[..self.required].iter().filter(|seen| **seen).count() as u64
    }

    fn complete(&self, now: i64) -> bool {
        let share = self.covered() * 100 >= 90 * self.required as u64;
        let time = u64::try_from(now - self.opened).unwrap_or(0) * 3 >= self.covered() * 2;
        let parts = self.longest_gap(self.must_see.0, self.must_see.1) <= 30;
        share && time && parts && self.longest_gap(0, self.required) <= 150
    }
}

/// One message: after how long, by how much its sequence rises, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) wait: i64,
    pub(crate) step: u64,
    pub(crate) segments: Vec<Segment>,
    pub(crate) position: u64,
}

fn flags(watch: &Watch, length: usize) -> Vec<bool> {
    let mut flags = vec![false; length];
    for part in watch.coverage.intervals() {
        let index = |position: Millis| usize::try_from(position.get()).unwrap();
        flags[index(part.from())..index(part.to())].fill(true);
    }
    flags
}

/// Whether both count alike, message by message; tells whether the module was completed.
pub(crate) fn compare(module: Module, messages: &[Message]) -> Result<bool, String> {
    let mut world = World::new(&[1000]);
    (world.rules, world.modules[0]) = (rules(), module);
    world.open(0, &beat("w", 1, vec![], 0)).unwrap();
    let mut naive = Naive::new(&world.modules[0], 0);
    let mut sequence = 1;
    for message in messages {
        world.now += message.wait;
        sequence += message.step;
        let sent = beat("w", sequence, message.segments.clone(), message.position);
        let outcome = world.beat(0, &sent).unwrap();
        let expected = naive.beat(world.now, sequence, &message.segments, message.position);
        if outcome.changed() {
            let counted = outcome.counted;
            alike(&(counted.accepted.get(), counted.rejected.get()), &expected)?;
        }
        let watch = world.watch(0);
        let shown = progress(watch, &world.modules[0], &world.rules);
        alike(&shown.covered.get(), &naive.covered())?;
        alike(&flags(watch, naive.seen.len()), &naive.seen)?;
        alike(&world.budget.as_ref().unwrap().grace_left().get(), &naive.grace)?;
        let tallies = watch.tallies;
        alike(&(tallies.seeks, tallies.skipped_forward.get()), &(naive.seeks, naive.skipped))?;
        alike(&watch.completed_at.is_some(), &naive.completed)?;
        alike(
            &completion(watch, world.ground(0)).is_complete(),
            &(naive.completed || naive.complete(world.now)),
        )?;
    }
    Ok(naive.completed)
}

fn alike<T: PartialEq + std::fmt::Debug>(ours: &T, naive: &T) -> Result<(), String> {
    if ours == naive { Ok(()) } else { Err(format!("{ours:?} is not {naive:?}")) }
}
