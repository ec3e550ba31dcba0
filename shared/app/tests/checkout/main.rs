//! Approvals of people at the bench: asked for, given by one or two, listed, lowered, taken back.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod approve;
mod ask;
mod batch;
mod desk;
#[path = "../support/dice.rs"]
mod dice;
mod four_eyes;
mod list;
mod ready;
mod revoke;
#[path = "../support/mod.rs"]
mod support;
