//! Confirming and declining requests, as carelessly as the original does (CONTRACT 5.8).
//! Confirm looks at no overlap and refuses only what is accepted already.

use jiff::Timestamp;
use serde_json::Value;

use super::api_error::{Answer, ApiError};
use super::model::{Booking, Status};
use super::request::{ApiRequest, Caller};
use super::world::World;

impl World {
    fn hosted(&self, caller: Caller, uid: &str) -> Answer<&Booking> {
        let booking = self.bookings.get(uid).ok_or_else(|| {
            ApiError::not_found(format!("Booking with uid={uid} was not found in the database"))
        })?;
        if caller.is(booking.host_id) {
            return Ok(booking);
        }
        let text = "You are not authorized to access this resource";
        Err(ApiError::envelope(401, "TRPCError", text))
    }

    pub(crate) fn confirm(&mut self, caller: Caller, uid: &str, now: Timestamp) -> Answer<Booking> {
        if self.hosted(caller, uid)?.status == Status::Accepted {
            let text = "Bad request: Please check your request data and try again";
            return Err(ApiError::envelope(400, "TRPCError", text));
        }
        self.accept(uid, now)
    }

    /// Accepts a request, whatever else stands at that time.
    pub(crate) fn accept(&mut self, uid: &str, now: Timestamp) -> Answer<Booking> {
        let changed = self.change_booking(uid, now, |row| row.status = Status::Accepted);
        self.count_mails(2);
        changed.ok_or_else(|| ApiError::not_found(format!("Booking with uid={uid} not found")))
    }

    pub(crate) fn decline(
        &mut self,
        caller: Caller,
        uid: &str,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<Booking> {
        self.hosted(caller, uid)?;
        let body = request.object();
        let reason = body.get("reason").and_then(Value::as_str).unwrap_or_default();
        self.reject(uid, reason, now)
    }

    /// Rejects a request; doing it again is no error.
    pub(crate) fn reject(&mut self, uid: &str, reason: &str, now: Timestamp) -> Answer<Booking> {
        let changed = self.change_booking(uid, now, |row| {
            row.status = Status::Rejected;
            reason.clone_into(&mut row.rejection_reason);
            row.claims_interval = false;
        });
        self.count_mails(1);
        changed.ok_or_else(|| ApiError::not_found(format!("Booking with uid={uid} not found")))
    }
}
