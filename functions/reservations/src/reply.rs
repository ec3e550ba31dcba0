//! Answers about one reservation.

use interlock_app::Placed;
use interlock_http::{Call, Problem, Reply};
use interlock_policy::Role;

/// Longest reason, in characters.
pub(crate) const LONGEST_REASON: usize = 500;

/// The answer as it was made or recorded, with where to look again.
pub(crate) fn placed(placed: Placed) -> Reply {
    let location = format!("/api/reservations/{}", placed.reservation.id);
    let reply = Reply::raw(placed.status, placed.body).replayed(placed.replayed);
    if placed.status == 200 { reply } else { reply.location(location) }
}

/// Whether the caller may see and end other people's reservations.
pub(crate) fn is_staff(call: &Call) -> Result<bool, Problem> {
    Ok(call.caller()?.account.value.rank() >= Role::Manager.rank())
}
