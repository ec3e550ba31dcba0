//! Every single and every double crash point of every saga: whatever is cut short where, one more
//! run brings everything to rest (promises R4, R6, R7, R9, R10, R16).
//!
//! `CRASH_SAGA` runs the sagas whose name contains it, `CRASH_EVERY_RUN=1` also those runs that
//! begin in a world already repaired.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/dice.rs"]
mod dice;
mod enumerate;
mod fuse;
mod letters;
mod saga;
mod sagas;
mod scene;
#[path = "../support/mod.rs"]
mod support;
mod told;
mod whole;

use enumerate::{Counts, enumerate};

fn knob(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "a test's own knob")]
    std::env::var(name).unwrap_or_default()
}

#[test]
fn wherever_a_saga_is_cut_short_once_or_twice_one_run_repairs_it() {
    let (wanted, every_run) = (knob("CRASH_SAGA"), knob("CRASH_EVERY_RUN") == "1");
    let sagas: Vec<_> = sagas::all().into_iter().filter(|one| one.name.contains(&wanted)).collect();
    let (even, odd): (Vec<_>, Vec<_>) =
        sagas.iter().enumerate().partition(|(place, _)| place % 2 == 0);
    let play = |half: Vec<(usize, &saga::Saga)>| {
        let counted = half.into_iter().map(|(_, saga)| (saga.name, enumerate(saga, every_run)));
        counted.collect::<Vec<_>>()
    };
    let played = std::thread::scope(|scope| {
        let other = scope.spawn(move || play(odd));
        let mut played = play(even);
        played.extend(other.join().unwrap());
        played
    });
    let mut sum = Counts::default();
    let mut faults = Vec::new();
    for (name, outcome) in played {
        match outcome {
            Ok(Counts { single, double, runs }) => {
                println!(
                    "crash points: saga={name:?} single={single} double={double} repaired=ALL"
                );
                sum.single += single;
                sum.double += double;
                sum.runs += runs;
            }
            Err(fault) => faults.push(fault),
        }
    }
    let Counts { single, double, runs } = sum;
    println!("crash points: total single={single} double={double} runs={runs}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_death_that_nothing_repairs_is_seen() {
    let (mut seen, mut point) = (0, 1);
    loop {
        let scene = scene::Scene::new();
        let came = fuse::die_at(&scene.world.app, Some(point), |app, _| scene.reserve(app));
        let fuse::Came::Died(_) = came else { break };
        seen += usize::from(whole::fault(&scene).is_some());
        point += 1;
    }
    assert!(seen >= 4, "the checks see {seen} unrepaired deaths of a create");
}

/// The page of what the member is told; `INTERLOCK_BLESS=1` writes it anew.
#[test]
fn the_page_tells_for_every_crash_point_what_the_member_hears() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/crash-points.md");
    let page = told::page(&sagas::all());
    if knob("INTERLOCK_BLESS") == "1" {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), page, "run `cargo xtask bless`");
}
