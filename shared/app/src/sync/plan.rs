//! What `sync` would decide now, without deciding it.
//!
//! Reads as `sync` reads and decides as `sync` decides; nothing is written and nothing is called
//! that changes anything.

use interlock_policy::ReservationId;

use super::decide::{Step, decide};
use super::look::look;
use super::settle::read;
use crate::ports::scheduler::{Booking, CalUid};
use crate::{App, AppError};

/// What was seen, and what follows from it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Bookings of the reservation, as Cal.com tells of them now.
    pub(crate) bookings: Vec<Booking>,
    /// The step, in a stable word.
    pub(crate) step: &'static str,
}

/// Looks and decides for one reservation.
pub(crate) async fn plan(
    app: &App,
    id: &ReservationId,
    hints: &[CalUid],
) -> Result<Plan, AppError> {
    let (reservation, account) = read(app, id).await?;
    let seen = look(app.scheduler.as_ref(), &account, &reservation.value, hints).await?;
    let step = decide(&reservation.value, &seen, app.now(), &app.settings.timing);
    Ok(Plan { step: word(&step), bookings: seen.bookings })
}

fn word(step: &Step) -> &'static str {
    match step {
        Step::Judge => "judge",
        Step::Rest(_) => "rest",
        Step::Missing => "missing",
        Step::Confirm(_) => "confirm",
        Step::Relocate(..) => "relocate",
        Step::End(_) => "end",
        Step::Compensate(..) => "compensate",
        Step::CancelBookings(_) => "cancel_bookings",
    }
}
