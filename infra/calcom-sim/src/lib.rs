//! A strict stand-in for Cal.com API v2 with a deterministic core and an HTTP skin.
//! What was answered is on disk before the answer leaves; killing the process loses nothing.

// The output of an event type is one literal with many keys.
#![recursion_limit = "256"]

#[cfg_attr(
    not(feature = "http"),
    expect(dead_code, reason = "the server uses what an embedding host has no use for")
)]
mod core;
pub mod embed;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod seed;
#[cfg(feature = "http")]
mod sim;
#[cfg(feature = "http")]
mod store;

#[cfg(feature = "http")]
pub use seed::{DemoAccount, DemoEventType, demo_accounts};
#[cfg(feature = "http")]
pub use sim::{Clock, RateLimit, RunningSim, Sim, SimConfig, SimError};
