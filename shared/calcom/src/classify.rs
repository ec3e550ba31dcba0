//! What a refusal means (CONTRACT 5.9).
//!
//! Status decides first, the shape of the body and a fragment of its message second, and never a
//! whole sentence.

use interlock_app::ports::scheduler::Failure;
use serde_json::Value;

use crate::Operation;

/// What is said of an address that leads nowhere.
const NO_ROUTE: [&str; 4] = ["cannot get /", "cannot post /", "cannot patch /", "cannot delete /"];

/// How an error body is built (CONTRACT 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Shape 1 and 2: the envelope `{"status":"error","error":{…}}`.
    Envelope,
    /// Shape 3: `{"statusCode":…,"message":…}` of the booking core.
    Plain,
    /// Anything else, such as the page of a proxy.
    Foreign,
}

/// What is read of an error body; the message is kept in lower case and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorBody {
    /// How it is built.
    pub shape: Shape,
    message: String,
}

impl std::fmt::Debug for ErrorBody {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ErrorBody({:?}, …)", self.shape)
    }
}

impl ErrorBody {
    /// Reads a body leniently; details are left out because they echo the request.
    pub fn parse(body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let text = |value: Option<&Value>| {
            value.and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
        };
        if let Some(error) = value.get("error").filter(|error| error.is_object()) {
            let inner = text(error.get("message"));
            let message = if inner.is_empty() { text(value.get("message")) } else { inner };
            return Self { shape: Shape::Envelope, message };
        }
        if value.get("message").is_some() || value.get("statusCode").is_some() {
            return Self { shape: Shape::Plain, message: text(value.get("message")) };
        }
        Self { shape: Shape::Foreign, message: String::new() }
    }

    fn says(&self, fragments: &[&str]) -> bool {
        fragments.iter().any(|fragment| self.message.contains(fragment))
    }
}

/// The class of an answer that is no success.
pub fn classify(operation: Operation, status: u16, body: &[u8]) -> Failure {
    let error = ErrorBody::parse(body);
    match status {
        429 => Failure::RateLimited,
        401 => unauthorised(operation, &error),
        403 => forbidden(operation, &error),
        404 | 410 => missing(operation, &error),
        409 => conflict(operation, &error),
        422 if error.says(&["has no hosts"]) => Failure::MappingBroken,
        // The answer to a hold on a time that is held or booked (CONTRACT 4.2).
        422 if error.says(&["already reserved", "already booked"]) => Failure::SlotTaken,
        400 => bad_request(operation, &error),
        500 if operation == Operation::Create && error.says(&["was not found in the database"]) => {
            Failure::Decoy
        }
        402 | 405..=407 | 411..=428 | 430..=499 => Failure::BadRequest,
        // A 408 says the request did not arrive in time, a 3xx that somebody stands between: in
        // both cases the write may have gone through.
        _ => Failure::UnknownOutcome,
    }
}

fn unauthorised(operation: Operation, error: &ErrorBody) -> Failure {
    if error.says(&["booking_limit_reached", "duration_limit_reached"]) {
        return Failure::EventLimit;
    }
    match (error.shape, operation) {
        (Shape::Plain, Operation::Create | Operation::Reschedule) => Failure::EventLimit,
        // A seated booking without its seat, from somebody who does not host it.
        (Shape::Plain, Operation::Cancel) => Failure::CancelRefused,
        (Shape::Envelope | Shape::Plain | Shape::Foreign, _) => Failure::Credential,
    }
}

fn forbidden(operation: Operation, error: &ErrorBody) -> Failure {
    if error.says(&["booker_email_blocked", "booker_email_requires_login"]) {
        return Failure::AttendeeRefused;
    }
    // Somebody else's subscription.
    if error.says(&["is not the owner of webhook"]) {
        return Failure::NotFound;
    }
    match (error.shape, operation) {
        // Inside the shortest notice Cal.com allows for a move.
        (Shape::Plain, Operation::Reschedule) => Failure::OutOfBounds,
        (Shape::Plain, Operation::Cancel) => Failure::CancelRefused,
        (Shape::Envelope | Shape::Plain | Shape::Foreign, _) => Failure::Credential,
    }
}

fn missing(operation: Operation, error: &ErrorBody) -> Failure {
    // No such route: a wrong address, a wrong version or a proxy. Taking it for a missing booking
    // would let reconciliation believe that every booking is gone.
    if error.shape == Shape::Foreign || error.says(&NO_ROUTE) {
        return Failure::BadRequest;
    }
    if error.says(&["event type with", "missing event type", "event type not found"]) {
        return Failure::MappingBroken;
    }
    match operation {
        Operation::Slots => Failure::MappingBroken,
        Operation::Create | Operation::Subscriptions | Operation::Subscribe => Failure::BadRequest,
        Operation::Read
        | Operation::Resubscribe
        | Operation::Unsubscribe
        | Operation::List
        | Operation::Cancel
        | Operation::Reschedule
        | Operation::EventTypes
        | Operation::Me
        | Operation::Health
        | Operation::Other => Failure::NotFound,
    }
}

fn conflict(operation: Operation, error: &ErrorBody) -> Failure {
    if error.says(&["already_signed_up_for_this_booking"]) {
        return Failure::Duplicate;
    }
    match operation {
        // booking_conflict_error, no seats left, or the unique key in the envelope.
        Operation::Create | Operation::Reschedule => Failure::SlotTaken,
        Operation::Cancel => Failure::CancelRefused,
        // The account has one with this address.
        Operation::Subscribe | Operation::Resubscribe => Failure::Duplicate,
        Operation::Subscriptions
        | Operation::Unsubscribe
        | Operation::Slots
        | Operation::Read
        | Operation::List
        | Operation::EventTypes
        | Operation::Me
        | Operation::Health
        | Operation::Other => Failure::BadRequest,
    }
}

fn bad_request(operation: Operation, error: &ErrorBody) -> Failure {
    match operation {
        Operation::Cancel => refused_cancel(error),
        Operation::Reschedule if error.says(&["rescheduled already", "has been cancelled"]) => {
            Failure::AlreadyRescheduled
        }
        Operation::Create | Operation::Reschedule => refused_booking(error),
        Operation::Subscriptions
        | Operation::Subscribe
        | Operation::Resubscribe
        | Operation::Unsubscribe
        | Operation::Slots
        | Operation::Read
        | Operation::List
        | Operation::EventTypes
        | Operation::Me
        | Operation::Health
        | Operation::Other => Failure::BadRequest,
    }
}

fn refused_cancel(error: &ErrorBody) -> Failure {
    if error.says(&["cancelled already"]) {
        Failure::AlreadyCancelled
    } else if error.says(&["property is wrong", "should not exist"]) {
        Failure::BadRequest
    } else {
        Failure::CancelRefused
    }
}

fn refused_booking(error: &ErrorBody) -> Failure {
    if error.says(&["already has booking at this time", "one of the hosts"]) {
        Failure::SlotTaken
    } else if error.says(&["can't be booked at the \"start\" time", "meeting in the past"]) {
        Failure::OutOfBounds
    } else if error.says(&["maximum number of active bookings"]) {
        Failure::BookerLimit
    } else if error.says(&["email_verification_required", "invalid_verification_code"]) {
        Failure::VerificationNeeded
    } else {
        Failure::BadRequest
    }
}
