//! Bookings made for reservations that the table does not know (promise R19).
//!
//! A hold is written before Cal.com is asked, so there is only one way to such a booking: the
//! table was restored to an instant before it. It is taken back under its own id; where its time
//! is held by another, a person must look. Nothing is cancelled on doubt.

use interlock_policy::{AccountStatus, ReservationId};

use crate::change::{Change, Committed, Recording, commit};
use crate::external::{Intake, draft};
use crate::model::{Account, Cause, Holder, Origin, Reservation, Resource, State};
use crate::ports::scheduler::{Booking, METADATA_DEPLOYMENT};
use crate::ports::store::Key;
use crate::sync::{marked, settle_holders};
use crate::{Act, App, AppError, Snapshot};

/// Whose mark a booking carries.
pub(crate) enum Mark {
    /// Nobody's.
    None,
    /// Of another deployment, or of no reservation.
    Foreign,
    /// Ours.
    Own(ReservationId),
}

/// Reads the mark of a booking.
pub(crate) fn mark_of(app: &App, booking: &Booking) -> Mark {
    match (booking.metadata.get(METADATA_DEPLOYMENT), marked(booking)) {
        (None, _) => Mark::None,
        (Some(deployment), Some(id)) if *deployment == app.settings.deployment => Mark::Own(id),
        (Some(_), _) => Mark::Foreign,
    }
}

/// Takes a booking back as the reservation whose mark it carries.
///
/// Whoever was banned in what the table still knows loses it, with that cause. Proofs are not
/// asked about: those gained after the instant are gone, and their absence proves nothing.
pub(crate) async fn take_back(
    app: &App,
    resource: &Resource,
    (id, booking): (ReservationId, &Booking),
    act: &Act,
) -> Result<Intake, AppError> {
    let drafted = draft(app, resource, booking).await?;
    let mut reservation = Reservation { id: id.clone(), origin: Origin::Interlock, ..drafted };
    let (may, unchanged) = holder_may(app, &reservation).await?;
    if !may {
        let cal_uid = Some(booking.uid.clone());
        reservation.state =
            State::Cancelling { cal_uid, target: None, attempt: None, cause: Cause::Eligibility };
    }
    for settled in [false, true] {
        let change = Change {
            before: None,
            after: reservation.clone(),
            act: act.clone(),
            unchanged: unchanged.clone(),
            decision: None,
            recording: Recording::None,
            snapshot: Snapshot::default(),
        };
        match commit(app, change).await? {
            Committed::Done(_) => {
                tracing::warn!(reservation.id = %id, "a forgotten reservation was taken back");
                return Ok(Intake::TakenBack(id));
            }
            Committed::Lost => return Err(AppError::contended()),
            // Who holds the time here may long have left it at Cal.com.
            Committed::Taken(_) if !settled => {
                settle_holders(app, &reservation, &reservation.held, act).await?;
            }
            Committed::Taken(_) => break,
        }
    }
    tracing::error!(reservation.id = %id, "a forgotten reservation's time is held by another");
    Ok(Intake::Conflict)
}

/// Whether the holder, if known, may act, and what must stay so until the write (promise R3).
async fn holder_may(
    app: &App,
    reservation: &Reservation,
) -> Result<(bool, Vec<(Key, Option<u64>)>), AppError> {
    let Holder::User { user_id } = &reservation.holder else { return Ok((true, Vec::new())) };
    let key = Account::key_of(user_id);
    let Some(account) = app.find::<Account>(&key).await? else { return Ok((true, Vec::new())) };
    let may = account.value.status != AccountStatus::Banned;
    Ok((may, vec![(key, Some(account.version))]))
}
