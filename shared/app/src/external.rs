//! Bookings that were made inside Cal.com (PRODUCT D15).

use interlock_policy::{EventTypeId, ReservationId, ResourceKind, ledger};
use jiff::Timestamp;

use crate::change::{Change, Committed, Recording, commit};
use crate::context::ExternalPolicy;
use crate::forgotten::{Mark, mark_of, take_back};
use crate::model::{BookingPointer, EmailClaim, Holder, Origin, Reservation, Resource, State};
use crate::ports::scheduler::{Booking, BookingStatus, CalUid};
use crate::ports::store::{Index, Query};
use crate::reserve::with_buffers;
use crate::{Act, App, AppError, Snapshot};

/// Longest external booking taken in, in days; a longer one would not fit one transaction, so a
/// person must look at it.
const MOST_DAYS: usize = 60;

/// All resources of both kinds.
pub(crate) async fn all_resources(app: &App) -> Result<Vec<Resource>, AppError> {
    let mut resources = Vec::new();
    for kind in [ResourceKind::Machine, ResourceKind::Host] {
        let mut query = Query::partition(Some(Index::One), Resource::partition_of(kind), 100);
        loop {
            let page = app.store.query(&query).await?;
            for record in &page.records {
                resources.push(record.decode::<Resource>()?.value);
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
    }
    Ok(resources)
}

/// Reads a booking a webhook named and takes it in if it is one of an external person's; `None` if
/// no resource offers its kind.
pub(crate) async fn adopt(
    app: &App,
    uid: &CalUid,
    event_type_id: EventTypeId,
    act: &Act,
) -> Result<Option<Intake>, AppError> {
    let resources = all_resources(app).await?;
    let Some(resource) =
        resources.into_iter().find(|resource| resource.event_type(event_type_id).is_some())
    else {
        return Ok(None);
    };
    let Some(account) = &resource.cal_account else { return Ok(Some(Intake::Left)) };
    match app.scheduler.booking(account, uid).await? {
        Some(booking) => adopt_read(app, &resource, &booking, act).await.map(Some),
        None => Ok(Some(Intake::Left)),
    }
}

/// What was done with an external booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Intake {
    /// Taken in as a reservation.
    Taken(ReservationId),
    /// Ours, forgotten by a restore and taken back.
    TakenBack(ReservationId),
    /// Cancelled at Cal.com by setting.
    Cancelled,
    /// The time is held by somebody else here.
    Conflict,
    /// Not ours to act on.
    Left,
}

/// Takes in a booking that stands and lies ahead: as somebody's from outside when it has no mark
/// of a deployment, and as what it was when the mark is ours.
pub(crate) async fn adopt_read(
    app: &App,
    resource: &Resource,
    booking: &Booking,
    act: &Act,
) -> Result<Intake, AppError> {
    let over = booking.interval.end() <= app.now();
    if over || booking.status != BookingStatus::Accepted || known(app, booking).await? {
        return Ok(Intake::Left);
    }
    match mark_of(app, booking) {
        Mark::None => take_in(app, resource, booking, act).await,
        Mark::Foreign => Ok(Intake::Left),
        Mark::Own(id) => take_back(app, resource, (id, booking), act).await,
    }
}

async fn take_in(
    app: &App,
    resource: &Resource,
    booking: &Booking,
    act: &Act,
) -> Result<Intake, AppError> {
    if ledger::days_of(&booking.interval).len() > MOST_DAYS {
        return Ok(Intake::Conflict);
    }
    let setting = app.settings.external_on(resource.id.kind());
    if setting == ExternalPolicy::Cancel {
        if let Some(account) = &resource.cal_account {
            app.scheduler.cancel(account, &booking.uid, "not made in Interlock").await?;
        }
        return Ok(Intake::Cancelled);
    }
    let reservation = draft(app, resource, booking).await?;
    let id = reservation.id.clone();
    let change = Change {
        before: None,
        after: reservation,
        act: act.clone(),
        unchanged: Vec::new(),
        recording: Recording::None,
        snapshot: Snapshot::default(),
    };
    match commit(app, change).await? {
        Committed::Done(_) => Ok(Intake::Taken(id)),
        Committed::Taken(_) => Ok(Intake::Conflict),
        Committed::Lost => Err(AppError::contended()),
    }
}

async fn known(app: &App, booking: &Booking) -> Result<bool, AppError> {
    let key = BookingPointer::key_of(&booking.uid);
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    Ok(snapshot.get::<BookingPointer>(&key)?.is_some())
}

/// A reservation for a booking that stands, held by the person with the attendee's e-mail.
pub(crate) async fn draft(
    app: &App,
    resource: &Resource,
    booking: &Booking,
) -> Result<Reservation, AppError> {
    let now = app.now();
    let event_type_id = booking
        .event_type_id
        .ok_or_else(|| AppError::internal("an external booking has no kind"))?;
    let entry = resource.event_type(event_type_id);
    let account = resource
        .cal_account
        .as_ref()
        .ok_or_else(|| AppError::internal("an unmapped resource has no bookings"))?;
    Ok(Reservation {
        id: app.id()?,
        holder: holder(app, booking).await?,
        origin: Origin::External,
        resource_id: resource.id.clone(),
        resource_name: resource.name.clone(),
        cal_account_id: account.id.clone(),
        event_type_id,
        interval: booking.interval,
        held: entry.map_or(booking.interval, |entry| with_buffers(entry, booking.interval)),
        state: State::Confirmed { cal_uid: booking.uid.clone() },
        cal_uids: vec![booking.uid.clone()],
        idempotency_key: None,
        request_hash: None,
        remembered_until: Timestamp::UNIX_EPOCH,
        policy_version: resource.policy.version,
        created_at: now,
        updated_at: now,
    })
}

/// The person with the attendee's e-mail, if we know one.
async fn holder(app: &App, booking: &Booking) -> Result<Holder, AppError> {
    let email = booking.attendee_email.as_ref().map(|email| email.to_lowercase());
    let Some(email) = email else { return Ok(Holder::Unmatched { email: None }) };
    let key = EmailClaim::key_of(&email);
    let snapshot = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    Ok(match snapshot.get::<EmailClaim>(&key)? {
        Some(claim) => Holder::User { user_id: claim.value.user_id },
        None => Holder::Unmatched { email: Some(email) },
    })
}
