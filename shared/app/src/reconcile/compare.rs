//! One booking against what we have of it, and one reservation against Cal.com.

use interlock_policy::{ReservationId, ResourceId};

use super::note::{Difference, Sides, note};
use super::tally::Tally;
use crate::external::{Intake, adopt_read};
use crate::model::{BookingPointer, Cause, FindingClass, Reservation, Resource, State};
use crate::ports::scheduler::{Booking, BookingStatus, METADATA_DEPLOYMENT};
use crate::sync::{Settled, is_live, marked, sync};
use crate::{Act, App, AppError, Snapshot};

/// Compares a booking of a list. What agrees costs no further call, because a list that says what
/// we say leaves nothing to be read again.
pub(super) async fn compare(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    (resources, booking): (&[Resource], &Booking),
) -> Result<(), AppError> {
    tally.checked += 1;
    if let Some(reservation) = reservation_of(app, booking).await? {
        if agree(&reservation, booking) {
            return Ok(());
        }
        let hints = std::slice::from_ref(&booking.uid);
        let settled = sync(app, &reservation.id, hints, act).await?;
        return note_settled(app, tally, &settled, Some(booking)).await;
    }
    let resource = resources
        .iter()
        .find(|resource| booking.event_type_id.is_some_and(|id| resource.event_type(id).is_some()));
    let Some(resource) = resource else { return Ok(()) };
    let (class, action, id) = match adopt_read(app, resource, booking, act).await? {
        Intake::Taken(id) => (FindingClass::External, "adopted", Some(id)),
        Intake::TakenBack(id) => {
            // Whoever may not have it is told so at once, and Cal.com follows in the same run.
            sync(app, &id, &[], act).await?;
            (FindingClass::Forgotten, "taken_back", Some(id))
        }
        Intake::Cancelled => (FindingClass::External, "cancelled", None),
        Intake::Conflict => (FindingClass::Conflict, "none", None),
        Intake::Left => return Ok(()),
    };
    let sides = Sides { ours: None, theirs: Some(booking.into()) };
    let difference = Difference { class, action, reservation_id: id, sides };
    note(app, tally, &difference, (&resource.id, &booking.uid.0)).await
}

/// Reads one reservation's booking by its uid, because absence from a list proves nothing
/// (promise R17).
pub(super) async fn check(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    id: &ReservationId,
) -> Result<(), AppError> {
    tally.checked += 1;
    let settled = sync(app, id, &[], act).await?;
    note_settled(app, tally, &settled, None).await?;
    let reservation = &settled.reservation;
    let stands = matches!(reservation.state, State::Confirmed { .. });
    if !stands || settled.live_booking {
        return Ok(());
    }
    let difference = Difference {
        class: FindingClass::Missing,
        action: "none",
        reservation_id: Some(id.clone()),
        sides: Sides { ours: Some(reservation.into()), theirs: None },
    };
    note(app, tally, &difference, (&reservation.resource_id, id.as_str())).await
}

/// Whether a booking and a reservation say the same, so that nothing is to be done.
pub(super) fn agree(reservation: &Reservation, booking: &Booking) -> bool {
    let moved = booking.rescheduled_to.is_some();
    match &reservation.state {
        State::Confirmed { cal_uid } if *cal_uid == booking.uid => {
            booking.status == BookingStatus::Accepted
                && booking.interval == reservation.interval
                && !moved
        }
        State::Confirmed { cal_uid } => {
            // The old half of a move we know of.
            !is_live(booking) && booking.rescheduled_to.as_ref() == Some(cal_uid)
        }
        State::Cancelled { .. } | State::Failed { .. } | State::Completed => {
            !is_live(booking) && !moved
        }
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Moving { .. }
        | State::Cancelling { .. } => false,
    }
}

async fn note_settled(
    app: &App,
    tally: &mut Tally,
    settled: &Settled,
    listed: Option<&Booking>,
) -> Result<(), AppError> {
    let (before, after) = (&settled.found, &settled.reservation);
    let Some((class, action)) = difference(before, after, settled.had_orphan) else {
        return Ok(());
    };
    let difference = Difference {
        class,
        action,
        reservation_id: Some(after.id.clone()),
        sides: Sides { ours: Some(before.into()), theirs: listed.map(Into::into) },
    };
    note(app, tally, &difference, (&after.resource_id, after.id.as_str())).await
}

fn difference(
    before: &Reservation,
    after: &Reservation,
    had_orphan: bool,
) -> Option<(FindingClass, &'static str)> {
    if before.state == after.state && before.interval == after.interval {
        return had_orphan.then_some((FindingClass::Orphan, "booking_cancelled"));
    }
    if after.state.cause() == Some(&Cause::Conflict) {
        return Some((FindingClass::Conflict, "reservation_cancelled"));
    }
    match (&before.state, &after.state) {
        (State::Confirmed { .. }, State::Cancelled { .. } | State::Cancelling { .. }) => {
            Some((FindingClass::CancelledAtCalcom, "reservation_cancelled"))
        }
        (State::Confirmed { .. }, State::Confirmed { .. }) => {
            Some((FindingClass::MovedAtCalcom, "reservation_moved"))
        }
        (State::Confirmed { .. }, _) => None,
        (_, _) => Some((FindingClass::OutcomeSettled, "outcome_settled")),
    }
}

/// The reservation a booking belongs to: by our mark, else by any uid it ever had.
async fn reservation_of(app: &App, booking: &Booking) -> Result<Option<Reservation>, AppError> {
    let pointers: Vec<_> = [Some(&booking.uid), booking.rescheduled_from.as_ref()]
        .into_iter()
        .flatten()
        .map(BookingPointer::key_of)
        .collect();
    let mut keys = pointers.clone();
    let own = marked(booking).filter(|_| ours(app, booking));
    keys.extend(own.as_ref().map(Reservation::key_of));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    if let Some(id) = own
        && let Some(stored) = snapshot.get::<Reservation>(&Reservation::key_of(&id))?
    {
        return Ok(Some(stored.value));
    }
    for key in &pointers {
        if let Some(pointer) = snapshot.get::<BookingPointer>(key)? {
            let key = Reservation::key_of(&pointer.value.reservation_id);
            return Ok(app.find::<Reservation>(&key).await?.map(|stored| stored.value));
        }
    }
    Ok(None)
}

fn ours(app: &App, booking: &Booking) -> bool {
    let deployment = booking.metadata.get(METADATA_DEPLOYMENT);
    deployment.is_none_or(|deployment| *deployment == app.settings.deployment)
}

/// What `note` is told the difference is about.
pub(super) type About<'a> = (&'a ResourceId, &'a str);
