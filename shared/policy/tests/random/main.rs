//! The engine against chance: a naive second evaluator, and documents that mean no good.
//!
//! The number of a case is its seed, and a failure names it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::needless_for_each, reason = "what is done to a case is one expression")]

#[cfg(test)]
mod allocations;
mod areas;
#[cfg(test)]
mod cases;
#[cfg(test)]
#[path = "../../../watch/tests/support/dice.rs"]
mod dice;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod permit;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod wall;
#[cfg(test)]
mod zones;
