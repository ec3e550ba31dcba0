//! Which time a reservation holds, by its state (RELIABILITY 3.2).

use crate::model::{Reservation, State, Target};

/// Time held: as reserved, and as written in the ledger.
pub(crate) type Held = Target;

/// Everything a reservation holds; nothing once it is final.
pub(crate) fn holds_of(reservation: &Reservation) -> Vec<Held> {
    let own = Held { interval: reservation.interval, held: reservation.held };
    match &reservation.state {
        State::Awaiting { .. } | State::Pending { .. } | State::Confirmed { .. } => vec![own],
        State::Moving { target, .. } => vec![own, *target],
        State::Cancelling { target, .. } => {
            target.map_or_else(|| vec![own], |target| vec![own, target])
        }
        State::Cancelled { .. } | State::Failed { .. } | State::Completed => Vec::new(),
    }
}

/// What `before` held and `after` no longer does.
pub(crate) fn released(before: Option<&Reservation>, after: &Reservation) -> Vec<Held> {
    let kept = holds_of(after);
    let had = before.map(holds_of).unwrap_or_default();
    had.into_iter().filter(|held| !kept.contains(held)).collect()
}

/// What `after` holds and `before` did not.
pub(crate) fn taken(before: Option<&Reservation>, after: &Reservation) -> Vec<Held> {
    let had = before.map(holds_of).unwrap_or_default();
    holds_of(after).into_iter().filter(|held| !had.contains(held)).collect()
}

/// What `after` went on holding for a person who did not have it before.
pub(crate) fn claimed(before: Option<&Reservation>, after: &Reservation) -> Vec<Held> {
    let Some(before) = before.filter(|before| before.user_id() != after.user_id()) else {
        return Vec::new();
    };
    let had = holds_of(before);
    holds_of(after).into_iter().filter(|held| had.contains(held)).collect()
}
