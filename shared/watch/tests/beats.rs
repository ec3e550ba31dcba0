//! Opening and counting, case by case, at, before and after each border.
//!
//! Invariant: every figure here follows from FEATURES 5.4 rules 1 to 7.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{BeatError, MAX_SESSIONS, Note, Rate, Segment};
use support::{World, beat, coverage, ms, seconds, segment};

#[test]
fn opening_earns_nothing_and_rejects_what_it_claims() {
    let mut world = World::new(&[60_000]);
    let outcome = world.open(0, &beat("w", 1, vec![segment(0, 5000, 1000)], 5000)).unwrap();
    assert_eq!(outcome.counted.accepted, ms(0));
    assert_eq!(outcome.counted.rejected, ms(5000));
    assert!(world.watch(0).coverage.intervals().is_empty());
    assert_eq!(world.watch(0).tallies.cut, ms(5000));
}

#[test]
fn a_malformed_opening_is_refused() {
    let mut world = World::new(&[60_000]);
    let error = world.open(0, &beat("", 1, vec![], 0)).unwrap_err();
    assert_eq!(error, BeatError::SessionId);
    assert!(world.watches[0].is_none());
}

#[test]
fn opening_beyond_the_end_stands_at_the_end() {
    let mut world = World::new(&[60_000]);
    world.open(0, &beat("w", 1, vec![], 70_000)).unwrap();
    assert_eq!(world.watch(0).last_position(), Some(ms(60_000)));
}

#[test]
fn a_beat_at_the_cadence_is_credited_in_full() {
    let mut world = World::opened(&[60_000]);
    let outcome = world.play(5000, 2, segment(0, 5000, 1000));
    assert_eq!(outcome.counted.accepted, ms(5000));
    assert_eq!(outcome.counted.rejected, ms(0));
    assert_eq!(outcome.notes, []);
    assert_eq!(world.watch(0).coverage, coverage(&[(0, 5000)]));
}

#[test]
fn credit_ends_at_time_times_the_lower_rate_plus_the_grace() {
    // wait, claimed length, claimed permille, accepted
    let cases = [
        (5000, 6000, 1000, 6000),
        (5000, 6001, 1000, 6000),
        (5000, 8500, 1500, 8500),
        (5000, 8501, 1500, 8500),
        (5000, 20_000, 16_000, 8500),
        (5000, 3500, 500, 3500),
        (5000, 3501, 500, 3500),
        (14_999, 40_000, 1500, 23_498),
        (15_000, 40_000, 1500, 23_500),
        (15_001, 40_000, 1500, 23_500),
        (3_600_000, 40_000, 1500, 23_500),
        (0, 40_000, 1500, 1000),
        (-1000, 40_000, 1500, 1000),
    ];
    for (wait, length, rate, accepted) in cases {
        let mut world = World::opened(&[60_000]);
        let outcome = world.play(wait, 2, segment(0, length, rate));
        assert_eq!(outcome.counted.accepted, ms(accepted), "{wait} {length} {rate}");
        assert_eq!(outcome.counted.rejected, ms(length - accepted), "{wait} {length} {rate}");
        let cut = outcome.notes.contains(&Note::Cut { index: 0, by: ms(length - accepted) });
        assert_eq!(cut, length > accepted, "{wait} {length} {rate}");
    }
}

#[test]
fn a_sequence_that_is_not_higher_is_answered_again_and_not_counted() {
    let mut world = World::opened(&[60_000]);
    let first = beat("w", 5, vec![segment(0, 7000, 1000)], 7000);
    world.now += 5000;
    let answered = world.beat(0, &first).unwrap();
    let before = (world.watches.clone(), world.budget.clone());
    world.now += 5000;
    let again = world.beat(0, &first).unwrap();
    assert_eq!(again.counted, answered.counted);
    assert_eq!(again.counted.accepted, ms(6000));
    assert!(!again.changed());
    let lower = world.beat(0, &beat("w", 4, vec![segment(0, 5000, 1000)], 5000)).unwrap();
    assert_eq!(lower.counted.accepted, ms(0));
    assert_eq!((world.watches.clone(), world.budget.clone()), before);
    let higher = world.beat(0, &beat("w", 6, vec![segment(7000, 12_000, 1000)], 12_000)).unwrap();
    assert_eq!(higher.counted.accepted, ms(5000));
}

#[test]
fn a_late_repetition_of_one_of_the_last_messages_gets_its_own_numbers() {
    let mut world = World::opened(&[60_000]);
    for n in 0..6_u64 {
        world.play(5000, n + 2, segment(n * 5000, n * 5000 + 4000 + n, 1000));
    }
    let again = |world: &mut World, sequence| {
        world.beat(0, &beat("w", sequence, vec![], 0)).unwrap().counted.accepted
    };
    assert_eq!(again(&mut world, 7), ms(4005));
    assert_eq!(again(&mut world, 4), ms(4002));
    assert_eq!(again(&mut world, 3), ms(0));
}

#[test]
fn opening_the_same_session_again_changes_nothing() {
    let mut world = World::opened(&[60_000]);
    world.play(5000, 2, segment(0, 5000, 1000));
    let before = (world.watches.clone(), world.budget.clone());
    world.now += 1000;
    let again = world.open(0, &beat("w", 1, vec![], 0)).unwrap();
    assert!(!again.changed());
    assert_eq!((world.watches, world.budget), before);
}

#[test]
fn a_step_beyond_the_tolerance_is_a_seek_and_earns_only_from_there() {
    // start of the second segment, seeks, skipped forward
    let cases = [
        (5000, 0, 0),
        (8000, 0, 0),
        (8001, 1, 3001),
        (2000, 0, 0),
        (1999, 1, 0),
        (30_000, 1, 25_000),
    ];
    for (from, seeks, skipped) in cases {
        let mut world = World::opened(&[60_000]);
        world.play(5000, 2, segment(0, 5000, 1000));
        world.play(5000, 3, segment(from, from + 5000, 1000));
        let tallies = world.watch(0).tallies;
        assert_eq!((tallies.seeks, tallies.skipped_forward), (seeks, ms(skipped)), "{from}");
        assert!(world.watch(0).coverage.length() <= ms(10_000));
        assert!(world.watch(0).coverage.covers(support::interval(from, from + 5000)));
    }
}

#[test]
fn an_empty_beat_elsewhere_is_a_seek_and_moves_the_clock() {
    let mut world = World::opened(&[600_000]);
    world.now += 15_000;
    let seek = world.beat(0, &beat("w", 2, vec![], 300_000)).unwrap();
    assert_eq!(seek.notes, [Note::Seek { from: ms(0), to: ms(300_000) }]);
    assert_eq!(world.watch(0).last_position(), Some(ms(300_000)));
    let outcome = world.play(1000, 3, segment(300_000, 315_000, 1500));
    assert_eq!(outcome.counted.accepted, ms(2500));
    assert_eq!(world.watch(0).tallies.seeks, 1);
}

#[test]
fn what_lies_beyond_the_end_is_clipped_and_rejected() {
    // from, to, accepted
    let cases =
        [(9000, 10_000, 1000), (9000, 10_001, 1000), (10_000, 12_000, 0), (50_000, 52_000, 0)];
    for (from, to, accepted) in cases {
        let mut world = World::opened(&[10_000]);
        let outcome = world.play(5000, 2, segment(from, to, 1000));
        assert_eq!(outcome.counted.accepted, ms(accepted), "{from} {to}");
        assert_eq!(outcome.counted.rejected, ms(to - from - accepted), "{from} {to}");
        assert!(world.watch(0).coverage.length() <= ms(10_000));
        assert_eq!(world.watch(0).last_position(), Some(ms(10_000)));
    }
}

#[test]
fn watching_again_is_credited_and_adds_nothing() {
    let mut world = World::opened(&[60_000]);
    world.play(5000, 2, segment(0, 5000, 1000));
    let outcome = world.play(5000, 3, segment(0, 5000, 1000));
    assert_eq!(outcome.counted.accepted, ms(5000));
    assert_eq!(world.watch(0).coverage.length(), ms(5000));
    assert_eq!(world.watch(0).tallies.accepted, ms(10_000));
}

#[test]
fn tabs_share_one_clock_over_modules() {
    let mut world = World::new(&[60_000, 60_000]);
    world.rules.grace = ms(0);
    world.open(0, &beat("a", 1, vec![], 0)).unwrap();
    world.open(1, &beat("b", 1, vec![], 0)).unwrap();
    world.now += 5000;
    let a = world.beat(0, &beat("a", 2, vec![segment(0, 5000, 1000)], 5000)).unwrap();
    let b = world.beat(1, &beat("b", 2, vec![segment(0, 5000, 1000)], 5000)).unwrap();
    assert_eq!((a.counted.accepted, b.counted.accepted), (ms(5000), ms(0)));
    world.now += 2000;
    let b = world.beat(1, &beat("b", 3, vec![segment(0, 5000, 1000)], 5000)).unwrap();
    assert_eq!(b.counted.accepted, ms(2000));
}

#[test]
fn the_grace_is_one_bucket_for_all_tabs() {
    let mut world = World::new(&[60_000, 60_000]);
    world.open(0, &beat("a", 1, vec![], 0)).unwrap();
    world.open(1, &beat("b", 1, vec![], 0)).unwrap();
    let a = world.beat(0, &beat("a", 2, vec![segment(0, 700, 1000)], 700)).unwrap();
    let b = world.beat(1, &beat("b", 2, vec![segment(0, 700, 1000)], 700)).unwrap();
    assert_eq!((a.counted.accepted, b.counted.accepted), (ms(700), ms(300)));
}

#[test]
fn a_new_tab_cannot_spend_the_time_before_it_was_opened() {
    let mut world = World::opened(&[60_000, 60_000]);
    world.now += 15_000;
    world.open(1, &beat("b", 1, vec![], 0)).unwrap();
    let b = world.beat(1, &beat("b", 2, vec![segment(0, 20_000, 1500)], 20_000)).unwrap();
    assert_eq!(b.counted.accepted, ms(1000));
}

#[test]
fn two_tabs_of_one_module_add_to_one_coverage() {
    let mut world = World::opened(&[60_000]);
    world.open(0, &beat("v", 1, vec![], 30_000)).unwrap();
    world.play(5000, 2, segment(0, 5000, 1000));
    world.now += 5000;
    world.beat(0, &beat("v", 2, vec![segment(30_000, 35_000, 1000)], 35_000)).unwrap();
    assert_eq!(world.watch(0).coverage, coverage(&[(0, 5000), (30_000, 35_000)]));
    assert_eq!(world.watch(0).tallies.seeks, 0);
}

#[test]
fn the_longest_silent_tab_gives_way_to_the_ninth() {
    let mut world = World::opened(&[60_000]);
    for n in 1..=MAX_SESSIONS {
        world.now += 1000;
        world.open(0, &beat(&format!("tab{n}"), 1, vec![], 0)).unwrap();
    }
    assert_eq!(world.watch(0).sessions.len(), MAX_SESSIONS);
    let error = world.beat(0, &beat("w", 2, vec![], 0)).unwrap_err();
    assert_eq!(error, BeatError::UnknownSession { session_id: "w".to_owned() });
    assert!(world.beat(0, &beat("tab1", 2, vec![], 0)).is_ok());
    world.open(0, &beat("tenth", 1, vec![], 0)).unwrap();
    assert!(world.watch(0).session("tab1").is_some());
    assert!(world.watch(0).session("tab2").is_none());
}

#[test]
fn a_refused_beat_changes_nothing() {
    let mut world = World::opened(&[60_000]);
    let before = (world.watches.clone(), world.budget.clone());
    world.now += 5000;
    let mut reversed = segment(0, 5000, 1000);
    (reversed.from, reversed.to) = (reversed.to, reversed.from);
    let bad = beat("w", 2, vec![segment(0, 100, 1000), reversed], 0);
    assert_eq!(world.beat(0, &bad), Err(BeatError::Reversed { index: 1 }));
    assert_eq!((world.watches.clone(), world.budget.clone()), before);
    let outcome = world.beat(0, &beat("w", 2, vec![segment(0, 5000, 1000)], 5000)).unwrap();
    assert_eq!(outcome.counted.accepted, ms(5000));
}

#[test]
fn a_segment_that_contradicts_its_own_clock_is_counted_and_noted() {
    // claimed wall time, contradiction
    for (wall, contradicts) in [(3500, false), (3499, true), (6500, false), (6501, true)] {
        let mut world = World::opened(&[60_000]);
        let played = Segment { from: ms(0), to: ms(5000), rate: Rate::NORMAL, wall: ms(wall) };
        let outcome = world.play(5000, 2, played);
        assert_eq!(outcome.counted.accepted, ms(5000));
        let noted = outcome.notes.contains(&Note::Contradiction { index: 0 });
        assert_eq!(noted, contradicts, "{wall}");
        assert_eq!(world.watch(0).tallies.contradictions, u64::from(contradicts));
    }
}

#[test]
fn hidden_and_even_beats_are_tallied() {
    let mut world = World::opened(&[60_000]);
    let mut hidden = beat("w", 2, vec![], 0);
    hidden.visible = false;
    world.now += 5000;
    world.beat(0, &hidden).unwrap();
    world.now += 5020;
    world.beat(0, &beat("w", 3, vec![], 0)).unwrap();
    world.now += 5041;
    world.beat(0, &beat("w", 4, vec![], 0)).unwrap();
    let tallies = world.watch(0).tallies;
    assert_eq!((tallies.beats, tallies.hidden_beats, tallies.even_beats), (3, 1, 1));
}

#[test]
fn reopening_keeps_coverage_and_starts_the_clock_anew() {
    let mut world = World::opened(&[60_000]);
    world.play(5000, 2, segment(0, 5000, 1000));
    world.now += 3_600_000;
    world.open(0, &beat("next", 1, vec![], 5000)).unwrap();
    assert_eq!(world.watch(0).coverage.length(), ms(5000));
    let outcome =
        world.beat(0, &beat("next", 2, vec![segment(5000, 20_000, 1500)], 20_000)).unwrap();
    assert_eq!(outcome.counted.accepted, ms(1000));
    assert_eq!(world.watch(0).last_position(), Some(ms(20_000)));
}

#[test]
fn a_watch_in_too_many_pieces_takes_only_what_touches() {
    let mut world = World::opened(&[86_400_000]);
    let mut sequence = 1;
    for burst in 0..17_u64 {
        sequence += 1;
        let start = burst * 64;
        let pieces: Vec<_> =
            (start..start + 64).map(|n| segment(n * 10, n * 10 + 5, 1000)).collect();
        world.now += 5000;
        world.beat(0, &beat("w", sequence, pieces, 0)).unwrap();
    }
    assert_eq!(world.watch(0).coverage.intervals().len(), interlock_watch::MAX_INTERVALS);
    let apart = world.play(5000, 100, segment(50_000, 50_005, 1000));
    assert_eq!(apart.counted.accepted, ms(0));
    assert!(apart.notes.contains(&Note::Fragmented { index: 0 }));
    let touching = world.play(5000, 101, segment(5, 10, 1000));
    assert_eq!(touching.counted.accepted, ms(5));
    assert_eq!(world.watch(0).coverage.intervals().len(), interlock_watch::MAX_INTERVALS - 1);
}

#[test]
fn the_resume_position_is_that_of_the_tab_heard_last() {
    let mut world = World::opened(&[600_000]);
    world.now += 1;
    world.open(0, &beat("v", 1, vec![], 0)).unwrap();
    world.play(5000, 2, segment(0, 5000, 1000));
    assert_eq!(world.watch(0).last_position(), Some(seconds(5)));
}
