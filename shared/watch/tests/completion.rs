//! When a module is completed, at, before and after each border, and what new versions keep.
//!
//! Invariant: every figure here follows from FEATURES 5.4 rules 8, 10 and 12.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{
    BasisPoints, BeatError, Change, Completion, Coverage, Ground, MAX_REPLACED, Module, Proof,
    Replaced, Rules, Shortfall, Standing, Watch, carry_over, completion, progress, settle,
    standing,
};
use support::{World, at, beat, coverage, interval, module, ms, segment};

fn watched(pairs: &[(u64, u64)]) -> Watch {
    let mut watch = Watch::new(1, at(0));
    watch.coverage = coverage(pairs);
    watch
}

fn judge(watch: &Watch, module: &Module, rules: &Rules) -> Vec<Shortfall> {
    let ground = Ground { module, rules, now: at(3_600_000) };
    match completion(watch, ground) {
        Completion::Complete { .. } => vec![],
        Completion::Incomplete { shortfalls, .. } => shortfalls,
    }
}

#[test]
fn the_share_counts_at_ninety_per_cent_and_not_below() {
    let rules = Rules::default();
    let module = module(100_000);
    assert_eq!(judge(&watched(&[(0, 90_000)]), &module, &rules), []);
    assert_eq!(
        judge(&watched(&[(0, 89_999)]), &module, &rules),
        [Shortfall::Coverage {
            share: BasisPoints::new(8999),
            required: BasisPoints::new(9000),
            missing: ms(1),
        }]
    );
}

#[test]
fn the_longest_gap_may_be_fifteen_seconds_and_not_more() {
    let rules = Rules::default();
    let module = module(600_000);
    assert_eq!(judge(&watched(&[(0, 100_000), (115_000, 600_000)]), &module, &rules), []);
    assert_eq!(
        judge(&watched(&[(0, 100_000), (115_001, 600_000)]), &module, &rules),
        [Shortfall::Gap { longest: ms(15_001), allowed: ms(15_000) }]
    );
    assert_eq!(judge(&watched(&[(15_000, 585_000)]), &module, &rules), []);
    assert_eq!(judge(&watched(&[(15_001, 600_000)]), &module, &rules).len(), 1);
    assert_eq!(judge(&watched(&[(0, 584_999)]), &module, &rules).len(), 1);
}

#[test]
fn asking_for_every_segment_still_forgives_sampling() {
    let rules = Rules { longest_gap: ms(0), ..Rules::default() };
    let module = module(600_000);
    assert_eq!(judge(&watched(&[(0, 100_000), (103_000, 600_000)]), &module, &rules), []);
    assert_eq!(judge(&watched(&[(0, 100_000), (103_001, 600_000)]), &module, &rules).len(), 1);
}

#[test]
fn sampling_gaps_are_not_covered() {
    let rules = Rules::default();
    let module = module(600_000);
    let steps: Vec<_> = (0..150).map(|n| (n * 4000, n * 4000 + 1000)).collect();
    let shortfalls = judge(&watched(&steps), &module, &rules);
    assert!(matches!(shortfalls.as_slice(), [Shortfall::Coverage { share, .. }]
        if *share == BasisPoints::new(2500)));
}

#[test]
fn the_optional_minimum_is_met_exactly_and_never_beyond_the_length() {
    let module = module(100_000);
    let rules = |minimum| Rules { minimum_watched: Some(ms(minimum)), ..Rules::default() };
    assert_eq!(judge(&watched(&[(0, 95_000)]), &module, &rules(95_000)), []);
    assert_eq!(
        judge(&watched(&[(0, 94_999)]), &module, &rules(95_000)),
        [Shortfall::Watched { covered: ms(94_999), minimum: ms(95_000) }]
    );
    assert_eq!(judge(&watched(&[(0, 100_000)]), &module, &rules(900_000)), []);
}

#[test]
fn parts_that_must_be_seen_are_named() {
    let mut module = module(600_000);
    module.must_see = coverage(&[(100_000, 120_000)]);
    let rules = Rules::default();
    assert_eq!(judge(&watched(&[(0, 110_000), (113_000, 600_000)]), &module, &rules), []);
    assert_eq!(
        judge(&watched(&[(0, 110_000), (113_001, 600_000)]), &module, &rules),
        [Shortfall::MustSee { parts: vec![interval(110_000, 113_001)] }]
    );
}

#[test]
fn a_part_in_the_ignored_tail_is_never_demanded() {
    let mut module = module(100_000);
    module.ignored_tail = ms(20_000);
    module.must_see = coverage(&[(70_000, 90_000)]);
    assert_eq!(judge(&watched(&[(0, 80_000)]), &module, &Rules::default()), []);
}

#[test]
fn the_ignored_tail_is_neither_needed_nor_counted() {
    let mut module = module(100_000);
    module.ignored_tail = ms(50_000);
    let rules = Rules::default();
    assert_eq!(judge(&watched(&[(0, 45_000)]), &module, &rules), []);
    assert_eq!(judge(&watched(&[(0, 44_999), (50_000, 100_000)]), &module, &rules).len(), 1);
    assert_eq!(progress(&watched(&[(0, 100_000)]), &module, &rules).covered, ms(50_000));
}

#[test]
fn the_server_clock_has_to_allow_what_is_covered() {
    let (module, rules) = (module(90_000), Rules::default());
    let watch = watched(&[(0, 90_000)]);
    let after = |now| completion(&watch, Ground { module: &module, rules: &rules, now: at(now) });
    assert!(after(60_000).is_complete());
    let Completion::Incomplete { shortfalls, gaps } = after(59_999) else {
        panic!("completed too soon");
    };
    assert_eq!(shortfalls, [Shortfall::TooSoon { ready_at: Some(at(60_000)) }]);
    assert_eq!(gaps, []);
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let mut module = module(600_000);
    module.must_see = coverage(&[(0, 1000), (300_000, 310_000)]);
    let rules = Rules { minimum_watched: Some(ms(500_000)), ..Rules::default() };
    let watch = watched(&[(0, 1000)]);
    let ground = Ground { module: &module, rules: &rules, now: at(0) };
    let Completion::Incomplete { shortfalls, gaps } = completion(&watch, ground) else {
        panic!("nothing was watched");
    };
    assert_eq!(shortfalls.len(), 5);
    assert_eq!(gaps, [interval(1000, 600_000)]);
}

#[test]
fn completion_is_recorded_once_and_outlives_stricter_rules() {
    let (module, rules) = (module(10_000), Rules::default());
    let ground = Ground { module: &module, rules: &rules, now: at(10_000) };
    let (watch, notes) = settle(watched(&[(0, 9000)]), ground);
    assert_eq!(watch.completed_at, Some(at(10_000)));
    assert_eq!(notes.len(), 1);
    let strict = Rules { completion: BasisPoints::WHOLE, ..Rules::default() };
    let later = Ground { module: &module, rules: &strict, now: at(99_000) };
    let (again, notes) = settle(watch.clone(), later);
    assert_eq!((again, notes), (watch.clone(), vec![]));
    assert_eq!(completion(&watch, later), Completion::Complete { at: at(10_000) });
}

#[test]
fn the_beat_that_reaches_it_completes() {
    let mut world = World::opened(&[10_000]);
    assert!(!world.play(5000, 2, segment(0, 5000, 1000)).completed_now());
    let last = world.play(5000, 3, segment(5000, 10_000, 1000));
    assert!(last.completed_now());
    assert!(!world.play(5000, 4, segment(0, 5000, 1000)).completed_now());
    assert_eq!(world.watch(0).completed_at, Some(at(10_000)));
}

#[test]
fn gaps_within_the_tolerance_are_listed_only_when_nothing_else_is_left() {
    let (module, rules) = (module(30_000), Rules::default());
    let shown = |pairs: &[(u64, u64)]| progress(&watched(pairs), &module, &rules);
    let long = shown(&[(0, 10_000), (13_000, 20_000)]);
    assert_eq!(long.gaps, [interval(20_000, 30_000)]);
    assert_eq!(long.largest_gap, ms(10_000));
    let fine = shown(&[(0, 10_000), (13_000, 30_000)]);
    assert_eq!((fine.gaps.len(), fine.largest_gap), (0, ms(0)));
    let short = shown(&[(0, 10_000), (13_000, 20_000), (22_000, 30_000)]);
    assert_eq!(short.gaps, [interval(10_000, 13_000), interval(20_000, 22_000)]);
    assert_eq!(shown(&[]).gaps, [interval(0, 30_000)]);
    assert_eq!(shown(&[(0, 26_999)]).gaps, [interval(26_999, 30_000)]);
}

#[test]
fn opening_again_completes_what_only_had_to_wait() {
    let mut world = World::opened(&[10_000]);
    world.play(5000, 2, segment(0, 8500, 1500));
    world.play(300, 3, segment(8500, 9000, 1500));
    assert_eq!(world.watch(0).coverage.length(), ms(8950));
    world.play(100, 4, segment(8950, 9100, 1500));
    assert_eq!(world.watch(0).completed_at, None);
    world.now += 1000;
    let opened = world.open(0, &beat("next", 1, vec![], 0)).unwrap();
    assert!(opened.completed_now());
    assert_eq!(world.watch(0).completed_at, Some(at(6400)));
}

const LAPSE: i64 = 1_000_000;

fn second_version(change: Change) -> Module {
    let replaced = vec![Replaced { version: 1, change, lapses_at: at(LAPSE) }];
    Module { version: 2, replaced, ..module(20_000) }
}

fn third_version(second: Change, third: Change) -> Module {
    let mut replaced = second_version(second).replaced;
    replaced.push(Replaced { version: 2, change: third, lapses_at: at(3 * LAPSE) });
    Module { version: 3, replaced, ..module(20_000) }
}

fn parts(pairs: &[(u64, u64)]) -> Change {
    Change::Segments(coverage(pairs))
}

#[test]
fn a_new_version_keeps_what_did_not_change() {
    let mut watch = watched(&[(0, 25_000)]);
    watch.completed_at = Some(at(30_000));
    let changed = second_version(parts(&[(5000, 8000)]));
    let carried = carry_over(watch.clone(), &changed);
    assert_eq!(carried.coverage, coverage(&[(0, 5000), (8000, 20_000)]));
    assert_eq!(carried.completed_at, None);
    assert_eq!(carried.earlier_proof, Some(Proof { version: 1, completed_at: at(30_000) }));
    let anew = carry_over(watch.clone(), &second_version(Change::Everything));
    assert_eq!(anew.coverage, Coverage::new());
    let mut unknown = changed;
    unknown.version = 3;
    assert_eq!(carry_over(watch.clone(), &unknown).coverage, Coverage::new());
    assert_eq!(carry_over(watch.clone(), &module(30_000)), watch);
}

#[test]
fn who_missed_a_version_keeps_what_neither_changed() {
    let watch = watched(&[(0, 20_000)]);
    let third = third_version(parts(&[(1000, 2000)]), parts(&[(5000, 6000)]));
    let kept = coverage(&[(0, 1000), (2000, 5000), (6000, 20_000)]);
    assert_eq!(carry_over(watch.clone(), &third).coverage, kept);
    let mut second = watch.clone();
    second.version = 2;
    assert_eq!(carry_over(second, &third).coverage, coverage(&[(0, 5000), (6000, 20_000)]));
    for anew in [
        third_version(Change::Everything, parts(&[])),
        third_version(parts(&[]), Change::Everything),
    ] {
        assert_eq!(carry_over(watch.clone(), &anew).coverage, Coverage::new());
    }
}

#[test]
fn a_changed_length_is_a_change_whatever_was_declared() {
    let first = module(20_000);
    for (length, beyond) in [(30_000, (20_000, 30_000)), (12_000, (12_000, 20_000))] {
        let replaced = first.replaced_by(ms(length), parts(&[(1000, 2000)]), at(LAPSE));
        let change = parts(&[(1000, 2000), beyond]);
        assert_eq!(replaced, [Replaced { version: 1, change, lapses_at: at(LAPSE) }]);
    }
    let same = first.replaced_by(ms(20_000), parts(&[]), at(LAPSE));
    assert_eq!(same[0].change, parts(&[]));
}

#[test]
fn the_oldest_of_many_versions_are_forgotten_and_never_come_back() {
    let mut module = module(20_000);
    for version in 1..=40 {
        let lapses_at = at(i64::from(version) * LAPSE);
        module.replaced = module.replaced_by(ms(20_000), parts(&[]), lapses_at);
        module.version = version + 1;
    }
    assert_eq!(module.replaced.len(), MAX_REPLACED);
    assert_eq!(module.changed_since(8), None, "nobody knows what version 9 changed");
    assert_eq!(module.changed_since(9), Some(Coverage::new()));
    assert_eq!(module.lapse_of(1), Some(at(9 * LAPSE)));
    assert_eq!(module.lapse_of(41), None);
}

#[test]
fn who_completed_an_earlier_version_has_to_see_what_changed() {
    let rules = Rules::default();
    let mut module = module(600_000);
    let change = parts(&[(100_000, 110_000)]);
    module.replaced = vec![Replaced { version: 1, change, lapses_at: at(LAPSE) }];
    module.version = 2;
    let mut watch = watched(&[(0, 600_000)]);
    let first_viewer = carry_over(watch.clone(), &module);
    assert_eq!(judge(&first_viewer, &module, &rules), [], "within what may be left out");
    watch.completed_at = Some(at(0));
    let mut carried = carry_over(watch, &module);
    assert_eq!(
        judge(&carried, &module, &rules),
        [Shortfall::MustSee { parts: vec![interval(100_000, 110_000)] }]
    );
    assert_eq!(progress(&carried, &module, &rules).gaps, [interval(100_000, 110_000)]);
    carried.coverage.insert(interval(100_000, 110_000));
    assert_eq!(judge(&carried, &module, &rules), []);
}

#[test]
fn the_latest_proof_survives_versions_in_which_nothing_was_completed() {
    let everything = || Change::Everything;
    let (next, last) = (second_version(everything()), third_version(everything(), everything()));
    let mut watch = watched(&[]);
    watch.completed_at = Some(at(1));
    let mut second = carry_over(watch, &next);
    let first_proof = Some(Proof { version: 1, completed_at: at(1) });
    assert_eq!(carry_over(second.clone(), &last).earlier_proof, first_proof);
    second.completed_at = Some(at(2));
    let second_proof = Some(Proof { version: 2, completed_at: at(2) });
    assert_eq!(carry_over(second, &last).earlier_proof, second_proof);
}

#[test]
fn open_tabs_of_the_old_version_end_with_it() {
    let mut world = World::opened(&[20_000]);
    world.modules[0] = second_version(parts(&[]));
    world.open(0, &beat("next", 1, vec![], 0)).unwrap();
    let error = world.beat(0, &beat("w", 2, vec![], 0)).unwrap_err();
    assert_eq!(error, BeatError::UnknownSession { session_id: "w".to_owned() });
}

#[test]
fn an_old_page_is_told_that_the_version_changed() {
    let mut world = World::opened(&[20_000]);
    world.modules[0] = second_version(parts(&[]));
    let error = world.beat(0, &beat("w", 2, vec![], 0)).unwrap_err();
    assert_eq!(error, BeatError::VersionChanged { watched: 1, current: 2 });
    assert!(!completion(world.watch(0), world.ground(0)).is_complete());
    world.open(0, &beat("w", 1, vec![], 0)).unwrap();
    assert!(world.beat(0, &beat("w", 2, vec![], 0)).is_ok());
}

#[test]
fn an_old_proof_stands_until_its_grace_term_ends() {
    let mut watch = watched(&[(0, 20_000)]);
    let next = second_version(Change::Everything);
    assert_eq!(standing(&watch, &next, at(0)), Standing::Missing);
    watch.completed_at = Some(at(30_000));
    let proof = Proof { version: 1, completed_at: at(30_000) };
    assert_eq!(standing(&watch, &module(20_000), at(0)), Standing::Current(proof));
    let grace = Standing::Grace { proof, until: at(LAPSE) };
    for watch in [watch.clone(), carry_over(watch, &next)] {
        assert_eq!(standing(&watch, &next, at(LAPSE - 1)), grace);
        assert_eq!(standing(&watch, &next, at(LAPSE)), Standing::Missing);
    }
}

#[test]
fn a_grace_term_that_ended_does_not_begin_anew_with_the_next_version() {
    let mut watch = watched(&[(0, 20_000)]);
    watch.completed_at = Some(at(30_000));
    let third = third_version(parts(&[]), parts(&[]));
    assert_eq!(standing(&watch, &third, at(LAPSE)), Standing::Missing);
    watch.version = 2;
    let proof = Proof { version: 2, completed_at: at(30_000) };
    let grace = Standing::Grace { proof, until: at(3 * LAPSE) };
    assert_eq!(standing(&watch, &third, at(LAPSE)), grace);
}
