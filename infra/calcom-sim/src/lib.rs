//! A strict stand-in for Cal.com API v2 with a deterministic core and an HTTP skin.
//! What was answered is on disk before the answer leaves; killing the process loses nothing.

// The output of an event type is one literal with many keys.
#![recursion_limit = "256"]

mod core;
mod http;
mod seed;
mod sim;
mod store;

pub use seed::{DemoAccount, DemoEventType, demo_accounts};
pub use sim::{Clock, RateLimit, RunningSim, Sim, SimConfig, SimError};
