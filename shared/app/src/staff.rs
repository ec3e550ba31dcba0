//! How far staff rights over other people's reservations reach (S0-051).

use interlock_policy::{ReservationId, ResourceId};

use crate::model::{Account, Reservation, Resource};
use crate::{App, AppError};

/// Whether somebody may see and change other people's reservations on a resource: an admin, or a
/// manager whose scope reaches it. Reads the resource for a manager with a scope only.
pub async fn is_staff_on(app: &App, account: &Account, id: &ResourceId) -> Result<bool, AppError> {
    if let Some(known) = account.decides_anywhere(app.now()) {
        return Ok(known);
    }
    let resource = app.find::<Resource>(&Resource::key_of(id)).await?;
    Ok(resource.is_some_and(|resource| account.manages(&resource.value, app.now())))
}

/// The same for the resource of a reservation; for one that is missing nobody with a scope is
/// staff, so that it answers like one beyond it (RELIABILITY Z2).
pub async fn is_staff_for(
    app: &App,
    account: &Account,
    id: &ReservationId,
) -> Result<bool, AppError> {
    if let Some(known) = account.decides_anywhere(app.now()) {
        return Ok(known);
    }
    match app.find::<Reservation>(&Reservation::key_of(id)).await? {
        Some(reservation) => is_staff_on(app, account, &reservation.value.resource_id).await,
        None => Ok(false),
    }
}
