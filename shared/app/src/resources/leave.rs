//! Leaving a calendar: only while nothing on the resource is open.
//!
//! A reservation's booking is found through its resource's calendar, so one that is open keeps the
//! resource there.

use interlock_policy::ReservationId;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Closed, LedgerDay, Reservation, Resource};
use crate::ports::store::{Index, Key, MAX_READ, Query, Stored, Transaction};
use crate::{Act, App, AppError, Snapshot};

/// How long ago a reservation may have begun and still be open: the longest taken in, 60 days.
const LONGEST_OPEN: SignedDuration = SignedDuration::from_hours(61 * 24);
/// How far ahead the ledger is read; what lies beyond is found through the index alone.
const AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);

/// The resource when surely nothing on it is open and nobody can take time on it; closed for
/// that, where it was open, until its new calendar is written. Whoever dies in between leaves it
/// closed, and the nightly check of its kinds opens it again.
pub(super) async fn cleared(
    app: &App,
    resource: Stored<Resource>,
    act: &Act,
) -> Result<Stored<Resource>, AppError> {
    nothing_open(app, &resource.value).await?;
    if !resource.value.active || resource.value.closed.is_some() {
        return Ok(resource);
    }
    let closed = Some(Closed { since: app.now(), faults: Vec::new() });
    let shut = write(app, Resource { closed, ..resource.value }, resource.version, act).await?;
    // Whoever judged it while it was open has committed before this look, or never does.
    match nothing_open(app, &shut.value).await {
        Ok(()) => Ok(shut),
        Err(error) => {
            let open = Resource { closed: None, ..shut.value };
            write(app, open, shut.version, act).await?;
            Err(error)
        }
    }
}

async fn write(
    app: &App,
    mut resource: Resource,
    version: u64,
    act: &Act,
) -> Result<Stored<Resource>, AppError> {
    let action = if resource.closed.is_some() { "resource.close" } else { "resource.reopen" };
    resource.updated_at = app.now();
    let audit = act.audit(app.now(), action, &resource.id, serde_json::Value::Null);
    let transaction = Transaction::new().replace(&resource, version)?.put(&audit)?;
    if !app.commits(&transaction).await? {
        return Err(AppError::PreconditionFailed);
    }
    Ok(Stored { value: resource, version: version.saturating_add(1) })
}

/// `StateConflict` if a reservation on the resource has not ended, by the ledger, which never
/// lags, and beyond a year by the index.
async fn nothing_open(app: &App, resource: &Resource) -> Result<(), AppError> {
    let held = held_by(app, resource).await?;
    for some in held.chunks(MAX_READ) {
        let snapshot = Snapshot::read(app.store.as_ref(), some).await?;
        for key in some {
            if let Some(found) = snapshot.get::<Reservation>(key)? {
                open(&found.value, resource)?;
            }
        }
    }
    let partition = Reservation::partition_of_resource(&resource.id);
    let mut query =
        Query { descending: true, ..Query::partition(Some(Index::Two), partition, 100) };
    let long_ago = app.now().saturating_sub(LONGEST_OPEN).unwrap_or(Timestamp::MIN);
    query.from = Some(Reservation::sort_from(long_ago));
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            open(&record.decode::<Reservation>()?.value, resource)?;
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Reservations that hold time on the resource's calendar, by key.
async fn held_by(app: &App, resource: &Resource) -> Result<Vec<Key>, AppError> {
    let Some(account) = &resource.cal_account else { return Ok(Vec::new()) };
    let date = |at: Option<Timestamp>| at.map(|at| TimeZone::UTC.to_datetime(at).date());
    let first = date(app.now().saturating_sub(LONGEST_OPEN).ok());
    let last = date(app.now().saturating_add(AHEAD).ok());
    let days = std::iter::successors(first, |day| day.tomorrow().ok());
    let days = days.take_while(|day| Some(*day) <= last);
    let days: Vec<Key> = days.map(|day| LedgerDay::key_of(&account.id, day)).collect();
    let mut held: Vec<ReservationId> = Vec::new();
    for some in days.chunks(MAX_READ) {
        for record in app.store.read(some).await?.values() {
            let day = record.decode::<LedgerDay>()?.value.day;
            held.extend(day.entries.into_iter().map(|entry| entry.reservation_id));
        }
    }
    held.sort();
    held.dedup();
    Ok(held.iter().map(Reservation::key_of).collect())
}

fn open(reservation: &Reservation, resource: &Resource) -> Result<(), AppError> {
    if reservation.resource_id != resource.id || reservation.state.is_final() {
        return Ok(());
    }
    let detail = "it has open reservations on its present calendar".to_owned();
    Err(AppError::StateConflict { detail })
}
