//! The only source of time.

use jiff::Timestamp;

/// Tells the instant, in UTC.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}
