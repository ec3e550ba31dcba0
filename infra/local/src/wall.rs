//! The wall clock of the machine.
//! Queue delays, deadlines and schedules run on it; the product's moved clock is `clock`.

use jiff::Timestamp;

/// The instant now, UTC.
#[expect(clippy::disallowed_methods, reason = "queues and deadlines run on the wall clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Milliseconds since 1970 now, UTC.
pub fn now_milliseconds() -> i64 {
    now().as_millisecond()
}
