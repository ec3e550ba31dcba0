//! The client for Cal.com's API v2 and the reading of its webhooks.
//!
//! Nothing of an answer beyond status, class and request id leaves this crate in a log or an
//! error: bodies echo personal data and even tokens (CONTRACT 2.4, 3.1).

mod answer;
mod calls;
#[cfg(feature = "client")]
mod chores;
mod classify;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod config;
mod credentials;
mod operation;
#[cfg(feature = "client")]
mod probe;
mod scheduler;
mod secret;
mod subscriptions;
#[cfg(feature = "client")]
mod transport;
mod uid;
mod version;
pub mod webhook;
mod wire;

pub use answer::{Reading, read};
pub use calls::{Call, Calls};
#[cfg(feature = "client")]
pub use chores::CalcomWeb;
pub use classify::{ErrorBody, Shape, classify};
#[cfg(feature = "client")]
pub use client::CalcomClient;
#[cfg(feature = "client")]
pub use config::{CalcomConfig, ConfigError, Timeouts};
pub use credentials::{Credential, CredentialError, Credentials};
pub use operation::Operation;
pub use scheduler::CalcomScheduler;
pub use secret::Secret;
pub use version::{Family, VERSION_HEADER};
