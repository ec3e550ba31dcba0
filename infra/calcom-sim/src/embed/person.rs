//! What a person does inside Cal.com, with the deliveries it causes.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Desk, Sent, object};
use crate::core::api_error::ApiError;
use crate::core::payload::Happening;

/// The name of the booking that came of it, and what is sent about it.
type Told = Result<(String, Vec<Sent>), String>;

fn said(error: &ApiError) -> String {
    format!("{} {}", error.status, error.message)
}

impl Desk {
    /// Books on the public page; `force` goes around every check.
    pub fn person_creates(
        &mut self,
        event_type_id: i64,
        email: &str,
        (start, force): (Timestamp, bool),
        now: Timestamp,
    ) -> Told {
        let body = object(json!({
            "eventTypeId": event_type_id, "start": start.to_string(), "force": force,
            "attendee": { "name": "Somebody", "email": email, "timeZone": "Europe/Berlin" }
        }));
        let booking = self.world.person_creates(&body, now).map_err(|error| said(&error))?;
        let outgoing = self.world.announce(&Happening::Created, &booking, now);
        Ok((booking.uid, self.sent(outgoing)))
    }

    /// Cancels in the web application.
    pub fn person_cancels(&mut self, uid: &str, now: Timestamp) -> Told {
        let (booking, by) = self.world.person_may_cancel(uid).map_err(|error| said(&error))?;
        let reason = "by hand".to_owned();
        let happening =
            Happening::Cancelled { reason: reason.clone(), by, request_reschedule: false };
        let outgoing = self.world.announce(&happening, &booking, now);
        let sent = self.sent(outgoing);
        self.world.commit_cancel(uid, &reason, now).map_err(|error| said(&error))?;
        Ok((booking.uid, sent))
    }

    /// Moves in the web application; `force` goes around every check.
    pub fn person_moves(
        &mut self,
        uid: &str,
        start: Timestamp,
        force: bool,
        now: Timestamp,
    ) -> Told {
        let body = object(json!({ "start": start.to_string(), "force": force }));
        let moved = self.world.person_reschedules(uid, &body, now);
        let (old, booking) = moved.map_err(|error| said(&error))?;
        let happening = Happening::Rescheduled { old: Box::new(old), by_person: true };
        let outgoing = self.world.announce(&happening, &booking, now);
        Ok((booking.uid, self.sent(outgoing)))
    }

    /// Edits an event type; nobody is told.
    pub fn person_edits_event_type(&mut self, id: i64, fields: Value) -> Result<(), String> {
        self.world.edit_event_type(id, &object(fields)).map(|_| ()).map_err(|error| said(&error))
    }

    /// Deletes an event type; nobody is told.
    pub fn person_deletes_event_type(&mut self, id: i64) -> Result<(), String> {
        self.world.remove_event_type(id).map(|_| ()).map_err(|error| said(&error))
    }
}
