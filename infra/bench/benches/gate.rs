//! What a decision and an update of what was watched cost.

#![allow(clippy::unwrap_used, reason = "a measure fails by panicking")]

#[path = "../../../shared/policy/tests/random/permit.rs"]
mod permit;

mod cedar;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use interlock_policy::{self as policy, Gate, Purpose, Request};
use interlock_watch::{Coverage, Interval, Millis};

use permit::{Permit, is_plain};

fn gate(criterion: &mut Criterion) {
    let permit = Permit::new();
    assert!(is_plain(&permit.judge(&permit.request)));
    criterion.bench_function("permit over 24 conditions", |bench| {
        bench.iter(|| black_box(permit.judge(black_box(&permit.request))));
    });

    let asked = cedar::Asked::new();
    assert!(asked.permits());
    criterion.bench_function("the same permit asked of Cedar", |bench| {
        bench.iter(|| black_box(black_box(&asked).permits()));
    });

    let refused = Permit::refused();
    let reasons = refused.judge(&refused.request).reasons.len();
    criterion.bench_function(&format!("refusal with {reasons} reasons"), |bench| {
        bench.iter(|| black_box(refused.judge(black_box(&refused.request))));
    });

    let week = permit.week();
    let whole = |slots: &[Request]| {
        let (first, last) = (slots.first()?.interval?, slots.last()?.interval?);
        policy::Interval::new(first.start(), last.end()).ok()
    };
    let whole = whole(&week).unwrap();
    let bookable = week.iter().filter(|slot| permit.judge(slot).permits()).count();
    let title = format!("week of {} slots, {bookable} of them bookable", week.len());
    criterion.bench_function(&title, |bench| {
        bench.iter(|| {
            let facts = permit.facts();
            let mut gate = Gate::new(&facts, &permit.policy).over(whole, None);
            let mut judge = |slot: &&Request| gate.judge(black_box(slot), &Purpose::Create);
            week.iter().filter(|slot| black_box(judge(slot)).permits()).count()
        });
    });
}

/// A piece joins what is covered already, in the middle of many holes.
fn watching(criterion: &mut Criterion) {
    let piece = |from: u64, to: u64| Interval::new(Millis::new(from), Millis::new(to));
    let covered: Coverage = (0..20).map(|n| piece(n * 10_000, n * 10_000 + 8000)).collect();
    criterion.bench_function("coverage update among 20 pieces", |bench| {
        bench.iter_batched_ref(
            || covered.clone(),
            |covered| black_box(covered.insert(black_box(piece(98_000, 103_000)))),
            criterion::BatchSize::SmallInput,
        );
    });
}

criterion_group!(all, gate, watching);
criterion_main!(all);
