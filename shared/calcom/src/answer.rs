//! Reads an answer of Cal.com's.
//!
//! Success that cannot be read is `Unreadable`, never an empty result.

use interlock_app::ports::scheduler::{Booking, EventType, Failure};
use interlock_app::ports::subscriptions::Subscription;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::wire::booking::{OneOrMany, WireBooking};
use crate::wire::event_type::WireEventType;
use crate::wire::slots::{WireSlots, starts};
use crate::wire::subscription::WireSubscription;
use crate::wire::{Envelope, WireMe};
use crate::{Operation, classify};

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Free starts.
    Slots(Vec<Timestamp>),
    /// Bookings: one, the occurrences of a series, or a page.
    Bookings(Vec<Booking>),
    /// Kinds.
    EventTypes(Vec<EventType>),
    /// Webhook subscriptions: one, or a page.
    Subscriptions(Vec<Subscription>),
    /// A user name.
    Me(String),
    /// Success of a call whose answer is not read.
    Done,
}

/// Reads an answer with the given status, 100 to 599, and its raw body.
pub fn read(operation: Operation, status: u16, body: &[u8]) -> Result<Reading, Failure> {
    if !(200..300).contains(&status) {
        return Err(classify(operation, status, body));
    }
    match operation {
        Operation::Slots => Ok(Reading::Slots(starts(data::<WireSlots>(body)?))),
        Operation::Create | Operation::Read | Operation::Cancel | Operation::Reschedule => {
            bookings(data::<OneOrMany>(body)?.0)
        }
        Operation::List => bookings(data(body)?),
        Operation::EventTypes => {
            let kinds: Vec<WireEventType> = data(body)?;
            Ok(Reading::EventTypes(kinds.into_iter().map(EventType::from).collect()))
        }
        Operation::Me => Ok(Reading::Me(data::<WireMe>(body)?.username)),
        Operation::Subscriptions => subscriptions(data(body)?),
        Operation::Subscribe | Operation::Resubscribe => subscriptions(vec![data(body)?]),
        Operation::Unsubscribe | Operation::Health | Operation::Other => Ok(Reading::Done),
    }
}

fn data<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    // A list of a word and a list would else be read as the members of the object, by their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Failure::Unreadable);
    }
    serde_json::from_slice::<Envelope<T>>(body)
        .ok()
        .and_then(Envelope::into_data)
        .ok_or(Failure::Unreadable)
}

fn bookings(wire: Vec<WireBooking>) -> Result<Reading, Failure> {
    // One record that cannot be read spoils its page: leaving it out would look like the end of
    // the list, and like a booking that is gone.
    wire.into_iter()
        .map(WireBooking::into_booking)
        .collect::<Option<Vec<Booking>>>()
        .map(Reading::Bookings)
        .ok_or(Failure::Unreadable)
}

fn subscriptions(wire: Vec<WireSubscription>) -> Result<Reading, Failure> {
    wire.into_iter()
        .map(WireSubscription::into_subscription)
        .collect::<Option<Vec<Subscription>>>()
        .map(Reading::Subscriptions)
        .ok_or(Failure::Unreadable)
}
