//! The simulation itself: quiet schedules are clean, a seed is always the same schedule, and a
//! failure is made small and stays a failure.

use interlock_sim::{Defect, Plan, play, shrunk};

/// Acts of a schedule, as the command has them.
const ACTS: u64 = 9;

fn first_failure(defect: Defect, most: u64) -> Option<Plan> {
    let plans = (1..=most).map(|seed| Plan::drawn(seed, ACTS));
    plans.into_iter().find(|plan| play(plan, Some(defect), false).violation.is_some())
}

#[test]
fn the_promises_hold_in_the_first_schedules() {
    for seed in 1..=120 {
        let outcome = play(&Plan::drawn(seed, ACTS), None, false);
        assert_eq!(outcome.violation, None, "seed {seed}");
        assert!(outcome.steps > 0);
    }
}

/// Seeds of the long runs that once ended in a violation; `docs/RELIABILITY.md` says of what.
const ONCE_BROKEN: [u64; 10] = [
    1_513_615, 1_834_496, 2_175_808, 5_822_856, 7_005_883, 7_213_095, 7_362_662, 7_603_834,
    8_149_375, 9_532_474,
];

#[test]
fn the_promises_hold_in_schedules_that_once_broke_them() {
    for seed in ONCE_BROKEN {
        let outcome = play(&Plan::drawn(seed, ACTS), None, false);
        assert_eq!(outcome.violation, None, "seed {seed}");
    }
}

#[test]
fn a_seed_is_the_same_schedule_whoever_plays_it() {
    let digests = || -> Vec<u64> {
        let plans = (500..520).map(|seed| Plan::drawn(seed, ACTS));
        plans.map(|plan| play(&plan, None, false).digest).collect()
    };
    let here = digests();
    let there = std::thread::scope(|scope| {
        let twins = [scope.spawn(digests), scope.spawn(digests)];
        twins.map(|twin| twin.join().unwrap())
    });
    assert_eq!(there, [here.clone(), here.clone()]);
    let others: std::collections::BTreeSet<u64> = here.iter().copied().collect();
    assert_eq!(others.len(), here.len());
}

#[test]
fn a_failure_is_made_small_and_stays_the_same_failure() {
    let plan = first_failure(Defect::NeverReleased, 60).unwrap();
    let promise = play(&plan, Some(Defect::NeverReleased), false).violation.unwrap().promise;
    let (small, outcome) = shrunk(&plan, Some(Defect::NeverReleased));
    assert_eq!(outcome.violation.unwrap().promise, promise);
    assert!(small.size() < plan.size() || plan.size() <= 2, "{} acts", small.size());
    assert!(outcome.story.last().is_some_and(|line| line.contains("VIOLATION")));
    assert_eq!(play(&small, None, false).violation, None);
}

#[test]
fn what_a_defect_breaks_is_found_only_with_the_defect() {
    for defect in [Defect::HistoryMissing, Defect::MarkDropped, Defect::HoldUnfollowed] {
        assert!(first_failure(defect, 200).is_some(), "{}", defect.name());
    }
}
