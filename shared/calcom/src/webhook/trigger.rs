//! What made Cal.com send a delivery.
//!
//! A word this version does not know is kept, so that it can be counted (RELIABILITY W3).

use std::fmt;

/// Longest unknown word that is kept.
const MAX_WORD: usize = 64;

/// A trigger of CONTRACT 9.2.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// Made, or confirmed by the host.
    BookingCreated,
    /// Waits for the host, also after a move of such a booking.
    BookingRequested,
    /// Moved: the uid is new, the old one is `reschedule_uid`.
    BookingRescheduled,
    /// Announced as ended; sent before it is so.
    BookingCancelled,
    /// Refused by the host.
    BookingRejected,
    /// Payment begun.
    BookingPaymentInitiated,
    /// Paid.
    BookingPaid,
    /// Somebody was marked as absent, or no longer.
    BookingNoShowUpdated,
    /// The planned start has come.
    MeetingStarted,
    /// The planned end has come.
    MeetingEnded,
    /// The test button.
    Ping,
    /// Any other word; empty where a template left it out.
    Unknown(String),
}

const WORDS: [(&str, Trigger); 11] = [
    ("BOOKING_CREATED", Trigger::BookingCreated),
    ("BOOKING_REQUESTED", Trigger::BookingRequested),
    ("BOOKING_RESCHEDULED", Trigger::BookingRescheduled),
    ("BOOKING_CANCELLED", Trigger::BookingCancelled),
    ("BOOKING_REJECTED", Trigger::BookingRejected),
    ("BOOKING_PAYMENT_INITIATED", Trigger::BookingPaymentInitiated),
    ("BOOKING_PAID", Trigger::BookingPaid),
    ("BOOKING_NO_SHOW_UPDATED", Trigger::BookingNoShowUpdated),
    ("MEETING_STARTED", Trigger::MeetingStarted),
    ("MEETING_ENDED", Trigger::MeetingEnded),
    ("PING", Trigger::Ping),
];

impl Trigger {
    /// The trigger of a word.
    pub fn of(word: &str) -> Self {
        WORDS.iter().find(|(known, _)| *known == word).map_or_else(
            || Self::Unknown(word.chars().take(MAX_WORD).collect()),
            |(_, trigger)| trigger.clone(),
        )
    }

    /// Cal.com's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unknown(word) => word,
            Self::BookingCreated => "BOOKING_CREATED",
            Self::BookingRequested => "BOOKING_REQUESTED",
            Self::BookingRescheduled => "BOOKING_RESCHEDULED",
            Self::BookingCancelled => "BOOKING_CANCELLED",
            Self::BookingRejected => "BOOKING_REJECTED",
            Self::BookingPaymentInitiated => "BOOKING_PAYMENT_INITIATED",
            Self::BookingPaid => "BOOKING_PAID",
            Self::BookingNoShowUpdated => "BOOKING_NO_SHOW_UPDATED",
            Self::MeetingStarted => "MEETING_STARTED",
            Self::MeetingEnded => "MEETING_ENDED",
            Self::Ping => "PING",
        }
    }

    /// Whether the booking at Cal.com may differ from what we know, so that reading it again
    /// is worth a call. A planned start or end that has come changes nothing.
    pub fn changes_booking(&self) -> bool {
        match self {
            Self::BookingCreated
            | Self::BookingRequested
            | Self::BookingRescheduled
            | Self::BookingCancelled
            | Self::BookingRejected
            | Self::BookingPaymentInitiated
            | Self::BookingPaid
            | Self::BookingNoShowUpdated => true,
            Self::MeetingStarted | Self::MeetingEnded | Self::Ping | Self::Unknown(_) => false,
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_comes_back_as_itself() {
        for (word, trigger) in WORDS {
            assert_eq!(Trigger::of(word), trigger);
            assert_eq!(trigger.as_str(), word);
        }
    }

    #[test]
    fn a_word_not_known_is_kept_but_cut() {
        assert_eq!(Trigger::of("OOO_CREATED"), Trigger::Unknown("OOO_CREATED".to_owned()));
        assert_eq!(Trigger::of(&"X".repeat(500)).as_str().len(), MAX_WORD);
        assert!(!Trigger::of("booking_created").changes_booking());
    }
}
