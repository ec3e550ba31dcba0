//! Deterministic simulation of the production use cases over the stand-in's core.
//!
//! One thread plays one seed: time, network, chance and every fault are drawn from it, so that a
//! failure is replayed by its seed alone (RELIABILITY 5.1).

mod actors;
mod calendar;
pub mod cli;
mod client;
mod context;
mod defects;
mod dice;
mod exec;
mod faults;
mod fixture;
mod hub;
mod invariants;
mod plan;
mod play;
mod ports;
mod report;
mod rest;
mod shrink;
mod staff;
mod workers;

pub use defects::Defect;
pub use faults::{FAULTS, Fault};
pub use plan::Plan;
pub use play::{Outcome, Violation, play};
pub use shrink::shrunk;
