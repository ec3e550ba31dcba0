//! Schedules of the template on the wall clock.
//! A schedule that this reader does not understand stops the start, it is never left out.

mod cron;
mod expression;
mod runner;

pub use expression::Expression;
pub use runner::{payload, start};
