//! Races, kills and restores on the running product: the real binaries over HTTP, many at once.
//!
//! The counts are small here and large in `cargo xtask nightly`; `knobs` names the variables.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod client;
mod crowd;
#[path = "../../../../shared/app/tests/support/dice.rs"]
mod dice;
mod kills;
mod knobs;
mod load;
mod races;
mod restore;
#[allow(dead_code, reason = "the acceptance tests use the rest of it")]
#[path = "../acceptance/stack.rs"]
mod stack;
mod trouble;
