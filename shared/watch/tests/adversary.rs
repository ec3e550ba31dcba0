//! Whatever one person sends, credit stays within server time (R22).
//!
//! Invariant: checked over every stretch between two counted messages, openings included, with
//! several modules and tabs, replays, jumps and a clock that may be turned back.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{BeatError, Millis, Rate, Segment};
use proptest::prelude::*;
use support::{World, at, beat, ms, segment};

const DURATIONS: [u64; 3] = [20_000, 60_000, 7000];

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Open { module: usize, tab: u8 },
    Beat { module: usize, tab: u8, sequence: i64, segments: Vec<Segment>, position: u64 },
}

fn claim() -> impl Strategy<Value = Segment> {
    (0..70_000_u64, 0..70_000_u64, 1..16_001_u32, 0..100_000_u64).prop_map(
        |(from, length, rate, wall)| Segment {
            from: ms(from),
            to: ms(from + length),
            rate: Rate::from_permille(rate),
            wall: ms(wall),
        },
    )
}

fn greedy() -> impl Strategy<Value = Segment> {
    (0..60_000_u64).prop_map(|from| segment(from, from + 60_000, 16_000))
}

fn step() -> impl Strategy<Value = Step> {
    let segments = prop_oneof![
        3 => prop::collection::vec(greedy(), 1..3),
        2 => prop::collection::vec(claim(), 0..5),
    ];
    let wait = prop_oneof![
        6 => 0..8000_i64,
        1 => 14_000..17_000_i64,
        1 => 0..4_000_000_i64,
        1 => -20_000..0_i64,
    ];
    prop_oneof![
        4 => wait.prop_map(Step::Wait),
        1 => (0..3_usize, 0..3_u8).prop_map(|(module, tab)| Step::Open { module, tab }),
        6 => (0..3_usize, 0..3_u8, -2..4_i64, segments, 0..70_000_u64).prop_map(
            |(module, tab, sequence, segments, position)| Step::Beat {
                module, tab, sequence, segments, position,
            }
        ),
    ]
}

// Each counted message: the furthest the clock had come, and what was credited.
struct Log {
    world: World,
    sequences: [[i64; 3]; 3],
    furthest: i64,
    counted: Vec<(i64, Millis)>,
}

impl Log {
    fn new() -> Self {
        let mut log = Self {
            world: World::new(&DURATIONS),
            sequences: [[1; 3]; 3],
            furthest: i64::MIN,
            counted: vec![],
        };
        log.open(0, 0);
        log
    }

    fn run(steps: &[Step]) -> Self {
        let mut log = Self::new();
        for step in steps {
            log.step(step);
        }
        log
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Wait(wait) => self.world.now += wait,
            Step::Open { module, tab } => self.open(*module, *tab),
            Step::Beat { module, tab, sequence, segments, position } => {
                if self.world.watches[*module].is_none() {
                    return;
                }
                let known = &mut self.sequences[*module][usize::from(*tab)];
                let next = (*known + sequence).max(0);
                *known = next.max(*known);
                let mut message = beat(&format!("t{tab}"), 0, segments.clone(), *position);
                message.sequence = u64::try_from(next).unwrap();
                let answer = self.world.beat(*module, &message);
                match answer {
                    Ok(outcome) if outcome.changed() => self.note(outcome.counted.accepted),
                    Ok(_) | Err(BeatError::UnknownSession { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    fn open(&mut self, module: usize, tab: u8) {
        let outcome = self.world.open(module, &beat(&format!("t{tab}"), 1, vec![], 0)).unwrap();
        if outcome.changed() {
            self.note(outcome.counted.accepted);
        }
    }

    fn note(&mut self, accepted: Millis) {
        self.furthest = self.furthest.max(self.world.now);
        self.counted.push((self.furthest, accepted));
    }

    fn worst_excess(&self, permille: i64) -> i64 {
        let mut worst = i64::MIN;
        for (index, (start, _)) in self.counted.iter().enumerate() {
            let mut credit = 0;
            for (end, accepted) in &self.counted[index + 1..] {
                credit += i64::try_from(accepted.get()).unwrap();
                worst = worst.max(credit - (end - start) * permille / 1000);
            }
        }
        worst
    }
}

proptest! {
    #![proptest_config(support::at_least(600))]

    #[test]
    fn credit_over_any_stretch_is_at_most_time_times_rate_plus_the_grace(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let log = Log::run(&steps);
        prop_assert!(log.worst_excess(1500) <= 1000, "excess {}", log.worst_excess(1500));
    }

    #[test]
    fn a_lower_permitted_rate_bounds_credit_as_strictly(
        steps in prop::collection::vec(step(), 1..60), permille in 1000..=2000_u32,
    ) {
        let mut log = Log::new();
        log.world.rules.max_rate = Rate::from_permille(permille);
        for step in &steps {
            log.step(step);
        }
        prop_assert!(log.worst_excess(i64::from(permille)) <= 1001);
    }

    #[test]
    fn completing_takes_the_covered_length_at_the_highest_rate(
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let mut log = Log::new();
        for step in &steps {
            let before = log.world.watches.clone();
            log.step(step);
            for (module, duration) in DURATIONS.into_iter().enumerate() {
                let Some(watch) = log.world.watches[module].clone() else { continue };
                prop_assert!(watch.coverage.length() <= ms(duration));
                let fresh = before[module].as_ref().is_none_or(|old| old.completed_at.is_none());
                if let (true, Some(completed)) = (fresh, watch.completed_at) {
                    let took = Millis::between(watch.first_opened_at, completed);
                    let covered = watch.coverage.length();
                    prop_assert!(took >= Rate::from_permille(1500).time_for(covered));
                    prop_assert!(covered.times(10) >= ms(duration).times(9));
                }
            }
        }
    }

    #[test]
    fn what_one_module_gains_is_never_more_than_all_was_credited(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let log = Log::run(&steps);
        let credited: u64 = log.counted.iter().map(|(_, accepted)| accepted.get()).sum();
        let covered: u64 = log.world.watches.iter().flatten()
            .map(|watch| watch.coverage.length().get()).sum();
        prop_assert!(covered <= credited);
    }
}

#[test]
fn the_bound_is_reached_and_not_passed_by_the_greediest_client() {
    let mut log = Log::new();
    log.open(1, 0);
    log.open(2, 0);
    for round in 0..600 {
        let module = round % 3;
        log.step(&Step::Wait(100));
        log.step(&Step::Beat {
            module,
            tab: 0,
            sequence: 1,
            segments: vec![segment(0, 60_000, 16_000)],
            position: 0,
        });
    }
    let credited: u64 = log.counted.iter().map(|(_, accepted)| accepted.get()).sum();
    assert_eq!(credited, 60_000 * 3 / 2 + 1000);
    assert_eq!(log.worst_excess(1500), 1000);
}

#[test]
fn a_script_that_claims_everything_completes_no_sooner_than_the_rate_allows() {
    let mut world = World::opened(&[600_000]);
    let mut sequence = 1;
    while world.watch(0).completed_at.is_none() {
        sequence += 1;
        let reached = world.watch(0).coverage.length().get();
        world.play(1000, sequence, segment(reached, reached + 60_000, 16_000));
    }
    // The grace keeps it ahead of the clock, which therefore holds it back to the very end.
    let took = Millis::between(at(0), world.watch(0).completed_at.unwrap());
    assert_eq!(took, ms(600_000 * 2 / 3));
}

#[test]
fn skipping_in_sampling_steps_completes_nothing() {
    let mut world = World::opened(&[600_000]);
    for (sequence, start) in (2..).zip((0..600_000).step_by(4000)) {
        world.play(1000, sequence, segment(start, start + 1000, 1000));
    }
    assert_eq!(world.watch(0).tallies.seeks, 0);
    assert_eq!(world.watch(0).completed_at, None);
    assert_eq!(world.watch(0).coverage.length(), ms(150_000));
}
