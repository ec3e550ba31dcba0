//! The nightly pass: every booking ahead, and every reservation ahead that no list mentioned.

use std::collections::BTreeSet;

use interlock_policy::ReservationId;
use jiff::SignedDuration;

use super::Tally;
use super::incremental::{accounts, compare};
use crate::external::{all_resources, rematch};
use crate::model::{FindingClass, Reservation, Resource, State};
use crate::ports::scheduler::{BookingFilter, CalAccount};
use crate::ports::store::{Index, Query};
use crate::sync::sync;
use crate::{Act, App, AppError};

/// How far back a booking may lie and still be compared.
const BEHIND: SignedDuration = SignedDuration::from_hours(48);
/// Largest page Cal.com gives.
const PAGE: u32 = 250;

/// Runs the pass: Cal.com's side first, then ours.
pub(super) async fn run(app: &App, tally: &mut Tally, act: &Act) -> Result<(), AppError> {
    let resources = all_resources(app).await?;
    for account in accounts(&resources) {
        let part = theirs(app, tally, act, (&resources, &account)).await;
        tally.go_on(part);
    }
    for resource in &resources {
        let part = ours(app, tally, act, resource).await;
        tally.go_on(part);
    }
    tally.failure()
}

async fn theirs(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    (resources, account): (&[Resource], &CalAccount),
) -> Result<(), AppError> {
    let mut filter = BookingFilter {
        after_start: app.now().saturating_sub(BEHIND).ok(),
        take: PAGE,
        ..BookingFilter::default()
    };
    let mut seen = BTreeSet::new();
    loop {
        let page = app.scheduler.bookings(account, &filter).await?;
        for booking in page.iter().filter(|booking| seen.insert(booking.uid.clone())) {
            let part = compare(app, tally, act, (resources, booking)).await;
            tally.go_on(part);
        }
        if u32::try_from(page.len()).unwrap_or(0) < PAGE {
            return Ok(());
        }
        filter.skip = filter.skip.saturating_add(PAGE).saturating_sub(1);
    }
}

/// Our reservations ahead: each is read by uid, because absence from a list proves nothing
/// (promise R17).
async fn ours(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    resource: &Resource,
) -> Result<(), AppError> {
    let from = app.now().saturating_sub(BEHIND).unwrap_or(app.now());
    let mut query = Query {
        from: Some(Reservation::sort_from(from)),
        ..Query::partition(Some(Index::Two), Reservation::partition_of_resource(&resource.id), 100)
    };
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            let reservation = record.decode::<Reservation>()?;
            if !reservation.value.state.is_final() {
                // Whoever has an account by now is given what was booked for his e-mail.
                tally.go_on(rematch(app, &reservation, act).await.map(|_| ()));
                let part = check(app, tally, act, &reservation.value.id).await;
                tally.go_on(part);
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn check(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    id: &ReservationId,
) -> Result<(), AppError> {
    tally.checked += 1;
    let settled = sync(app, id, &[], act).await?;
    tally.settled(app, &settled).await?;
    let stands = matches!(settled.reservation.state, State::Confirmed { .. });
    if stands && !settled.live_booking {
        let about = (Some(id.clone()), Some(settled.reservation.resource_id.clone()));
        tally.note(app, FindingClass::Missing, "none", about).await?;
    }
    Ok(())
}
