//! Reading reservations: foreign and missing answer alike.

use interlock_policy::{ReservationId, ResourceId, UserId};
use jiff::Timestamp;

use crate::model::{DecisionRecord, HistoryEvent, Reservation};
use crate::ports::store::{Index, Position, Query, Stored};
use crate::{App, AppError, Snapshot};

/// Most events of one reservation shown; a reservation has a handful.
const MOST_EVENTS: u32 = 100;

/// Which reservations to list.
#[derive(Debug, Clone)]
pub struct ReservationQuery {
    /// Whose.
    pub user_id: UserId,
    /// Starting at or after.
    pub from: Option<Timestamp>,
    /// Starting before.
    pub until: Option<Timestamp>,
    /// On what; staff only.
    pub resource_id: Option<ResourceId>,
    /// Newest first.
    pub descending: bool,
    /// Most on a page.
    pub limit: u32,
    /// Where to go on.
    pub after: Option<Position>,
}

/// A page of reservations by start (S0-067).
pub async fn list_reservations(
    app: &App,
    wanted: &ReservationQuery,
) -> Result<(Vec<Reservation>, Option<Position>), AppError> {
    let (index, partition) = match &wanted.resource_id {
        Some(resource) => (Index::Two, Reservation::partition_of_resource(resource)),
        None => (Index::One, Reservation::partition_of_user(&wanted.user_id)),
    };
    let query = Query {
        from: wanted.from.map(Reservation::sort_from),
        until: wanted.until.map(Reservation::sort_from),
        descending: wanted.descending,
        after: wanted.after.clone(),
        ..Query::partition(Some(index), partition, wanted.limit)
    };
    let page = app.store.query(&query).await?;
    let reservations = page
        .records
        .iter()
        .map(|record| record.decode::<Reservation>().map(|stored| stored.value))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((reservations, page.next))
}

/// One reservation of the caller's, or anybody's for staff.
pub async fn read_reservation(
    app: &App,
    snapshot: Snapshot,
    id: &ReservationId,
    reader: (&UserId, bool),
) -> Result<Reservation, AppError> {
    Ok(read_stored_reservation(app, snapshot, id, reader).await?.value)
}

/// The same with its version.
pub async fn read_stored_reservation(
    app: &App,
    snapshot: Snapshot,
    id: &ReservationId,
    (user_id, staff): (&UserId, bool),
) -> Result<Stored<Reservation>, AppError> {
    let key = Reservation::key_of(id);
    let snapshot = snapshot.with(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    snapshot
        .get::<Reservation>(&key)?
        .filter(|stored| staff || stored.value.user_id() == Some(user_id))
        .ok_or(AppError::NotFound { what: "reservation" })
}

/// Most decisions of one reservation shown; those that let it be made and moved come first.
const MOST_DECISIONS: u32 = 20;

/// What the gate was asked about a reservation and said, oldest first; for staff, because it holds
/// everything that was known of the person.
pub async fn read_decisions(
    app: &App,
    snapshot: Snapshot,
    id: &ReservationId,
    reader: &UserId,
) -> Result<Vec<DecisionRecord>, AppError> {
    read_reservation(app, snapshot, id, (reader, true)).await?;
    let query = Query {
        from: Some(DecisionRecord::FIRST.to_owned()),
        until: Some(DecisionRecord::END.to_owned()),
        ..Query::partition(None, DecisionRecord::partition_of(id), MOST_DECISIONS)
    };
    let page = app.store.query(&query).await?;
    let records = page.records.iter().map(|record| record.decode().map(|stored| stored.value));
    Ok(records.collect::<Result<Vec<_>, _>>()?)
}

/// What happened to a reservation, oldest first.
pub async fn read_history(
    app: &App,
    snapshot: Snapshot,
    id: &ReservationId,
    reader: (&UserId, bool),
) -> Result<Vec<HistoryEvent>, AppError> {
    read_reservation(app, snapshot, id, reader).await?;
    let query = Query {
        from: Some(HistoryEvent::FIRST.to_owned()),
        until: Some(HistoryEvent::END.to_owned()),
        ..Query::partition(None, HistoryEvent::partition_of(id), MOST_EVENTS)
    };
    let page = app.store.query(&query).await?;
    let events = page.records.iter().map(|record| record.decode().map(|stored| stored.value));
    Ok(events.collect::<Result<Vec<_>, _>>()?)
}
