//! Lambda's Runtime API and the processes behind it.
//! An instance serves one invocation at a time; nothing is handed to an instance that has ended.

mod instance;
mod invocation;
mod launch;
mod manager;
mod pool;
mod server;
mod status;

pub use invocation::InvokeError;
pub use launch::{Launched, Launcher, ProcessLauncher};
pub use manager::{FunctionSpec, Manager, Settings};
pub use server::router;
pub use status::FunctionStatus;
