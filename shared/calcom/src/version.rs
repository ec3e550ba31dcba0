//! The one table of API versions (CONTRACT 2.1).
//!
//! A missing or foreign value silently means another contract at Cal.com, so no call goes out
//! without its row.

/// Header that carries the version.
pub const VERSION_HEADER: &str = "cal-api-version";

/// A family of routes that share a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Slots and holds.
    Slots,
    /// Bookings, guests, locations and attendees.
    Bookings,
    /// Event types.
    EventTypes,
    /// Schedules.
    Schedules,
    /// Everything for which any version is accepted.
    Any,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Slots, Self::Bookings, Self::EventTypes, Self::Schedules, Self::Any];

    /// The value to send.
    pub fn version(self) -> &'static str {
        match self {
            Self::Slots => "2024-09-04",
            Self::Bookings | Self::Any => "2024-08-13",
            Self::EventTypes => "2024-06-14",
            Self::Schedules => "2024-06-11",
        }
    }
}
