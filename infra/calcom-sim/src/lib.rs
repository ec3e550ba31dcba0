//! A strict stand-in for Cal.com API v2 with a deterministic core and an HTTP skin.
//! What was answered is on disk before the answer leaves; killing the process loses nothing.

mod core;
mod http;
mod seed;
mod sim;
mod store;

pub use seed::{DemoAccount, DemoEventType, demo_accounts};
pub use sim::{Clock, RateLimit, RunningSim, Sim, SimConfig, SimError};
