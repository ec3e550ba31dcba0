//! Reservations in people's own calendars: a feed behind a secret address, and links.
//!
//! What a calendar is told is written by `interlock-notify`; here is who may read it and what is
//! in it.

mod entry;
mod feed;
mod reset;

pub use entry::calendar_links_of;
pub use feed::{Feed, read_feed};
pub use reset::{NewFeed, reset_feed, stop_feed};
