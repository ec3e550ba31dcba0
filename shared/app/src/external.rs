//! Bookings that were made inside Cal.com (PRODUCT D15).

use interlock_notify::Address;
use interlock_policy::{EventTypeId, ReservationId};
use jiff::Timestamp;

use crate::change::{Change, Committed, Recording, commit, fit};
use crate::context::ExternalPolicy;
use crate::forgotten::{Mark, mark_of, take_back};
use crate::model::{
    BookingPointer, Cause, EmailClaim, Flag, FlagCode, Holder, Origin, OtherFlag, Reservation,
    Resource, State,
};
use crate::ports::scheduler::{Booking, BookingStatus, CalUid};
use crate::ports::store::{Key, Stored};
use crate::reserve::with_buffers;
use crate::resources::all_resources;
use crate::sync::{settle_holders, sync};
use crate::{Act, App, AppError, Snapshot};

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
        Some(booking) => {
            // A kind that was deleted since is gone from the booking, which still takes its time.
            let booking =
                Booking { event_type_id: booking.event_type_id.or(Some(event_type_id)), ..booking };
            adopt_read(app, &resource, &booking, act).await.map(Some)
        }
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
    if over || booking.status != BookingStatus::Accepted || known(app, booking, act).await? {
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
    // One that is longer than what can be written is for a person to look at.
    if !fit(&[booking.interval]) {
        return Ok(Intake::Conflict);
    }
    let drafted = draft(app, resource, booking).await?;
    let reservation = Reservation { flags: marks(app, resource), ..drafted };
    let id = reservation.id.clone();
    if app.settings.external_on(resource.id.kind()) == ExternalPolicy::Cancel {
        return refuse(app, resource, (reservation, &booking.uid), act).await;
    }
    for settled in [false, true] {
        match commit(app, intake(reservation.clone(), act)).await? {
            Committed::Done(_) => return Ok(Intake::Taken(id)),
            Committed::Lost => return Err(AppError::contended()),
            // Who holds the time here may long have left it at Cal.com.
            Committed::Taken(_) if !settled => {
                settle_holders(app, &reservation, &reservation.held, act).await?;
            }
            Committed::Taken(_) => break,
        }
    }
    Ok(Intake::Conflict)
}

fn intake(reservation: Reservation, act: &Act) -> Change {
    Change {
        before: None,
        after: reservation,
        act: act.clone(),
        unchanged: Vec::new(),
        decision: None,
        recording: Recording::None,
        snapshot: Snapshot::default(),
    }
}

/// Takes it in as ended, so that its history tells what became of it, and lets Cal.com follow.
/// On time that is held here it ends there first, because it can never hold anything here.
async fn refuse(
    app: &App,
    resource: &Resource,
    (mut reservation, uid): (Reservation, &CalUid),
    act: &Act,
) -> Result<Intake, AppError> {
    let (id, cause) = (reservation.id.clone(), Cause::NotAccepted);
    let cal_uid = Some(uid.clone());
    reservation.state =
        State::Cancelling { cal_uid, target: None, attempt: None, cause: cause.clone() };
    let ended = Reservation { state: State::Cancelled { cause }, ..reservation.clone() };
    match commit(app, intake(reservation, act)).await? {
        Committed::Done(_) => {
            if let Err(error) = sync(app, &id, &[], act).await {
                tracing::warn!(reservation.id = %id, %error, "the end is left to the resolver");
            }
            return Ok(Intake::Cancelled);
        }
        Committed::Lost => return Err(AppError::contended()),
        Committed::Taken(_) => {}
    }
    if let Some(account) = &resource.cal_account {
        app.scheduler.cancel(account, uid, "not made in Interlock").await?;
    }
    match commit(app, intake(ended, act)).await? {
        Committed::Done(_) => Ok(Intake::Cancelled),
        Committed::Lost | Committed::Taken(_) => Err(AppError::contended()),
    }
}

/// Whether a reservation has this booking: by its uid, or by the uid it was moved from, and then
/// the reservation learns of the move (PRODUCT D15).
async fn known(app: &App, booking: &Booking, act: &Act) -> Result<bool, AppError> {
    let own = BookingPointer::key_of(&booking.uid);
    let moved_from = booking.rescheduled_from.as_ref().map(BookingPointer::key_of);
    let keys: Vec<Key> = std::iter::once(own.clone()).chain(moved_from.clone()).collect();
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    if snapshot.get::<BookingPointer>(&own)?.is_some() {
        return Ok(true);
    }
    let Some(key) = moved_from else { return Ok(false) };
    let Some(pointer) = snapshot.get::<BookingPointer>(&key)? else { return Ok(false) };
    sync(app, &pointer.value.reservation_id, std::slice::from_ref(&booking.uid), act).await?;
    Ok(true)
}

/// Gives a reservation whose holder was only known by e-mail to the person who has an account
/// with it by now; whether it did (PRODUCT D15). Its time then counts among his.
pub(crate) async fn rematch(
    app: &App,
    reservation: &Stored<Reservation>,
    act: &Act,
) -> Result<bool, AppError> {
    let Holder::Unmatched { email: Some(email) } = &reservation.value.holder else {
        return Ok(false);
    };
    let key = EmailClaim::key_of(email);
    let Some(claim) = app.find::<EmailClaim>(&key).await? else { return Ok(false) };
    let mut after = reservation.value.clone();
    after.holder = Holder::User { user_id: claim.value.user_id };
    let change = Change {
        before: Some(reservation.clone()),
        unchanged: vec![(key, Some(claim.version))],
        ..intake(after, act)
    };
    match commit(app, change).await? {
        Committed::Done(_) => Ok(true),
        Committed::Lost | Committed::Taken(_) => Ok(false),
    }
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
        category: resource.category.clone(),
        cal_account_id: account.id.clone(),
        event_type_id,
        interval: booking.interval,
        held: entry.map_or(booking.interval, |entry| with_buffers(entry, booking.interval)),
        state: State::Confirmed { cal_uid: booking.uid.clone() },
        cal_uids: vec![booking.uid.clone()],
        idempotency_key: None,
        request_hash: None,
        remembered_until: Timestamp::UNIX_EPOCH,
        flags: Vec::new(),
        cancelled_late: false,
        attendance: None,
        policy_version: resource.in_force(now).version,
        created_at: now,
        updated_at: now,
    })
}

/// The person with the attendee's e-mail, if we know one. An address that no account can have is
/// not kept: a record of any length does not fit into the table.
async fn holder(app: &App, booking: &Booking) -> Result<Holder, AppError> {
    let email = booking.attendee_email.as_ref().map(|email| email.to_lowercase());
    let Some(email) = email.filter(|email| email.len() <= Address::LONGEST) else {
        return Ok(Holder::Unmatched { email: None });
    };
    let key = EmailClaim::key_of(&email);
    Ok(match app.find::<EmailClaim>(&key).await? {
        Some(claim) => Holder::User { user_id: claim.value.user_id },
        None => Holder::Unmatched { email: Some(email) },
    })
}

/// Where the setting says so, somebody is told to look.
fn marks(app: &App, resource: &Resource) -> Vec<Flag> {
    match app.settings.external_on(resource.id.kind()) {
        ExternalPolicy::Flag => {
            let code = FlagCode::Other(OtherFlag::External);
            vec![Flag { code, since: app.now(), until: None }]
        }
        ExternalPolicy::Accept | ExternalPolicy::Cancel | ExternalPolicy::Observe => Vec::new(),
    }
}
