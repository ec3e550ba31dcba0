//! A second, naive evaluator: a flag per millisecond and credit handed out one at a time.
//!
//! Invariant: it shares no arithmetic with the engine, only the types of the messages.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{Millis, Module, Rate, Rules, Segment, Watch, completion, progress};
use proptest::prelude::*;
use support::{World, beat, interval, ms};

// Small figures, so that every border is met often and a flag per millisecond stays cheap.
fn rules() -> Rules {
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
        Self {
            seen: vec![false; index(module.duration)],
            required: index(module.duration.minus(module.ignored_tail)),
            must_see: part.map_or((0, 0), |part| (index(part.from()), index(part.to()))),
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

#[derive(Clone, Debug)]
struct Message {
    wait: i64,
    step: u64,
    segments: Vec<Segment>,
    position: u64,
}

fn claims() -> impl Strategy<Value = Segment> {
    let rate =
        prop_oneof![Just(500_u32), Just(1000), Just(1250), Just(1500), Just(2000), 1..5000_u32];
    (0..1200_u64, 0..300_u64, rate).prop_map(|(from, length, rate)| Segment {
        from: ms(from),
        to: ms(from + length),
        rate: Rate::from_permille(rate),
        wall: ms(50),
    })
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let one = (
        prop_oneof![5 => 0..160_i64, 1 => -50..400_i64],
        0..3_u64,
        prop::collection::vec(claims(), 0..4),
        0..1200_u64,
    );
    let one =
        one.prop_map(|(wait, step, segments, position)| Message { wait, step, segments, position });
    prop::collection::vec(one, 1..40)
}

// A viewer who goes straight on, so that completion is reached too.
fn straight() -> impl Strategy<Value = Vec<Message>> {
    let one = (40..60_i64, 0..30_u64, 900..1600_u32);
    prop::collection::vec(one, 10..60).prop_map(|beats| {
        let mut reached = 0;
        let mut messages = vec![];
        for (wait, hole, rate) in beats {
            let from = reached + hole / 3;
            reached = from + u64::try_from(wait).unwrap() * u64::from(rate) / 1000;
            let rate = Rate::from_permille(rate);
            let segment = Segment { from: ms(from), to: ms(reached), rate, wall: ms(50) };
            messages.push(Message { wait, step: 1, segments: vec![segment], position: reached });
        }
        messages
    })
}

fn flags(watch: &Watch, length: usize) -> Vec<bool> {
    let mut flags = vec![false; length];
    for part in watch.coverage.intervals() {
        let index = |position: Millis| usize::try_from(position.get()).unwrap();
        flags[index(part.from())..index(part.to())].fill(true);
    }
    flags
}

fn compare(module: Module, messages: &[Message]) -> Result<bool, TestCaseError> {
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
            prop_assert_eq!((counted.accepted.get(), counted.rejected.get()), expected);
        }
        let watch = world.watch(0);
        let shown = progress(watch, &world.modules[0], &world.rules);
        prop_assert_eq!(shown.covered.get(), naive.covered());
        prop_assert_eq!(flags(watch, naive.seen.len()), naive.seen.clone());
        prop_assert_eq!(world.budget.as_ref().unwrap().grace_left().get(), naive.grace);
        let tallies = watch.tallies;
        prop_assert_eq!(
            (tallies.seeks, tallies.skipped_forward.get()),
            (naive.seeks, naive.skipped)
        );
        prop_assert_eq!(watch.completed_at.is_some(), naive.completed);
        prop_assert_eq!(
            completion(watch, world.ground(0)).is_complete(),
            naive.completed || naive.complete(world.now)
        );
    }
    Ok(naive.completed)
}

proptest! {
    #![proptest_config(support::at_least(300))]

    #[test]
    fn hostile_messages_are_counted_as_the_naive_evaluator_counts(
        messages in messages(), tail in 0..500_u64, must_see in 0..400_u64,
    ) {
        let mut module = support::module(1000);
        module.ignored_tail = ms(tail);
        module.must_see.insert(interval(must_see, must_see + 100));
        compare(module, &messages)?;
    }

    #[test]
    fn straight_viewers_are_judged_as_the_naive_evaluator_judges(messages in straight()) {
        compare(support::module(1000), &messages)?;
    }
}

#[test]
fn the_comparison_reaches_completion() {
    let messages: Vec<_> = (0..20)
        .map(|n| {
            let (from, to) = (n * 50, n * 50 + 50);
            let segments =
                vec![Segment { from: ms(from), to: ms(to), rate: Rate::NORMAL, wall: ms(50) }];
            Message { wait: 50, step: 1, segments, position: to }
        })
        .collect();
    assert!(compare(support::module(1000), &messages).unwrap());
}
