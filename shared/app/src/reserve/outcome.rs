//! What the caller of a changing request is told.

use crate::model::{Reservation, State, reservation_body};

/// A reservation with the answer that goes with it.
#[derive(Debug, Clone)]
pub struct Placed {
    /// As it stands.
    pub reservation: Reservation,
    /// HTTP status: 201 or 200 when settled, 202 while in doubt.
    pub status: u16,
    /// The body, byte for byte as recorded.
    pub body: String,
    /// Whether a recorded or present answer was repeated.
    pub replayed: bool,
}

impl Placed {
    /// A reservation as it stands; `settled` is the status once nothing is in doubt.
    pub(crate) fn now(reservation: Reservation, settled: u16) -> Self {
        let status = match &reservation.state {
            State::Awaiting { .. }
            | State::Pending { .. }
            | State::Moving { .. }
            | State::Cancelling { .. } => 202,
            State::Confirmed { .. }
            | State::Cancelled { .. }
            | State::Failed { .. }
            | State::Completed => settled,
        };
        let body = reservation_body(&reservation);
        Self { reservation, status, body, replayed: false }
    }

    /// Whether this very call confirmed it.
    pub(crate) fn is_new(&self) -> bool {
        !self.replayed && matches!(self.reservation.state, State::Confirmed { .. })
    }
}
