//! The product as a person meets it: over HTTP, against the real binaries on the local stack.
//!
//! Every test has a stack of its own on a free port and a temporary folder.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod access;
mod approval;
mod audit;
mod bans;
mod calcom_health;
mod calcom_webhooks;
mod calendars;
mod checkouts;
mod correlation;
mod counts;
mod doubt;
mod durability;
mod exceptions;
mod hosts;
mod input;
mod journey;
mod letters;
mod machines;
mod obligations;
mod policies;
mod privacy;
mod receiver;
mod reconciliation;
mod rotation;
mod second_factor;
mod seen;
mod stack;
mod training;
mod webhooks;
