//! Documents for calendars (RFC 5545, 5546): invites that come with mails, a feed, and links.
//!
//! Every time is written in UTC: an event that happens once needs no zone, and an hour that comes
//! twice or not at all in some zone is told apart by itself.

mod document;
mod event;
mod links;

pub(crate) use document::invite;
pub use document::{Entry, feed};
pub use event::Standing;
pub use links::{CalendarLinks, calendar_links};

use crate::{Choice, Method, ReservationNews};

/// A document for calendars could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a document for calendars could not be written")]
pub struct CalendarError;

/// What calendars are told along with a piece of news, if anything.
pub(crate) fn method_of(news: &ReservationNews) -> Option<Method> {
    match news {
        ReservationNews::Confirmed
        | ReservationNews::Changed { .. }
        | ReservationNews::Approved => Some(Method::Request),
        ReservationNews::Cancelled { .. }
        | ReservationNews::EligibilityLost { choice: Choice::Cancel, .. } => Some(Method::Cancel),
        ReservationNews::EligibilityLost { choice: Choice::Flag | Choice::RenewBy(_), .. }
        | ReservationNews::ReminderDay
        | ReservationNews::ReminderHour
        | ReservationNews::AwaitingApproval { .. }
        | ReservationNews::Declined { .. }
        | ReservationNews::Unanswered
        | ReservationNews::NotMade => None,
    }
}
