//! Says yes to a reservation that waits for one.

use interlock_app::{App, DecisionRequest, approve};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::Deserialize;

use crate::reply::{is_staff, placed};

/// `POST /api/reservations/{reservationId}/approve` (PRODUCT D17).
pub const ROUTE: Route =
    Route::post("reservations.approve", "/api/reservations/{reservationId}/approve")
        .allow_or(Role::Manager, Role::Host)
        .idempotent(false)
        .changes_calcom();

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approve {}

/// 200 once confirmed, 202 while in doubt; 403 `not_eligible` and 409 `state_conflict` for one the
/// holder may no longer have, 403 `self_approval`, 404, 503 when it waits on.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    // There is nothing to say beside the yes, so an empty body is as good as an empty object.
    if !call.body().is_empty() {
        let Approve {} = call.json()?;
    }
    let request = DecisionRequest {
        reservation_id: call.reservation_id()?,
        staff: is_staff(&app, &call).await?,
        idempotency: call.idempotency(),
        act: call.act()?,
    };
    Ok(placed(approve(&app, call.caller_id()?, &request).await?))
}
