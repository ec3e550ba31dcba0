//! The suite of the stand-in: one case or more for each behaviour row of CONTRACT 14.1.
//! Cases marked `real` hold for a real server too and run there when one is named.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a case that finds something missing has failed"
)]

mod access;
mod administration;
mod bookings;
mod control;
mod deliveries;
mod faults;
mod listing;
mod moves;
mod persistence;
mod replay;
mod shapes;
mod slots;
mod states;
mod support;
mod throttle;
mod webhooks;

#[test]
fn every_behaviour_row_in_scope_has_a_case() {
    let all = [
        access::CASES,
        administration::CASES,
        bookings::CASES,
        control::CASES,
        faults::CASES,
        listing::CASES,
        moves::CASES,
        slots::CASES,
        throttle::CASES,
        webhooks::CASES,
    ]
    .concat();
    let rows = [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
        "17", "20", "21", "22", "14.2",
    ];
    for row in rows {
        assert!(all.iter().any(|(of, _, _)| *of == row), "no case for row {row}");
    }
    let real = all.iter().filter(|(_, kind, _)| *kind == "real").count();
    println!("cases: {} in all, {real} also for a real server", all.len());
}
