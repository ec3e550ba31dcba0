//! What a person does in the Cal.com web application (CONTRACT 14.1 row 20).
//! The rules of the API hold for people too, unless `force` says that they went around them.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::api_error::{Answer, ApiError};
use super::availability::Interval;
use super::create::Draft;
use super::create_checks::attendee_of;
use super::model::{Booking, Status};
use super::reschedule::Move;
use super::time::{instant, minutes, plus};
use super::world::World;

fn start_of(body: &Map<String, Value>) -> Answer<Timestamp> {
    let start = body.get("start").and_then(Value::as_str).and_then(instant);
    start.ok_or_else(|| {
        ApiError::bad_request("`start` must be an instant such as 2026-12-01T09:00:00Z")
    })
}

fn forced(body: &Map<String, Value>) -> bool {
    body.get("force").and_then(Value::as_bool).unwrap_or_default()
}

impl World {
    /// A booking made on the public page: without any metadata of ours.
    pub(crate) fn person_creates(
        &mut self,
        body: &Map<String, Value>,
        now: Timestamp,
    ) -> Answer<Booking> {
        let id = body.get("eventTypeId").and_then(Value::as_i64).unwrap_or_default();
        let event_type = self
            .event_type(id)
            .cloned()
            .ok_or_else(|| ApiError::not_found(format!("Event type with id {id} not found.")))?;
        let attendee = attendee_of(body);
        if !attendee.email.contains('@') {
            return Err(ApiError::bad_request("`attendee.email` must be an e-mail address"));
        }
        let start = start_of(body)?;
        let interval = Interval { start, end: plus(start, minutes(event_type.length())) };
        if !forced(body) {
            self.check_time(&event_type, interval, now, None)?;
        }
        let draft = Draft {
            event_type,
            interval,
            attendee,
            guests: Vec::new(),
            answers: Map::new(),
            metadata: Map::new(),
        };
        self.commit_booking(draft, now)
    }

    /// A move in the web application; answers the old and the new booking.
    pub(crate) fn person_reschedules(
        &mut self,
        uid: &str,
        body: &Map<String, Value>,
        now: Timestamp,
    ) -> Answer<(Booking, Booking)> {
        let (old, event_type) = self.movable(uid)?;
        let start = start_of(body)?;
        let interval = Interval { start, end: plus(start, minutes(old.minutes())) };
        if !forced(body) {
            self.check_time(&event_type, interval, now, Some(uid))?;
        }
        let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
        let host = self.account(old.host_id).map(|host| host.email.clone());
        let step = Move {
            old: old.clone(),
            event_type,
            interval,
            reason: text("reschedulingReason"),
            by: text("rescheduledBy").or(host),
        };
        Ok((old, self.commit_move(step, now)?))
    }

    /// The booking a person is about to cancel, with the host's address as author.
    pub(crate) fn person_may_cancel(&self, uid: &str) -> Answer<(Booking, Option<String>)> {
        let booking = self
            .bookings
            .get(uid)
            .ok_or_else(|| ApiError::not_found(format!("Booking with uid={uid} not found")))?;
        if booking.status == Status::Cancelled {
            return Err(ApiError::bad_request(format!(
                "Can't cancel booking with uid={uid} because it has been cancelled already."
            )));
        }
        let author = self.account(booking.host_id).map(|host| host.email.clone());
        Ok((booking.clone(), author))
    }

    /// Changes the location text; nobody is told (CONTRACT 9.2).
    pub(crate) fn person_moves_location(
        &mut self,
        uid: &str,
        location: &str,
        now: Timestamp,
    ) -> Answer<Booking> {
        let changed = self.change_booking(uid, now, |row| location.clone_into(&mut row.location));
        changed.ok_or_else(|| ApiError::not_found(format!("Booking with uid={uid} not found")))
    }
}
