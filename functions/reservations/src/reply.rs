//! Answers about one reservation.

use interlock_app::{App, Placed, is_staff_for};
use interlock_http::{Call, Problem, Reply};

/// Longest reason, in characters.
pub(crate) const LONGEST_REASON: usize = 500;

/// The answer as it was made or recorded, with where to look again.
pub(crate) fn placed(placed: Placed) -> Reply {
    let location = format!("/api/reservations/{}", placed.reservation.id);
    let reply = Reply::raw(placed.status, placed.body).replayed(placed.replayed);
    if placed.status == 200 { reply } else { reply.location(location) }
}

/// Whether the caller may see and change the reservation of the path although it is another's.
pub(crate) async fn is_staff(app: &App, call: &Call) -> Result<bool, Problem> {
    Ok(is_staff_for(app, &call.caller()?.account.value, &call.reservation_id()?).await?)
}
