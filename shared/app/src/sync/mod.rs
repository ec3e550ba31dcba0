//! One way to bring a reservation to rest, whoever asks: webhook, resolver, reconciliation, or the
//! request that made it (RELIABILITY 3.4, PRODUCT D5).

mod act;
mod decide;
mod holders;
mod look;
mod plan;
mod relocate;
mod settle;
mod sweep;
mod wait_on;

pub(crate) use holders::settle_holders;
pub(crate) use look::{is_live, marked};
pub(crate) use plan::plan;
pub use settle::{Settled, sync};
pub use sweep::{SweepReport, settle_due, settle_one};

pub(crate) use act::{Progress, Settling, settle_seen, write};
