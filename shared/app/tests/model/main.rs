//! The ledger and the sagas as a small model, searched through: two people, two times that overlap,
//! three requests, a ban, an edit inside Cal.com, lost and late answers, deliveries in any order,
//! and a death at any point (promises R1, R2, R3, R4, R6, R7, R9, R10, R16).
//!
//! `MODEL_WORLDS` says after how many worlds the full search ends if it has not closed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as production passes a reservation")]
mod decide;
#[allow(clippy::trivially_copy_pass_by_ref, reason = "as production passes a reservation")]
mod rest;
mod search;
#[allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    reason = "as production passes a reservation; a write says where it goes on either way"
)]
mod steps;
#[allow(clippy::trivially_copy_pass_by_ref, reason = "as production passes a reservation")]
mod world;

use search::{Found, Scope, search};
use world::Wrong;

/// Where the full search ends when nobody says.
const WORLDS: usize = 150_000;

fn worlds() -> usize {
    #[expect(clippy::disallowed_methods, reason = "a test's own knob")]
    let text = std::env::var("MODEL_WORLDS");
    text.ok().and_then(|text| text.parse().ok()).unwrap_or(WORLDS)
}

fn told(name: &str, found: &Found) {
    let Found { worlds, steps, depth, closed, .. } = found;
    println!("model: {name} states={worlds} transitions={steps} depth={depth} closure={closed}");
}

#[test]
fn one_request_is_searched_to_the_end_and_keeps_every_promise() {
    let scope = Scope { requests: 1, ban: true, edit: true, most: usize::MAX };
    let found = search(scope, Wrong::Right);
    told("one request, a ban, an edit", &found);
    assert_eq!(found.broken, None);
    assert!(found.closed);
}

#[test]
fn three_requests_a_ban_and_an_edit_keep_every_promise() {
    let scope = Scope { requests: 3, ban: true, edit: true, most: worlds() };
    let found = search(scope, Wrong::Right);
    told("three requests, a ban, an edit", &found);
    assert_eq!(found.broken, None);
}

#[test]
fn every_wrong_model_is_rejected() {
    for wrong in [Wrong::NoVersion, Wrong::CheckedThenWritten, Wrong::NoOrphanRule] {
        let scope = Scope { requests: 3, ban: true, edit: true, most: 10 * worlds() };
        let found = search(scope, wrong);
        told(&format!("wrong={wrong:?}"), &found);
        let broken = found.broken.unwrap_or_else(|| panic!("{wrong:?} passes"));
        println!("model: wrong={wrong:?} breaks {}", broken.split(" after ").next().unwrap());
    }
}
