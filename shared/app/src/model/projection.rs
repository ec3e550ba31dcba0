//! Our states in the words of the source documents; `docs/STATUS.md` is made from here.
//!
//! Each function is one column of a table without gaps: a new state does not compile before every
//! vocabulary has its word for it, or says that it has none.

use std::fmt::Write;

use super::{DeliveryState, Status};

/// Every state, in the order of a life.
const STATES: [Status; 8] = [
    Status::Awaiting,
    Status::Pending,
    Status::Confirmed,
    Status::Moving,
    Status::Cancelling,
    Status::Cancelled,
    Status::Failed,
    Status::Completed,
];

/// Source document 1: a session is `scheduled` or `cancelled`; `None` before there is a booking
/// and where none came to be (S1-036 to S1-038).
pub fn session_word(status: Status) -> Option<&'static str> {
    match status {
        Status::Awaiting | Status::Pending | Status::Failed => None,
        Status::Confirmed | Status::Moving | Status::Completed => Some("scheduled"),
        Status::Cancelling | Status::Cancelled => Some("cancelled"),
    }
}

/// Source document 3: a booking is `confirmed`, `cancelled` or `rescheduled`; the last for one that
/// was ever moved and stands (S3-039).
pub fn booking_word(status: Status, moved: bool) -> Option<&'static str> {
    match status {
        Status::Awaiting | Status::Pending | Status::Failed => None,
        Status::Confirmed | Status::Moving | Status::Completed if moved => Some("rescheduled"),
        Status::Confirmed | Status::Moving | Status::Completed => Some("confirmed"),
        Status::Cancelling | Status::Cancelled => Some("cancelled"),
    }
}

/// Source document 3: the action of a change in the history (S3-043).
pub fn action_word(from: Option<Status>, to: Status, time_changed: bool) -> &'static str {
    match (from, to) {
        (None, _) => "created",
        (Some(_), Status::Cancelling | Status::Cancelled) => "cancelled",
        (
            Some(_),
            Status::Awaiting
            | Status::Pending
            | Status::Confirmed
            | Status::Moving
            | Status::Failed
            | Status::Completed,
        ) if time_changed => "rescheduled",
        (
            Some(_),
            Status::Awaiting
            | Status::Pending
            | Status::Confirmed
            | Status::Moving
            | Status::Failed
            | Status::Completed,
        ) => "updated",
    }
}

/// Source document 4: where a session stands in its list (S4-043, S4-045); attendance is no state
/// of ours.
pub fn list_word(status: Status) -> Option<&'static str> {
    match status {
        Status::Awaiting | Status::Pending => Some("requested"),
        Status::Confirmed | Status::Moving => Some("upcoming"),
        Status::Completed => Some("completed"),
        Status::Cancelling | Status::Cancelled => Some("cancelled"),
        Status::Failed => None,
    }
}

/// Source document 2: a delivery is `processed`, or waits (S2-063).
pub fn delivery_word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Applied | DeliveryState::Ignored => "processed",
        DeliveryState::Waiting
        | DeliveryState::Retrying
        | DeliveryState::Replaying
        | DeliveryState::Quarantined
        | DeliveryState::Dead => "unprocessed",
    }
}

fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn cell(word: Option<&str>) -> String {
    word.map_or_else(|| "–".to_owned(), |word| format!("`{word}`"))
}

const HEAD: &str = "\
# Statuses

Made from `shared/app/src/model/projection.rs`; a test compares.
A reservation has one life here, and each source document has its own words for it.
A dash means that the vocabulary has no word: there is no booking yet, or none came to be.

## Reservations

| Ours | Source 1, session | Source 3, booking | the same, once moved | Source 4, session |
|---|---|---|---|---|
";

const CHANGES: &str = "
Source document 0 gives no words of its own and takes ours.
Source 1 has no word for a session that took place; it stays `scheduled`.

## Changes

Source 3 names the action of each change.

| Change | Action |
|---|---|
";

const DELIVERIES: &str = "
## Deliveries

Source 2 asks which deliveries are unprocessed.

| Ours | Source 2 |
|---|---|
";

const LEFT_OUT: &str = "
## What is left out

No state here tells of attendance, no-show, the waiting room of a consultation or a payment.
No vocabulary has a word for those.
Cal.com's `rejected` is `cancelled` with a cause, and an orphan is a finding and no state.
";

/// The page as docs/STATUS.md holds it.
pub fn status_markdown() -> String {
    let mut text = HEAD.to_owned();
    for status in STATES {
        let (plain, moved) = (booking_word(status, false), booking_word(status, true));
        let words = [session_word(status), plain, moved, list_word(status)].map(cell);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{}` | {} |", word(&status), words.join(" | "));
    }
    text.push_str(CHANGES);
    for (change, action) in [
        ("the first", action_word(None, Status::Pending, false)),
        ("to another time", action_word(Some(Status::Moving), Status::Confirmed, true)),
        ("an end", action_word(Some(Status::Confirmed), Status::Cancelling, false)),
        ("any other", action_word(Some(Status::Pending), Status::Confirmed, false)),
    ] {
        let _ = writeln!(text, "| {change} | `{action}` |");
    }
    text.push_str(DELIVERIES);
    for state in DeliveryState::ALL {
        let _ = writeln!(text, "| `{}` | `{}` |", word(&state), delivery_word(state));
    }
    text.push_str(LEFT_OUT);
    text
}
