//! The loop: read, look, decide, write; lost races start again (RELIABILITY 3.4).

use std::pin::Pin;

use interlock_policy::ReservationId;

use super::act::{Progress, Settling, carry_out};
use super::decide::{Step, decide};
use super::look::{is_live, look};
use super::relocate::relocate;
use crate::model::{Reservation, Resource};
use crate::ports::scheduler::{CalAccount, CalUid};
use crate::ports::store::Stored;
use crate::{Act, App, AppError};

/// How often a lost race or a step on the way is run again before the next sweep goes on.
const MOST_ROUNDS: u32 = 8;

/// How a reservation was left.
#[derive(Debug, Clone)]
pub struct Settled {
    /// As it stands.
    pub reservation: Reservation,
    /// As it stood when it was first read.
    pub found: Reservation,
    /// Whether the last look saw a booking that stands.
    pub live_booking: bool,
    /// Whether it had ended and a booking of its stood all the same.
    pub had_orphan: bool,
}

/// Brings one reservation to rest on what Cal.com says now; `hints` are uids somebody named.
pub async fn sync(
    app: &App,
    id: &ReservationId,
    hints: &[CalUid],
    act: &Act,
) -> Result<Settled, AppError> {
    sync_within(app, id, hints, act, &[]).await
}

/// The same on behalf of others that wait for it, each of which is left alone.
///
/// On the heap, because many futures hold this one and it is the largest of them.
pub(super) fn sync_within<'a>(
    app: &'a App,
    id: &'a ReservationId,
    hints: &'a [CalUid],
    act: &'a Act,
    on_the_way: &'a [ReservationId],
) -> Pin<Box<dyn Future<Output = Result<Settled, AppError>> + Send + 'a>> {
    Box::pin(settle(app, id, hints, act, on_the_way))
}

async fn settle(
    app: &App,
    id: &ReservationId,
    hints: &[CalUid],
    act: &Act,
    on_the_way: &[ReservationId],
) -> Result<Settled, AppError> {
    let (mut found, mut had_orphan) = (None, false);
    for _ in 0..MOST_ROUNDS {
        let (reservation, cal_account) = read(app, id).await?;
        found.get_or_insert_with(|| reservation.value.clone());
        let seen = look(app.scheduler.as_ref(), &cal_account, &reservation.value, hints).await?;
        let step = decide(&reservation.value, &seen, app.now(), &app.settings.timing);
        let live_booking = seen.bookings.iter().any(is_live);
        had_orphan |= reservation.value.state.is_final() && matches!(step, Step::CancelBookings(_));
        let settling =
            Settling { reservation, cal_account, unchanged: Vec::new(), act: act.clone() };
        let progress = if let Step::Relocate(uid, interval) = step {
            relocate(app, settling, (uid, interval), on_the_way).await?
        } else {
            carry_out(app, settling, step).await?
        };
        if let Progress::Rested(reservation) = progress {
            let found = found.unwrap_or_else(|| reservation.as_ref().clone());
            return Ok(Settled { reservation: *reservation, found, live_booking, had_orphan });
        }
    }
    Err(AppError::contended())
}

pub(super) async fn read(
    app: &App,
    id: &ReservationId,
) -> Result<(Stored<Reservation>, CalAccount), AppError> {
    let key = Reservation::key_of(id);
    let reservation =
        app.find::<Reservation>(&key).await?.ok_or(AppError::NotFound { what: "reservation" })?;
    let key = Resource::key_of(&reservation.value.resource_id);
    let account = app
        .find::<Resource>(&key)
        .await?
        .and_then(|stored| stored.value.cal_account)
        .ok_or_else(|| AppError::internal("a reservation's resource has no calendar"))?;
    Ok((reservation, account))
}
