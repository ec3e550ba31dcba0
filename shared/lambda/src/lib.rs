//! The composition root: environment, clock, randomness, adapters, and the loop around a handler.
//!
//! Nothing else in the workspace's functions reads any of them.

mod aws;
mod batch;
mod chores;
mod clock;
mod compose;
pub mod config;
mod credentials;
mod deliveries;
mod environment;
mod front;
mod ids;
mod issuer;
mod job;
mod keys;
mod logs;
mod metrics;
mod pause;
mod post;
mod queue;
mod relay;
mod request;
mod scheduler;
mod secrets;
mod serve;
mod trace;

pub use lambda_runtime::Error;
pub use serve::{serve, serve_chores, serve_letters, serve_mixed, serve_queue, serve_schedule};
