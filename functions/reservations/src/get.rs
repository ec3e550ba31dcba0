//! Shows one reservation.

use interlock_app::model::{Reservation, reservation_body};
use interlock_app::{App, read_reservation};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::reply::is_staff;

/// `GET /api/reservations/{reservationId}`.
pub const ROUTE: Route = Route::get("reservations.get", "/api/reservations/{reservationId}")
    .twin("/api/cal/bookings/{reservationId}")
    .allow(Role::Member)
    .reads(|call| call.reservation_id().iter().map(Reservation::key_of).collect());

/// 200 with the reservation; 404 for foreign and missing alike.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.reservation_id()?;
    let staff = is_staff(&app, &call).await?;
    let snapshot = call.take_snapshot();
    let reservation = read_reservation(&app, snapshot, &id, (call.caller_id()?, staff)).await?;
    Ok(Reply::raw(200, reservation_body(&reservation)))
}
