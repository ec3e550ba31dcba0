//! Use cases as somebody might have written them who did not read RELIABILITY 3.

use std::sync::Arc;

use interlock_app::model::{BookingPointer, Cause, State};
use interlock_app::ports::scheduler::{BookingFilter, CalAccount, CalUid};
use interlock_app::{Act, App, AppError, QueuedDelivery, Snapshot};
use interlock_policy::ReservationId;

use super::{Defect, raw, table};
use crate::context::Ctx;
use crate::fixture;
use crate::hub::lock;

/// Applies what a webhook says and reads nothing; `None` where the defect is not there.
pub(crate) async fn apply(
    ctx: &Ctx,
    app: &App,
    message: &str,
    act: &Act,
) -> Option<Result<String, AppError>> {
    if ctx.hub.defect != Some(Defect::PayloadTrusted) {
        return None;
    }
    Some(trust(app, message, act).await.map(|()| "trusted".to_owned()))
}

async fn trust(app: &App, message: &str, act: &Act) -> Result<(), AppError> {
    let Ok(queued) = serde_json::from_str::<QueuedDelivery>(message) else { return Ok(()) };
    let hint = app.deliveries.read(queued.body.as_bytes())?;
    let Some(uid) = hint.uid else { return Ok(()) };
    let found = match hint.reservation_id {
        Some(id) => Some(id),
        None => pointed(app, &uid).await?,
    };
    let Some(id) = found else { return Ok(()) };
    let Some(before) = raw::read(app, &id).await? else { return Ok(()) };
    let state = if hint.announces_end {
        State::Cancelled { cause: Cause::External }
    } else {
        State::Confirmed { cal_uid: uid }
    };
    raw::write(app, &before, state, act).await
}

async fn pointed(app: &App, uid: &CalUid) -> Result<Option<ReservationId>, AppError> {
    let key = BookingPointer::key_of(uid);
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    Ok(snapshot.get::<BookingPointer>(&key)?.map(|stored| stored.value.reservation_id))
}

/// Ends a reservation here and leaves its booking; whether the defect is there.
pub(crate) async fn cancels(ctx: &Ctx, app: &App, id: &ReservationId, act: &Act) -> bool {
    if ctx.hub.defect != Some(Defect::CancelledUnasked) {
        return false;
    }
    if let Ok(Some(before)) = raw::read(app, id).await
        && matches!(before.value.state, State::Confirmed { .. })
    {
        // Losing a race is no affair of a defect.
        let _ = raw::write(app, &before, table::ended_by_holder(), act).await;
    }
    true
}

/// Ends every reservation that a list does not mention, before production reconciles.
pub(crate) async fn ends_the_unlisted(ctx: &Arc<Ctx>, app: &App, act: &Act) {
    if ctx.hub.defect != Some(Defect::AbsenceIsEnd) {
        return;
    }
    for account in fixture::calendars() {
        // A list that fails ends nothing.
        let _ = unlisted(ctx, app, &account, act).await;
    }
}

async fn unlisted(
    ctx: &Arc<Ctx>,
    app: &App,
    account: &CalAccount,
    act: &Act,
) -> Result<(), AppError> {
    let filter = BookingFilter { take: 250, ..BookingFilter::default() };
    let page = app.scheduler.bookings(account, &filter).await?;
    let here = lock(&ctx.hub.checker).confirmed_on(&account.id);
    for id in here {
        let Some(before) = raw::read(app, &id).await? else { continue };
        let State::Confirmed { cal_uid } = &before.value.state else { continue };
        if !page.iter().any(|booking| booking.uid == *cal_uid) {
            let state = State::Cancelled { cause: Cause::External };
            raw::write(app, &before, state, act).await?;
        }
    }
    Ok(())
}
