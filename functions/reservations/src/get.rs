//! Shows one reservation.

use interlock_app::model::{Reservation, reservation_body_with};
use interlock_app::{App, calendar_links_of, holder_terms, read_stored_reservation};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::reply::is_staff;

/// `GET /api/reservations/{reservationId}`.
pub const ROUTE: Route = Route::get("reservations.get", "/api/reservations/{reservationId}")
    .twin("/api/cal/bookings/{reservationId}")
    .allow(Role::Member)
    .reads(|call| call.reservation_id().iter().map(Reservation::key_of).collect());

/// 200 with the reservation, and for its holder with links into his own calendar and until when he
/// may move it and give it back; 404 for foreign and missing alike.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.reservation_id()?;
    let staff = is_staff(&app, &call).await?;
    let snapshot = call.take_snapshot();
    let caller = call.caller()?;
    let reader = (&caller.user_id, staff);
    let stored = read_stored_reservation(&app, snapshot.clone(), &id, reader).await?;
    let reservation = stored.value.clone();
    if reservation.user_id() != Some(&caller.user_id) {
        return Ok(Reply::raw(200, reservation_body_with(&reservation, None, None)));
    }
    let terms = holder_terms(&app, snapshot, &reservation).await?;
    let links = calendar_links_of(&app, stored, &caller.account.value.time_zone).await?;
    Ok(Reply::raw(200, reservation_body_with(&reservation, links.as_ref(), terms.as_ref())))
}
