//! What holds of every verdict, a rule at a time.
//!
//! Each property is played on random cases until it has been tried often enough and has been seen
//! to make a difference; one that never does fails too. The number of a case is its seed.

mod borders;
mod facts;
mod same;
mod stricter;
mod verdicts;

use std::collections::BTreeSet;

use interlock_policy::{Decision, Parameters, Policy, Verdict, evaluate};

use crate::cases::Case;
use crate::dice::{Dice, count};
use crate::naive::{Said, weight};

/// Cases after which a property must have made a difference.
const PATIENCE: u64 = 6000;

pub(crate) type Change = fn(&mut Case, &mut Dice);

pub(crate) fn verdict(case: &Case) -> Verdict {
    evaluate(&case.facts(), &case.policy, &case.request, &case.purpose)
}

pub(crate) fn said(case: &Case) -> Said {
    verdict(case).reasons.iter().map(|reason| (reason.code, weight(reason.severity))).collect()
}

/// From the best answer to the worst.
pub(crate) fn rank(said: &Said) -> u8 {
    said.iter().map(|(_, weight)| *weight).max().unwrap_or(0)
}

pub(crate) fn decision(rank: u8) -> Decision {
    match rank {
        0 => Decision::Permit,
        1 => Decision::PermitWithConditions,
        2 => Decision::NeedsApproval,
        _ => Decision::Refuse,
    }
}

/// Plays a property; it gives back whether the case made a difference.
pub(crate) fn play(name: &str, property: impl Fn(&Case, &mut Dice) -> Result<bool, String>) {
    let cases = count("POLICY_PROPERTIES", 24);
    let begin = name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    let mut seen = false;
    for seed in begin..begin + cases {
        seen |= one(name, seed, &property);
    }
    let mut more = begin + cases..begin + PATIENCE;
    seen = seen || more.any(|seed| one(name, seed, &property));
    assert!(seen, "{name} has never made a difference");
}

fn one(
    name: &str,
    seed: u64,
    property: &impl Fn(&Case, &mut Dice) -> Result<bool, String>,
) -> bool {
    let case = Case::of(seed);
    match property(&case, &mut Dice::new(seed ^ 0x5EED)) {
        Ok(difference) => difference,
        Err(fault) => panic!("{name}, case {seed}: {fault}\n{case:#?}"),
    }
}

/// Families of proofs: of alternatives that all fail, each says what it lacks.
const PROOFS: [&str; 4] = ["training", "checkout", "membership", "document"];

/// What is said but for reasons whose codes begin so; of proofs, all or none.
fn but(said: &Said, own: &[&str]) -> Said {
    let proof = own.iter().any(|begin| PROOFS.contains(begin));
    let own = |code: &str| {
        own.iter().any(|begin| code.starts_with(begin))
            || proof && PROOFS.iter().any(|begin| code.starts_with(begin))
    };
    said.iter().copied().filter(|(code, _)| !own(code.as_str())).collect()
}

fn both(case: &Case, dice: &mut Dice, change: Change) -> (Said, Said) {
    let mut changed = case.clone();
    change(&mut changed, dice);
    (said(case), said(&changed))
}

/// What makes a policy or a person's record stricter never admits, and speaks of nothing else.
pub(crate) fn stricter(name: &str, own: &[&str], change: Change) {
    play(name, |case, dice| {
        let (before, after) = both(case, dice, change);
        if rank(&after) < rank(&before) {
            return Err(format!("better: {before:?} {after:?}"));
        }
        if but(&before, own) != but(&after, own) {
            return Err(format!("something else changed: {before:?} {after:?}"));
        }
        Ok(before != after)
    });
}

/// What a person gains never hurts, and speaks of nothing else.
pub(crate) fn milder(name: &str, own: &[&str], change: Change) {
    play(name, |case, dice| {
        let (before, after) = both(case, dice, change);
        if rank(&after) > rank(&before) {
            return Err(format!("worse: {before:?} {after:?}"));
        }
        if but(&before, own) != but(&after, own) {
            return Err(format!("something else changed: {before:?} {after:?}"));
        }
        Ok(before != after)
    });
}

/// What does not matter changes no reason and no part of one.
pub(crate) fn same(name: &str, own: &[&str], change: Change) {
    play(name, |case, dice| {
        let mut changed = case.clone();
        change(&mut changed, dice);
        let (mut before, mut after) = (verdict(case), verdict(&changed));
        // What is told of a reason of its own may change, though not which reasons there are.
        for verdict in [&mut before, &mut after] {
            for reason in &mut verdict.reasons {
                if own.iter().any(|begin| reason.code.as_str().starts_with(begin)) {
                    reason.parameters = Parameters::NONE;
                    reason.evidence.clear();
                    reason.next_steps.clear();
                    reason.one_of = None;
                    reason.waived_by = None;
                }
            }
            verdict.reasons.sort_by_key(|reason| (reason.code, format!("{reason:?}")));
        }
        if before.reasons != after.reasons || before.decision != after.decision {
            return Err(format!("{before:?}\n{after:?}"));
        }
        let alike = case.member == changed.member
            && case.resource == changed.resource
            && case.policy == changed.policy;
        Ok(!alike && !before.reasons.is_empty())
    });
}

/// One test for each line: name, the codes that may change, and what is done to the case.
macro_rules! each {
    ($how:ident: $($name:ident [$($own:literal),*] $change:expr;)*) => {
        $(#[test]
        fn $name() {
            crate::properties::$how(stringify!($name), &[$($own),*], $change);
        })*
    };
}
pub(crate) use each;

/// Every set of rules of a policy.
pub(crate) fn each_rules(policy: &mut Policy, change: impl FnMut(&mut interlock_policy::Rules)) {
    let overlays = policy.overlays.iter_mut().map(|overlay| &mut overlay.rules);
    std::iter::once(&mut policy.rules).chain(overlays).for_each(change);
}

/// The codes in a verdict.
pub(crate) fn codes(verdict: &Verdict) -> BTreeSet<&'static str> {
    verdict.reasons.iter().map(|reason| reason.code.as_str()).collect()
}
