//! Moves a reservation to another start.

use interlock_app::{App, RescheduleRequest, reschedule};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use jiff::Timestamp;
use serde::Deserialize;

use crate::reply::{LONGEST_REASON, is_staff, placed};

/// `POST /api/reservations/{reservationId}/reschedule`.
pub const ROUTE: Route =
    Route::post("reservations.reschedule", "/api/reservations/{reservationId}/reschedule")
        .twin("/api/cal/bookings/{reservationId}/reschedule")
        .allow(Role::Member)
        .idempotent(false)
        .changes_calcom();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reschedule {
    start: Timestamp,
    reason: Option<String>,
}

/// 200 at the new time, 202 while in doubt; the refusals of a reservation, and 409
/// `state_conflict` unless it is confirmed.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Reschedule { start, reason } = call.json()?;
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        return Err(Problem::fault("/reason", "length", "at most 500 characters"));
    }
    let request = RescheduleRequest {
        reservation_id: call.reservation_id()?,
        start,
        reason,
        staff: is_staff(&app, &call).await?,
        idempotency: call.idempotency(),
        act: call.act()?,
    };
    Ok(placed(reschedule(&app, call.caller_id()?, &request).await?))
}
