//! How long to wait before asking again.
//!
//! Few tries and short pauses: the caller has 15 s for everything.

use std::time::Duration;

/// Tries of one request, the first included.
pub(crate) const TRIES: u32 = 5;
const FIRST_MILLIS: u64 = 20;

/// Waits after the try of this number, counted from nought: 20, 40, 80, 160 ms.
pub(crate) async fn after(attempt: u32) {
    let millis = FIRST_MILLIS << attempt.min(6);
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
