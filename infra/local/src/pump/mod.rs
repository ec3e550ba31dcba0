//! Feeds functions from queues as the platform's event source mapping does.
//! A message is deleted only after its function said that it succeeded.

mod event;
mod mapping;
mod outcome;

pub use event::queue_event;
pub use mapping::{Answer, DrainReport, Invoker, Pump};
pub use outcome::{Failures, failures};
