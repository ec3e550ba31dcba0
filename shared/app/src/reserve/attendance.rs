//! Whether a holder came: what no clock knows of a reservation (S4-045).

use interlock_policy::{ReservationId, UserId};

use super::MOST_RACES;
use super::cancel::owned;
use crate::change::{Change, Committed, Recording, commit};
use crate::model::{Account, Attendance, Presence, Reservation, Resource, State};
use crate::ports::store::Key;
use crate::{Act, App, AppError, Snapshot};

/// What was seen of a holder.
#[derive(Debug, Clone)]
pub struct AttendanceRequest {
    /// Of which reservation.
    pub reservation_id: ReservationId,
    /// What.
    pub presence: Presence,
    /// In which request.
    pub act: Act,
}

/// Keeps what a manager in whose scope the resource lies, or the host himself, saw; saying it again
/// changes nothing, and another word takes the place of the one before. A miss counts as a strike
/// and not as a use, whether it is said before the reservation is completed or after (FEATURES 4
/// item 16).
///
/// Errors: `NotFound` also for whoever may not tell, `SelfApproval` for one's own, `StateConflict`
/// before its start, for what ended otherwise, and for a miss while the resource was out of order.
pub async fn record_attendance(
    app: &App,
    witness: &UserId,
    request: &AttendanceRequest,
) -> Result<Reservation, AppError> {
    for _ in 0..MOST_RACES {
        if let Some(reservation) = once(app, witness, request).await? {
            return Ok(reservation);
        }
    }
    Err(AppError::contended())
}

async fn once(
    app: &App,
    witness: &UserId,
    request: &AttendanceRequest,
) -> Result<Option<Reservation>, AppError> {
    let (before, resource) = owned(app, &request.reservation_id, witness, true).await?;
    let condition = may_tell(app, witness, &resource.value).await?;
    if before.value.user_id() == Some(witness) {
        return Err(AppError::SelfApproval);
    }
    tellable(app, &before.value, &resource.value, request.presence)?;
    if before.value.presence() == Some(request.presence) {
        return Ok(Some(before.value));
    }
    let attendance = Attendance {
        presence: request.presence,
        recorded_by: witness.clone(),
        recorded_at: app.now(),
    };
    let change = Change {
        after: Reservation { attendance: Some(attendance), ..before.value.clone() },
        before: Some(before),
        act: request.act.clone(),
        unchanged: vec![condition],
        decision: None,
        recording: Recording::None,
        snapshot: Snapshot::default(),
    };
    match commit(app, change).await? {
        Committed::Done(told) => Ok(Some(told.value)),
        Committed::Lost | Committed::Taken(_) => Ok(None),
    }
}

/// The witness as he was read, on condition of whom his word is kept.
async fn may_tell(
    app: &App,
    witness: &UserId,
    resource: &Resource,
) -> Result<(Key, Option<u64>), AppError> {
    let key = Account::key_of(witness);
    let tells = |account: &Account| {
        resource.user_id.as_ref() == Some(witness) || account.manages(resource, app.now())
    };
    let account = app.find::<Account>(&key).await?.filter(|stored| tells(&stored.value));
    let account = account.ok_or(AppError::NotFound { what: "reservation" })?;
    Ok((key, Some(account.version)))
}

fn tellable(
    app: &App,
    reservation: &Reservation,
    resource: &Resource,
    presence: Presence,
) -> Result<(), AppError> {
    match &reservation.state {
        State::Confirmed { .. } | State::Completed => {}
        State::Awaiting { .. }
        | State::Pending { .. }
        | State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. } => return Err(AppError::conflict("nobody was to come by it")),
    }
    if app.now() < reservation.interval.start() {
        return Err(AppError::conflict("it has not begun"));
    }
    let down = resource.outages.iter().any(|outage| outage.touches(&reservation.interval));
    if down && presence == Presence::NoShow {
        return Err(AppError::conflict("the resource was out of order then"));
    }
    Ok(())
}
