//! The secrets endpoint: one call, and values that stay the same over restarts.
//! Values lie in a file of the data folder that only its owner may read.

mod server;
mod values;

pub use server::router;
pub use values::{CALCOM, CURSOR, FACTOR, ORIGIN, Secrets, WEBHOOK};
