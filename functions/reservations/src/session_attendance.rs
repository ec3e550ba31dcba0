//! Keeps whether the holder of a reservation came.

use interlock_app::model::{Presence, ReservationView};
use interlock_app::{App, AttendanceRequest, record_attendance};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::{Deserialize, Serialize};

/// `POST /api/reservations/{reservationId}/attendance` (S4-045).
pub const ROUTE: Route =
    Route::post("session.attendance", "/api/reservations/{reservationId}/attendance")
        .allow_or(Role::Manager, Role::Host);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Attendance {
    presence: Presence,
}

#[derive(Serialize)]
struct Body {
    reservation: ReservationView,
}

/// 200 with the reservation; 403 `self_approval`, 404 also beyond a manager's scope, 409
/// `state_conflict`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Attendance { presence } = call.json()?;
    let request =
        AttendanceRequest { reservation_id: call.reservation_id()?, presence, act: call.act()? };
    let reservation = record_attendance(&app, call.caller_id()?, &request).await?;
    Ok(Reply::ok(&Body { reservation: ReservationView::from(&reservation) }))
}
