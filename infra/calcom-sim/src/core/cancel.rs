//! Cancelling: checked at once, committed only after the delivery was sent (CONTRACT 5.7, 9.5).
//! A second cancel that arrives in between passes its checks too, as in the original.

use jiff::Timestamp;
use serde_json::Value;

use super::api_error::{Answer, ApiError};
use super::model::{Booking, EventType, Status};
use super::request::{ApiRequest, Caller};
use super::validate::Problems;
use super::world::World;

impl World {
    /// Checks a cancel by the API; answers the booking as it still is, and the reason.
    pub(crate) fn plan_cancel(
        &self,
        caller: Caller,
        uid: &str,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<(Booking, String)> {
        let body = request.object();
        let mut problems = Problems::default();
        problems.optional_text(&body, "cancellationReason");
        let known = ["cancellationReason", "cancelSubsequentBookings", "seatUid"];
        problems.unknown_keys(&body, &known);
        problems.done()?;
        let booking = self
            .bookings
            .get(uid)
            .ok_or_else(|| ApiError::not_found(format!("Booking with uid={uid} not found")))?;
        if booking.status == Status::Cancelled {
            return Err(ApiError::bad_request(format!(
                "Can't cancel booking with uid={uid} because it has been cancelled already. \
                 Please provide uid of a booking that is not cancelled."
            )));
        }
        let forbidden = self.event_type_of(booking).is_some_and(EventType::cancelling_disabled);
        if forbidden {
            return Err(ApiError::plain(400, "This event type does not allow cancellations"));
        }
        let reason = body.get("cancellationReason").and_then(Value::as_str).unwrap_or_default();
        if caller.is(booking.host_id) && reason.trim().is_empty() {
            let text = "Cancellation reason is required when you are the host";
            return Err(ApiError::plain(400, text));
        }
        if booking.end <= now {
            return Err(ApiError::plain(400, "Cannot cancel a booking that has already ended"));
        }
        Ok((booking.clone(), reason.to_owned()))
    }

    /// Makes it cancelled; a row that meanwhile became so is simply written again.
    pub(crate) fn commit_cancel(
        &mut self,
        uid: &str,
        reason: &str,
        now: Timestamp,
    ) -> Answer<Booking> {
        let changed = self.change_booking(uid, now, |row| {
            row.status = Status::Cancelled;
            reason.clone_into(&mut row.cancellation_reason);
            row.ics_sequence += 1;
            row.claims_interval = false;
        });
        let booking = changed
            .ok_or_else(|| ApiError::not_found(format!("Booking with uid={uid} not found")))?;
        self.count_mails(2 + booking.guests.len());
        Ok(booking)
    }
}
