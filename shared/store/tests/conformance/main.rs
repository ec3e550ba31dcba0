//! One suite for the table in memory and the table behind DynamoDB's protocol.
//!
//! A case never asks which of the two it has; what differs is a defect of one of them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that finds something missing has failed"
)]

mod classes;
mod conditions;
mod differential;
mod endpoint;
mod indexes;
mod queries;
mod races;
mod reads;
mod restart;
mod support;
mod tally;
mod template;
mod transactions;
mod upgrades;
mod values;
