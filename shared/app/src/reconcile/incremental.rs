//! The pass of every five minutes: what changed at Cal.com since the last one.

use jiff::{SignedDuration, Timestamp};

use super::Tally;
use crate::external::{Intake, adopt_read, all_resources};
use crate::model::{BookingPointer, Checkpoint, FindingClass, Reservation, Resource};
use crate::ports::scheduler::{Booking, BookingFilter, CalAccount, CredentialMode};
use crate::ports::store::Transaction;
use crate::sync::{marked, sync};
use crate::{Act, App, AppError, Snapshot};

/// How far back of the last run is looked at again: Cal.com's clock and ours differ, and a page
/// may have shifted under us.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// How far back the first run looks.
const FIRST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Largest page Cal.com gives.
const PAGE: u32 = 250;

/// Runs the pass over every account and moves the checkpoint when all are done.
pub(super) async fn run(app: &App, tally: &mut Tally, act: &Act) -> Result<(), AppError> {
    let started = app.now();
    let key = Checkpoint::key_of("incremental");
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    let checkpoint = snapshot.get::<Checkpoint>(&key)?;
    let since = match &checkpoint {
        Some(stored) => stored.value.seen_until.saturating_sub(OVERLAP),
        None => started.saturating_sub(FIRST),
    };
    let since = since.unwrap_or(Timestamp::MIN);
    let resources = all_resources(app).await?;
    for account in accounts(&resources) {
        let part = changed(app, tally, act, (&resources, &account, since)).await;
        tally.go_on(part);
    }
    tally.failure()?;
    let next =
        Checkpoint { pass: "incremental".to_owned(), seen_until: started, run_id: tally.run_id() };
    let read = checkpoint.map(|stored| stored.version);
    app.store.commit(&Transaction::new().save(&next, read)?).await?;
    Ok(())
}

/// The accounts of all resources, each once; one without a credential has no list.
pub(super) fn accounts(resources: &[Resource]) -> Vec<CalAccount> {
    let mut accounts: Vec<CalAccount> =
        resources.iter().filter_map(|resource| resource.cal_account.clone()).collect();
    accounts.sort_by(|one, other| one.id.cmp(&other.id));
    accounts.dedup_by(|one, other| one.id == other.id);
    accounts.retain(|account| account.mode != CredentialMode::None);
    accounts
}

async fn changed(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    (resources, account, since): (&[Resource], &CalAccount, Timestamp),
) -> Result<(), AppError> {
    let mut filter = BookingFilter {
        after_updated: Some(since),
        by_update: true,
        take: PAGE,
        ..BookingFilter::default()
    };
    loop {
        let page = app.scheduler.bookings(account, &filter).await?;
        for booking in &page {
            let part = compare(app, tally, act, (resources, booking)).await;
            tally.go_on(part);
        }
        // Cal.com's own counters are wrong under this filter; a short page is the last, and pages
        // overlap by one because rows shift while they are read (CONTRACT 5.5).
        if u32::try_from(page.len()).unwrap_or(0) < PAGE {
            return Ok(());
        }
        filter.skip = filter.skip.saturating_add(PAGE).saturating_sub(1);
    }
}

/// One booking against what we have of it.
pub(super) async fn compare(
    app: &App,
    tally: &mut Tally,
    act: &Act,
    (resources, booking): (&[Resource], &Booking),
) -> Result<(), AppError> {
    tally.checked += 1;
    if let Some(id) = reservation_of(app, booking).await? {
        let hints = std::slice::from_ref(&booking.uid);
        let settled = sync(app, &id, hints, act).await?;
        return tally.settled(app, &settled).await;
    }
    let resource = resources
        .iter()
        .find(|resource| booking.event_type_id.is_some_and(|id| resource.event_type(id).is_some()));
    let Some(resource) = resource else { return Ok(()) };
    let about = |id| (id, Some(resource.id.clone()));
    match adopt_read(app, resource, booking, act).await? {
        Intake::Taken(id) => {
            tally.note(app, FindingClass::External, "adopted", about(Some(id))).await
        }
        Intake::TakenBack(id) => {
            // Whoever may not have it is told so at once, and Cal.com follows in the same run.
            sync(app, &id, &[], act).await?;
            tally.note(app, FindingClass::Forgotten, "taken_back", about(Some(id))).await
        }
        Intake::Cancelled => {
            tally.note(app, FindingClass::External, "cancelled", about(None)).await
        }
        Intake::Conflict => tally.note(app, FindingClass::Conflict, "none", about(None)).await,
        Intake::Left => Ok(()),
    }
}

async fn reservation_of(
    app: &App,
    booking: &Booking,
) -> Result<Option<interlock_policy::ReservationId>, AppError> {
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
        && snapshot.get::<Reservation>(&Reservation::key_of(&id))?.is_some()
    {
        return Ok(Some(id));
    }
    for key in &pointers {
        if let Some(pointer) = snapshot.get::<BookingPointer>(key)? {
            return Ok(Some(pointer.value.reservation_id));
        }
    }
    Ok(None)
}

fn ours(app: &App, booking: &Booking) -> bool {
    let key = crate::ports::scheduler::METADATA_DEPLOYMENT;
    booking.metadata.get(key).is_none_or(|deployment| *deployment == app.settings.deployment)
}
