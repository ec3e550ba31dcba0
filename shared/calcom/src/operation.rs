//! The calls this crate makes, as names.
//!
//! An operation decides version, time-out and how an answer is read; nothing else does.

use crate::Family;

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Free starts.
    Slots,
    /// A new booking.
    Create,
    /// One booking by uid.
    Read,
    /// A page of bookings.
    List,
    /// The end of a booking.
    Cancel,
    /// A move of a booking.
    Reschedule,
    /// The kinds of an account.
    EventTypes,
    /// Whose credential it is.
    Me,
    /// The webhook subscriptions of an account.
    Subscriptions,
    /// A new one.
    Subscribe,
    /// A change of one.
    Resubscribe,
    /// The end of one.
    Unsubscribe,
    /// Whether the server is up.
    Health,
    /// A call this client does not make; only its errors are read.
    Other,
}

impl Operation {
    /// The family whose version the call sends.
    pub fn family(self) -> Family {
        match self {
            Self::Slots => Family::Slots,
            Self::Create | Self::Read | Self::List | Self::Cancel | Self::Reschedule => {
                Family::Bookings
            }
            Self::EventTypes => Family::EventTypes,
            Self::Me
            | Self::Subscriptions
            | Self::Subscribe
            | Self::Resubscribe
            | Self::Unsubscribe
            | Self::Health
            | Self::Other => Family::Any,
        }
    }

    /// Whether the call changes something, so that it must never be repeated blindly.
    pub fn writes(self) -> bool {
        match self {
            Self::Create
            | Self::Cancel
            | Self::Reschedule
            | Self::Subscribe
            | Self::Resubscribe
            | Self::Unsubscribe
            | Self::Other => true,
            Self::Slots
            | Self::Read
            | Self::List
            | Self::EventTypes
            | Self::Me
            | Self::Subscriptions
            | Self::Health => false,
        }
    }

    /// How the call is made over HTTP.
    pub fn method(self) -> &'static str {
        match self {
            Self::Slots
            | Self::Read
            | Self::List
            | Self::EventTypes
            | Self::Me
            | Self::Subscriptions
            | Self::Health => "GET",
            Self::Create | Self::Cancel | Self::Reschedule | Self::Subscribe | Self::Other => {
                "POST"
            }
            Self::Resubscribe => "PATCH",
            Self::Unsubscribe => "DELETE",
        }
    }
}
