//! A queue server that speaks SQS' JSON protocol, stored in one SQLite file.
//! What was acknowledged is on disk; time is an argument of the core, never read inside it.

mod attributes;
mod batch;
mod digest;
mod fault;
mod message;
mod moves;
mod protocol;
mod schema;
mod server;
mod service;
mod store;

pub use attributes::QueueSettings;
pub use digest::of_body as body_digest;
pub use fault::QueueFault;
pub use message::{NewMessage, ReceivedMessage};
pub use moves::MoveTask;
pub use server::router;
pub use service::QueueService;
pub use store::QueueStore;

/// Account number in the addresses and names of local queues.
pub const ACCOUNT: &str = "000000000000";

/// Resource name of a local queue.
pub fn arn(name: &str) -> String {
    format!("arn:aws:sqs:eu-central-1:{ACCOUNT}:{name}")
}

/// Name of a queue from its resource name or its address.
pub fn name_of(address: &str) -> &str {
    address.rsplit([':', '/']).next().unwrap_or(address)
}
