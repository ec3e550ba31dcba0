//! Moving a booking: a new row with a new uid, the old one cancelled with a link forward.
//! Both rows change together, and the calendar identity stays (CONTRACT 5.6).

use jiff::Timestamp;
use serde_json::Value;

use super::api_error::{Answer, ApiError};
use super::availability::Interval;
use super::create::Draft;
use super::model::{Booking, EventType, Status};
use super::request::ApiRequest;
use super::time::{instant, minutes, plus};
use super::validate::Problems;
use super::world::World;

/// A move that passed its checks.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    pub(crate) old: Booking,
    pub(crate) event_type: EventType,
    pub(crate) interval: Interval,
    pub(crate) reason: Option<String>,
    pub(crate) by: Option<String>,
}

fn validate(request: &ApiRequest) -> Answer<()> {
    let body = request.object();
    let mut problems = Problems::default();
    problems.start(&body);
    let known =
        ["start", "reschedulingReason", "rescheduledBy", "emailVerificationCode", "seatUid"];
    problems.optional_text(&body, "reschedulingReason");
    problems.optional_text(&body, "rescheduledBy");
    problems.unknown_keys(&body, &known);
    problems.done()
}

impl World {
    /// The booking that may be moved, with its event type.
    pub(crate) fn movable(&self, uid: &str) -> Answer<(Booking, EventType)> {
        let old = self.bookings.get(uid).ok_or_else(|| {
            ApiError::not_found(format!("Booking with uid={uid} was not found in the database"))
        })?;
        if let Some(newer) = &old.rescheduled_to {
            return Err(ApiError::bad_request(format!(
                "Can't reschedule booking with uid={uid} because it has been cancelled and \
                 rescheduled already to booking with uid={newer}. You probably want to \
                 reschedule {newer} instead by passing it within the request URL."
            )));
        }
        if old.status == Status::Cancelled {
            return Err(ApiError::bad_request(format!(
                "Can't reschedule booking with uid={uid} because it has been cancelled. Please \
                 provide uid of a booking that is not cancelled."
            )));
        }
        let event_type = self.event_type_of(old).ok_or_else(|| {
            ApiError::not_found(format!("Booking with uid={uid} is missing event type"))
        })?;
        Ok((old.clone(), event_type.clone()))
    }

    /// Everything that is checked before a booking is moved by the API.
    pub(crate) fn plan_move(
        &self,
        uid: &str,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<Move> {
        validate(request)?;
        let (old, event_type) = self.movable(uid)?;
        let body = request.object();
        let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
        let start = text("start").as_deref().and_then(instant).unwrap_or(old.start);
        // The length of the booking is lost: the default of its type takes over.
        let interval = Interval { start, end: plus(start, minutes(event_type.length())) };
        self.check_time(&event_type, interval, now, Some(uid))?;
        let (reason, by) = (text("reschedulingReason"), text("rescheduledBy"));
        Ok(Move { old, event_type, interval, reason, by })
    }

    /// Stores a move; answers the new booking.
    pub(crate) fn commit_move(&mut self, step: Move, now: Timestamp) -> Answer<Booking> {
        let Move { old, event_type, interval, reason, by } = step;
        let current = self.bookings.get(&old.uid).map(|booking| booking.status);
        if current == Some(Status::Cancelled) {
            return Err(ApiError::plain(409, "booking_conflict_error"));
        }
        let draft = Draft {
            event_type,
            interval,
            attendee: old.attendee.clone(),
            guests: old.guests.clone(),
            answers: old.answers.clone(),
            metadata: old.metadata.clone(),
        };
        let claimed = self.bookings.values().any(|one| {
            one.claims_interval
                && one.uid != old.uid
                && one.host_id == old.host_id
                && one.start == interval.start
                && one.end == interval.end
        });
        if claimed {
            return Err(ApiError::plain(409, "booking_conflict_error"));
        }
        // The old row gives its interval free first, so that a move onto itself passes.
        self.change_booking(&old.uid, now, |row| row.claims_interval = false);
        let new_uid = self.commit_booking(draft, now)?.uid;
        self.change_booking(&old.uid, now, |row| {
            row.status = Status::Cancelled;
            row.rescheduled_to = Some(new_uid.clone());
            row.rescheduled_by.clone_from(&by);
        });
        self.previous.put(old.uid.clone(), Some(old.clone()));
        if let Some(row) = self.bookings.change(&new_uid) {
            row.ics_uid.clone_from(&old.ics_uid);
            row.ics_sequence = old.ics_sequence + 1;
            row.rescheduled_from = Some(old.uid.clone());
            row.rescheduled_by = by;
            row.rescheduling_reason = reason;
        }
        self.bookings
            .get(&new_uid)
            .cloned()
            .ok_or_else(|| ApiError::plain(500, "Internal server error"))
    }
}
