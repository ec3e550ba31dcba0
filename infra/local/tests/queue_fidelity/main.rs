//! Our queue server against an independent one, call for call through the real SDK client
//! (docs/FIDELITY.md). What differs is named in `differences`, and nothing else may.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that finds something missing has failed"
)]

#[cfg(test)]
mod differences;
#[cfg(test)]
#[path = "../../../../shared/testkit/ministack/mod.rs"]
mod ministack;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod script;
#[cfg(test)]
mod sides;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
