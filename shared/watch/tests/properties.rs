//! Laws of the interval set and of counting.
//!
//! Invariant: each law holds for arbitrary input, not only for what clients send.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{
    BasisPoints, Completion, Coverage, Ground, Interval, Module, Rate, Rules, Watch, carry_over,
    completion, progress,
};
use proptest::prelude::*;
use support::{World, at, beat, interval, ms, segment};

const LENGTH: u64 = 60_000;

fn intervals() -> impl Strategy<Value = Vec<Interval>> {
    let one = (0..LENGTH, 0..8000_u64).prop_map(|(from, length)| interval(from, from + length));
    prop::collection::vec(one, 0..24)
}

fn set() -> impl Strategy<Value = Coverage> {
    intervals().prop_map(|list| list.into_iter().collect())
}

fn range() -> impl Strategy<Value = Interval> {
    (0..LENGTH, 0..LENGTH).prop_map(|(a, b)| interval(a.min(b), a.max(b)))
}

fn watch_of(coverage: Coverage) -> Watch {
    Watch { coverage, ..Watch::new(1, at(0)) }
}

fn judged(coverage: Coverage, module: &Module, rules: &Rules, now: i64) -> bool {
    completion(&watch_of(coverage), Ground { module, rules, now: at(now) }).is_complete()
}

// Waits and claims of one honest or dishonest tab.
fn plays() -> impl Strategy<Value = Vec<(i64, u64, u64, u32)>> {
    prop::collection::vec((0..20_000_i64, 0..LENGTH, 0..30_000_u64, 1..4000_u32), 1..30)
}

fn played(plays: &[(i64, u64, u64, u32)]) -> World {
    let mut world = World::opened(&[LENGTH]);
    for (sequence, (wait, from, length, rate)) in (2..).zip(plays) {
        world.play(*wait, sequence, segment(*from, from + length, *rate));
    }
    world
}

proptest! {
    #[test]
    fn the_set_is_sorted_disjoint_and_without_empty_parts(set in set()) {
        for part in set.intervals() {
            prop_assert!(part.from() < part.to());
        }
        for pair in set.intervals().windows(2) {
            prop_assert!(pair[0].to() < pair[1].from());
        }
    }

    #[test]
    fn the_union_does_not_depend_on_order(
        list in intervals().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
    ) {
        let straight: Coverage = list.0.into_iter().collect();
        let shuffled: Coverage = list.1.into_iter().collect();
        prop_assert_eq!(straight, shuffled);
    }

    #[test]
    fn the_union_is_idempotent_commutative_and_associative(a in set(), b in set(), c in set()) {
        prop_assert_eq!(a.union(&a), a.clone());
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.union(&Coverage::new()), a);
    }

    #[test]
    fn the_union_is_at_least_each_and_at_most_the_sum(a in set(), b in set()) {
        let both = a.union(&b).length();
        prop_assert!(both >= a.length().max(b.length()));
        prop_assert!(both <= a.length().plus(b.length()));
    }

    #[test]
    fn gaps_and_coverage_fill_the_range_exactly(set in set(), range in range()) {
        let gaps: Coverage = set.gaps_within(range).into_iter().collect();
        prop_assert_eq!(set.length_within(range).plus(gaps.length()), range.length());
        prop_assert_eq!(set.union(&gaps).length_within(range), range.length());
        for gap in gaps.intervals() {
            prop_assert!(set.length_within(*gap).is_zero());
        }
    }

    #[test]
    fn removing_and_adding_back_loses_nothing(a in set(), b in set()) {
        let left = a.without(&b);
        for part in b.intervals() {
            prop_assert!(left.length_within(*part).is_zero());
        }
        prop_assert_eq!(left.union(&b), a.union(&b));
    }

    #[test]
    fn splitting_an_interval_changes_nothing(set in set(), range in range(), at in 0..=LENGTH) {
        let cut = ms(at).clamp(range.from(), range.to());
        let mut whole = set.clone();
        whole.insert(range);
        let mut parts = set;
        parts.insert(Interval::new(cut, range.to()));
        parts.insert(Interval::new(range.from(), cut));
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn stored_and_read_again_a_set_is_the_same(set in set()) {
        let stored = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<Coverage>(&stored).unwrap(), set);
    }

    #[test]
    fn the_rate_never_gives_more_time_than_it_takes(
        time in 0..10_000_000_u64, rate in 1..4000_u32,
    ) {
        let rate = Rate::from_permille(rate);
        let position = rate.position_in(ms(time));
        prop_assert!(rate.time_for(position) <= ms(time));
        prop_assert!(rate.position_in(rate.time_for(ms(time))) >= ms(time));
    }

    #[test]
    fn the_share_reaches_a_requirement_exactly_when_the_length_does(
        part in 0..LENGTH, whole in 1..LENGTH, points in 0..=10_000_u16,
    ) {
        let required = BasisPoints::new(points);
        let by_length = ms(part) >= required.required_of(ms(whole));
        prop_assert_eq!(BasisPoints::of(ms(part), ms(whole)) >= required, by_length);
    }

    #[test]
    fn more_coverage_never_takes_a_completion_away(a in set(), b in set(), tail in 0..LENGTH) {
        let mut module = Module::new(1, ms(LENGTH)).unwrap();
        module.ignored_tail = ms(tail);
        let rules = Rules { completion: BasisPoints::new(5000), ..Rules::default() };
        if judged(a.clone(), &module, &rules, 86_400_000) {
            prop_assert!(judged(a.union(&b), &module, &rules, 86_400_000));
        }
    }

    #[test]
    fn stricter_rules_never_complete_what_milder_ones_do_not(
        set in set(), points in 0..10_000_u16, gap in 0..20_000_u64, now in 0..100_000_i64,
        more in 0..5000_u16, less in 0..10_000_u64,
    ) {
        let module = Module::new(1, ms(LENGTH)).unwrap();
        let mild = Rules {
            completion: BasisPoints::new(points), longest_gap: ms(gap), ..Rules::default()
        };
        let strict = Rules {
            completion: BasisPoints::new(points.saturating_add(more)),
            longest_gap: ms(gap.saturating_sub(less)),
            minimum_watched: Some(ms(less)),
            ..Rules::default()
        };
        if judged(set.clone(), &module, &strict, now) {
            prop_assert!(judged(set, &module, &mild, now));
        }
    }

    #[test]
    fn an_incomplete_watch_always_says_why_and_where(set in set(), now in 0..100_000_i64) {
        let module = Module::new(1, ms(LENGTH)).unwrap();
        let rules = Rules::default();
        let ground = Ground { module: &module, rules: &rules, now: at(now) };
        if let Completion::Incomplete { shortfalls, gaps } = completion(&watch_of(set), ground) {
            prop_assert!(!shortfalls.is_empty());
            let only_time = matches!(
                shortfalls.as_slice(), [interlock_watch::Shortfall::TooSoon { .. }]
            );
            prop_assert!(only_time || !gaps.is_empty());
        }
    }

    #[test]
    fn accepted_and_rejected_are_all_that_was_claimed(plays in plays()) {
        let mut world = World::opened(&[LENGTH]);
        for (sequence, (wait, from, length, rate)) in (2..).zip(&plays) {
            let outcome = world.play(*wait, sequence, segment(*from, from + length, *rate));
            let sum = outcome.counted.accepted.plus(outcome.counted.rejected);
            prop_assert_eq!(sum, ms(*length));
        }
        let tallies = world.watch(0).tallies;
        let claimed: u64 = plays.iter().map(|play| play.2).sum();
        prop_assert_eq!(tallies.accepted.plus(tallies.cut), ms(claimed));
    }

    #[test]
    fn coverage_only_grows_and_stays_within_what_was_claimed(plays in plays()) {
        let mut world = World::opened(&[LENGTH]);
        let mut claimed = Coverage::new();
        for (sequence, (wait, from, length, rate)) in (2..).zip(&plays) {
            let before = world.watch(0).clone();
            let outcome = world.play(*wait, sequence, segment(*from, from + length, *rate));
            claimed.insert(interval(*from, from + length));
            let after = world.watch(0);
            prop_assert_eq!(after.coverage.union(&before.coverage), after.coverage.clone());
            let (old, new) = (before.completed_at, after.completed_at);
            prop_assert!(old.is_none() || old == new);
            let gained = after.coverage.length().minus(before.coverage.length());
            prop_assert!(gained <= outcome.counted.accepted);
            prop_assert_eq!(after.coverage.union(&claimed), claimed.clone());
        }
        let shown = progress(world.watch(0), &world.modules[0], &world.rules);
        prop_assert!(shown.covered <= ms(LENGTH));
        prop_assert!(shown.share <= BasisPoints::WHOLE);
    }

    #[test]
    fn a_repeated_message_never_changes_anything(plays in plays(), late in 0..60_000_i64) {
        let mut world = played(&plays);
        let last = u64::try_from(plays.len()).unwrap() + 1;
        let before = (world.watches.clone(), world.budget.clone());
        let known = world.watch(0).session("w").unwrap().reply(last).unwrap();
        world.now += late;
        for sequence in 0..=last {
            let lie = beat("w", sequence, vec![segment(0, LENGTH, 1500)], 0);
            let outcome = world.beat(0, &lie).unwrap();
            prop_assert!(!outcome.changed());
            if sequence == last {
                prop_assert_eq!(outcome.counted.accepted, known.accepted);
                prop_assert_eq!(outcome.counted.rejected, known.rejected);
            }
        }
        prop_assert_eq!((world.watches, world.budget), before);
    }

    #[test]
    fn the_state_survives_being_stored(plays in plays()) {
        let world = played(&plays);
        let watch = serde_json::to_string(world.watch(0)).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Watch>(&watch).unwrap(), world.watch(0));
        let budget = serde_json::to_string(&world.budget).unwrap();
        prop_assert_eq!(serde_json::from_str::<Option<_>>(&budget).unwrap(), world.budget);
    }

    #[test]
    fn the_same_messages_lead_to_the_same_state(plays in plays()) {
        let (first, second) = (played(&plays), played(&plays));
        prop_assert_eq!(first.watches, second.watches);
        prop_assert_eq!(first.budget, second.budget);
    }

    #[test]
    fn asking_earlier_never_earns_more(wait in 0..15_000_i64, early in 0..15_000_i64) {
        let credited = |wait| {
            let mut world = World::opened(&[LENGTH]);
            world.play(wait, 2, segment(0, LENGTH, 1500)).counted.accepted
        };
        prop_assert!(credited(wait.min(early)) <= credited(wait.max(early)));
    }

    #[test]
    fn carrying_over_keeps_exactly_the_unchanged_part(kept in set(), changed in set()) {
        let mut next = Module::new(2, ms(LENGTH / 2)).unwrap();
        let change = interlock_watch::Change::Segments(changed.clone());
        next.replaced =
            vec![interlock_watch::Replaced { version: 1, change, lapses_at: at(0) }];
        let carried = carry_over(watch_of(kept.clone()), &next).coverage;
        prop_assert_eq!(&carried, &kept.without(&changed).before(ms(LENGTH / 2)));
        prop_assert_eq!(carry_over(watch_of(carried.clone()), &next).coverage.union(&kept), kept);
    }
}
