//! What a decision allocates: a permit nothing, whatever is asked for.

use allocation_counter::measure;
use interlock_policy::{Decision, evaluate};

use crate::cases::Case;
use crate::permit::{Permit, is_plain};

#[test]
fn a_permit_over_twenty_four_conditions_allocates_nothing() {
    let permit = Permit::new();
    let mut verdict = None;
    let found = measure(|| verdict = Some(permit.judge(&permit.request)));
    assert!(is_plain(&verdict.unwrap()));
    assert_eq!(found.count_total, 0, "{found:?}");
    let refused = Permit::refused();
    let found = measure(|| drop(refused.judge(&refused.request)));
    assert!(found.count_total > 0, "the counter counts");
}

#[test]
fn no_permit_of_any_random_case_allocates() {
    let mut permits = 0;
    for seed in 0..2000 {
        let case = Case::of(seed);
        let mut verdict = None;
        let found = measure(|| {
            let facts = case.facts();
            verdict = Some(evaluate(&facts, &case.policy, &case.request, &case.purpose));
        });
        if verdict.is_some_and(|verdict| verdict.decision == Decision::Permit) {
            assert_eq!(found.count_total, 0, "case {seed}: {found:?}");
            permits += 1;
        }
    }
    assert!(permits > 50, "{permits}");
}
