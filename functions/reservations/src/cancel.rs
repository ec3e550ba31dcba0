//! Cancels a reservation.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{App, CancelRequest, cancel};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::Deserialize;

use crate::reply::{LONGEST_REASON, is_staff, placed};

/// `POST /api/reservations/{reservationId}/cancel` (S0-068).
pub const ROUTE: Route =
    Route::post("reservations.cancel", "/api/reservations/{reservationId}/cancel")
        .twin("/api/cal/bookings/{reservationId}/cancel")
        .allow(Role::Member)
        .idempotent(false);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CancelReservation {
    reason: String,
}

/// 200 once Cal.com has followed, 202 before; 404, 409 `state_conflict`, 422 `notice_cancel`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let CancelReservation { reason } = call.json()?;
    let length = reason.trim().chars().count();
    if length == 0 || length > LONGEST_REASON {
        return Err(Problem::fault("/reason", "length", "between 1 and 500 characters"));
    }
    let request = CancelRequest {
        reservation_id: call.reservation_id()?,
        reason,
        staff: is_staff(&app, &call).await?,
        idempotency: call.idempotency(),
        act: call.act()?,
    };
    let app = app.paced(Urgency::Cancel);
    Ok(placed(cancel(&app, call.caller_id()?, &request).await?))
}
