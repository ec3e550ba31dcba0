//! Says no to a reservation that waits for a yes.

use interlock_app::{App, DecisionRequest, decline};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::Deserialize;

use crate::reply::{LONGEST_REASON, is_staff, placed};

/// `POST /api/reservations/{reservationId}/decline` (PRODUCT D17).
pub const ROUTE: Route =
    Route::post("reservations.decline", "/api/reservations/{reservationId}/decline")
        .allow_or(Role::Manager, Role::Host)
        .idempotent(false);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Decline {
    reason: String,
}

/// 200 with the time free again; 403 `self_approval`, 404, 409 `state_conflict`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Decline { reason } = call.json()?;
    let length = reason.trim().chars().count();
    if length == 0 || length > LONGEST_REASON {
        return Err(Problem::fault("/reason", "length", "between 1 and 500 characters"));
    }
    let request = DecisionRequest {
        reservation_id: call.reservation_id()?,
        staff: is_staff(&app, &call).await?,
        idempotency: call.idempotency(),
        act: call.act()?,
    };
    Ok(placed(decline(&app, call.caller_id()?, &request, &reason).await?))
}
