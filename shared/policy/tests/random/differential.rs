//! The engine against the naive evaluator: the same decision and the same set of reasons.

use std::collections::BTreeMap;

use interlock_policy::{Decision, ReasonCode, evaluate};

use crate::cases::Case;
use crate::dice::count;
use crate::naive::{Said, judge, weight};

/// Compares one case; the difference, if there is one.
fn compare(case: &Case) -> Result<(Decision, Said), String> {
    let verdict = evaluate(&case.facts(), &case.policy, &case.request, &case.purpose);
    let reasons = verdict.reasons.iter();
    let said: Said = reasons.map(|reason| (reason.code, weight(reason.severity))).collect();
    let naive = judge(case.facts(), &case.policy, &case.request, &case.purpose);
    if (verdict.decision, &said) == (naive.0, &naive.1) {
        return Ok(naive);
    }
    Err(format!(
        "engine {:?} {said:?}\nnaive {:?} {:?}\n{case:#?}",
        verdict.decision, naive.0, naive.1
    ))
}

// All of 10 000 000 in `cargo xtask nightly`; the number of a case is its seed.
#[test]
fn random_cases_are_judged_as_the_naive_evaluator_judges() {
    let cases = count("POLICY_CASES", 3000);
    let first = count("POLICY_FIRST", 0);
    let mut seen: BTreeMap<ReasonCode, u64> = BTreeMap::new();
    let mut decisions = [0_u64; 4];
    for seed in first..first + cases {
        match compare(&Case::of(seed)) {
            Ok((decision, said)) => {
                decisions[decision as usize] += 1;
                for (code, _) in said {
                    *seen.entry(code).or_default() += 1;
                }
            }
            Err(difference) => panic!("case {seed}: {difference}"),
        }
    }
    println!("{cases} cases, all alike; permitted, with conditions, a yes, refused: {decisions:?}");
    for code in ReasonCode::ALL {
        let often = seen.get(code).copied().unwrap_or_default();
        println!("{:>9} {}", often, code.as_str());
        assert!(often * 1000 > cases, "`{}` is said too rarely to say anything", code.as_str());
    }
    assert!(decisions.iter().all(|often| often * 1000 > cases), "{decisions:?}");
}
