//! The engine against the naive evaluator of `support/naive.rs`.
//!
//! Invariant: what differs fails by the first message that differs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{Rate, Segment};
use proptest::prelude::*;
use support::dice::{Dice, count};
use support::naive::{Message, compare};
use support::{interval, ms};

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

proptest! {
    #![proptest_config(support::at_least(300))]

    #[test]
    fn hostile_messages_are_counted_as_the_naive_evaluator_counts(
        messages in messages(), tail in 0..500_u64, must_see in 0..400_u64,
    ) {
        let mut module = support::module(1000);
        module.ignored_tail = ms(tail);
        module.must_see.insert(interval(must_see, must_see + 100));
        compare(module, &messages).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn straight_viewers_are_judged_as_the_naive_evaluator_judges(messages in straight()) {
        compare(support::module(1000), &messages).map_err(TestCaseError::fail)?;
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

/// A short case: small modules and few messages, so that many fit into a night.
fn case(dice: &mut Dice) -> (interlock_watch::Module, Vec<Message>) {
    let length = dice.between(60, 360);
    let mut module = support::module(length);
    module.ignored_tail = ms(if dice.one_in(2) { dice.between(0, length) } else { 0 });
    if dice.one_in(3) {
        let from = dice.between(0, length);
        module.must_see.insert(interval(from, from + dice.between(0, 80)));
    }
    let (mut reached, straight) = (0, dice.one_in(2));
    let messages = (0..dice.between(1, 9)).map(|_| {
        let wait = if dice.one_in(9) { dice.between(0, 450) } else { dice.between(20, 160) };
        let back = if dice.one_in(20) { 100 } else { 0 };
        let wait = i64::try_from(wait).unwrap() - back;
        let parts = if straight { 1 } else { dice.between(0, 4) };
        let segments: Vec<_> = (0..parts).map(|_| claim(dice, &mut reached, straight)).collect();
        let position = if straight { reached } else { dice.between(0, 400) };
        let step = if dice.one_in(12) { 0 } else { dice.between(1, 3) };
        Message { wait, step, segments, position }
    });
    let messages = messages.collect();
    (module, messages)
}

fn claim(dice: &mut Dice, reached: &mut u64, straight: bool) -> Segment {
    let rate = match dice.between(0, 8) {
        0 => 500,
        1 => 1250,
        2 => 1500,
        3 => 2000,
        4 => 16_000,
        5 => u32::try_from(dice.between(1, 5000)).unwrap(),
        _ => 1000,
    };
    let from = if straight { *reached + dice.between(0, 4) } else { dice.between(0, 400) };
    let to = from + dice.between(0, 140);
    *reached = to;
    let wall = ms(dice.between(0, 200));
    Segment { from: ms(from), to: ms(to), rate: Rate::from_permille(rate), wall }
}

// All of 10 000 000 in `cargo xtask nightly`; the number of a case is its seed.
#[test]
fn random_cases_are_counted_as_the_naive_evaluator_counts() {
    let cases = count("WATCH_CASES", 10_000);
    let mut completed = 0_u64;
    for seed in 0..cases {
        let (module, messages) = case(&mut Dice::new(seed));
        match compare(module, &messages) {
            Ok(done) => completed += u64::from(done),
            Err(difference) => panic!("case {seed}: {difference}"),
        }
    }
    println!("{cases} cases, {completed} of them completed, all alike");
    assert!(completed * 50 > cases, "too few are completed to say anything: {completed}");
}
