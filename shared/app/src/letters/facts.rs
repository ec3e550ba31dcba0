//! Reading what a letter speaks of and whom it goes to, right before it is sent.

use interlock_notify::Side;
use interlock_policy::{AccountStatus, CheckoutScope, ReservationId, ResourceId, UserId};

use super::stale;
use super::told::{Reader, Told, ToldCheckout, ToldOf, ToldReservation};
use crate::model::{
    About, Account, Addressee, CheckoutEvent, DeadAddress, HistoryEvent, Letter, LetterKind,
    Needless, Preferences, Reservation, Resource, Standing,
};
use crate::ports::store::{Key, Stored};
use crate::reset::token_of;
use crate::{App, AppError, Snapshot};

/// What was found of a letter.
pub(super) enum Found {
    /// It may be sent.
    Tellable(Box<Tellable>),
    /// There is nothing to tell.
    Needless(Needless),
}

/// A letter with everything its words are made from.
pub(super) struct Tellable {
    pub(super) told: Told,
    pub(super) preferences: Preferences,
    pub(super) dead: bool,
    /// Records that must be as they were read when the letter goes out.
    pub(super) unchanged: Vec<(Key, Option<u64>)>,
}

type Facts = Result<ToldOf, Needless>;

/// What a letter speaks of as it is now, and who reads it.
pub(super) async fn find(app: &App, letter: &Letter) -> Result<Found, AppError> {
    let mut keys = subject_keys(&letter.about);
    keys.extend(letter.reader().into_iter().flat_map(reader_keys));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let Some(user_id) = reader_of(&snapshot, letter)? else {
        return Ok(Found::Needless(Needless::NoReader));
    };
    let holder = holder_of(&snapshot, letter)?;
    let mut keys = reader_keys(&user_id).to_vec();
    keys.extend(holder.iter().map(Account::key_of));
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let account = snapshot.get::<Account>(&Account::key_of(&user_id))?;
    let Some(account) = account.filter(|account| reads(&account.value, letter)) else {
        return Ok(Found::Needless(Needless::NoReader));
    };
    let (of, unchanged) = match subject(app, &snapshot, letter, holder.as_ref())? {
        (Ok(of), unchanged) => (of, unchanged),
        (Err(why), _) => return Ok(Found::Needless(why)),
    };
    let preferences = snapshot.get::<Preferences>(&Preferences::key_of(&user_id))?;
    let preferences =
        preferences.map_or_else(|| Preferences::usual(user_id.clone()), |stored| stored.value);
    let dead = app.find::<DeadAddress>(&DeadAddress::key_of(&account.value.email)).await?.is_some();
    let reader = reader(account.value, &preferences, &letter.to);
    let told = Told { letter: letter.clone(), reader, of };
    Ok(Found::Tellable(Box::new(Tellable { told, preferences, dead, unchanged })))
}

fn reader_keys(user_id: &UserId) -> [Key; 2] {
    [Account::key_of(user_id), Preferences::key_of(user_id)]
}

fn subject_keys(about: &About) -> Vec<Key> {
    match about {
        About::Account { user_id } => vec![Account::key_of(user_id)],
        About::Reservation { reservation_id, resource_id, version } => vec![
            Reservation::key_of(reservation_id),
            Resource::key_of(resource_id),
            HistoryEvent::key_of(reservation_id, 1),
            HistoryEvent::key_of(reservation_id, *version),
        ]
        .into_iter()
        .fold(Vec::new(), once),
        About::Checkout { user_id, scope, version } => {
            let event = CheckoutEvent::key_of(user_id, scope, *version);
            let mut keys = vec![Account::key_of(user_id), Standing::key_of(user_id), event];
            if let CheckoutScope::Machine(id) = scope {
                keys.push(Resource::key_of(id));
            }
            keys
        }
    }
}

/// A key is asked for once.
fn once(mut keys: Vec<Key>, key: Key) -> Vec<Key> {
    if !keys.contains(&key) {
        keys.push(key);
    }
    keys
}

/// Who reads it; the host is whoever is the resource now.
pub(super) fn reader_of(snapshot: &Snapshot, letter: &Letter) -> Result<Option<UserId>, AppError> {
    let Some(resource_id) = letter.host_of() else { return Ok(letter.reader().cloned()) };
    let resource = snapshot.get::<Resource>(&Resource::key_of(resource_id))?;
    Ok(resource.and_then(|resource| resource.value.user_id))
}

/// Whose name is told.
fn holder_of(snapshot: &Snapshot, letter: &Letter) -> Result<Option<UserId>, AppError> {
    match &letter.about {
        About::Reservation { reservation_id, .. } => {
            let key = Reservation::key_of(reservation_id);
            let reservation = snapshot.get::<Reservation>(&key)?;
            Ok(reservation.and_then(|stored| stored.value.user_id().cloned()))
        }
        About::Account { user_id } | About::Checkout { user_id, .. } => Ok(Some(user_id.clone())),
    }
}

/// Whether there is somebody to read it. An erased person is nobody; a banned one is told what
/// becomes of what he had, and gets no link.
fn reads(account: &Account, letter: &Letter) -> bool {
    let links = matches!(letter.kind, LetterKind::PasswordReset | LetterKind::Invitation);
    let barred = match account.status {
        AccountStatus::Active | AccountStatus::Suspended => false,
        AccountStatus::Banned => links || account.roles.is_empty(),
    };
    !barred
}

type Subject = (Facts, Vec<(Key, Option<u64>)>);

fn subject(
    app: &App,
    snapshot: &Snapshot,
    letter: &Letter,
    holder: Option<&UserId>,
) -> Result<Subject, AppError> {
    match &letter.about {
        About::Account { user_id } => account(app, snapshot, letter, user_id),
        About::Reservation { reservation_id, resource_id, version } => {
            let named = (reservation_id, resource_id, *version);
            reservation(app, snapshot, letter, (named, holder))
        }
        About::Checkout { user_id, scope, version } => {
            checkout(app, snapshot, letter, (user_id, scope, *version))
        }
    }
}

fn account(
    app: &App,
    snapshot: &Snapshot,
    letter: &Letter,
    user_id: &UserId,
) -> Result<Subject, AppError> {
    if letter.until.is_some_and(|until| until <= app.now()) {
        return Ok((Err(Needless::Late), Vec::new()));
    }
    let roles = snapshot.get::<Account>(&Account::key_of(user_id))?;
    let roles = roles.map(|account| account.value.roles).unwrap_or_default();
    let links = matches!(letter.kind, LetterKind::PasswordReset | LetterKind::Invitation);
    let token = links.then(|| token_of(&app.settings, &letter.id)).transpose()?;
    Ok((Ok(ToldOf::Account { roles, token }), Vec::new()))
}

fn reservation(
    app: &App,
    snapshot: &Snapshot,
    letter: &Letter,
    ((id, resource_id, version), holder): ((&ReservationId, &ResourceId, u64), Option<&UserId>),
) -> Result<Subject, AppError> {
    let key = Reservation::key_of(id);
    let found = snapshot.get::<Reservation>(&key)?;
    let event = snapshot.get::<HistoryEvent>(&HistoryEvent::key_of(id, version))?;
    let resource = snapshot.get::<Resource>(&Resource::key_of(resource_id))?;
    let (Some(found), Some(event), Some(resource)) = (found, event, resource) else {
        return Ok((Err(Needless::Superseded), Vec::new()));
    };
    let to_holder = match &letter.to {
        Addressee::User { user_id } => Some(user_id),
        Addressee::Host | Addressee::Decider { .. } | Addressee::Deciders { .. } => None,
    };
    let now_is = (&found.value, &event.value);
    if let Some(why) = stale::reservation((letter, to_holder), now_is, app.now()) {
        return Ok((Err(why), Vec::new()));
    }
    let first = snapshot.get::<HistoryEvent>(&HistoryEvent::key_of(id, 1))?;
    let asked = |first: Stored<HistoryEvent>| first.value.to == crate::model::Status::Awaiting;
    let of = ToldReservation {
        was_asked_for: first.is_some_and(asked),
        holder_name: name_of(snapshot, holder)?,
        reservation: found.value,
        event: event.value,
        resource: resource.value,
    };
    Ok((Ok(ToldOf::Reservation(Box::new(of))), vec![(key, Some(found.version))]))
}

fn checkout(
    app: &App,
    snapshot: &Snapshot,
    letter: &Letter,
    (user_id, scope, version): (&UserId, &CheckoutScope, u64),
) -> Result<Subject, AppError> {
    let key = Standing::key_of(user_id);
    let standing = snapshot.get::<Standing>(&key)?;
    let event = snapshot.get::<CheckoutEvent>(&CheckoutEvent::key_of(user_id, scope, version))?;
    let (Some(standing), Some(event)) = (standing, event) else {
        return Ok((Err(Needless::Superseded), Vec::new()));
    };
    if let Some(why) = stale::checkout(letter, (&standing.value, &event.value), app.now()) {
        return Ok((Err(why), Vec::new()));
    }
    let scope_name = match scope {
        CheckoutScope::Category(category) => category.clone(),
        CheckoutScope::Machine(id) => {
            let resource = snapshot.get::<Resource>(&Resource::key_of(id))?;
            resource.map(|resource| resource.value.name).unwrap_or_default()
        }
    };
    let member_name = name_of(snapshot, Some(user_id))?;
    let of = ToldCheckout { event: event.value, scope_name, member_name };
    Ok((Ok(ToldOf::Checkout(Box::new(of))), vec![(key, Some(standing.version))]))
}

fn name_of(snapshot: &Snapshot, user_id: Option<&UserId>) -> Result<String, AppError> {
    let Some(user_id) = user_id else { return Ok(String::new()) };
    let account = snapshot.get::<Account>(&Account::key_of(user_id))?;
    Ok(account.map(|account| account.value.name).unwrap_or_default())
}

fn reader(account: Account, preferences: &Preferences, to: &Addressee) -> Reader {
    let side = match to {
        Addressee::User { .. } => Side::Holder,
        Addressee::Host => Side::Host,
        Addressee::Deciders { .. } | Addressee::Decider { .. } => Side::Decider,
    };
    Reader {
        user_id: account.id,
        name: account.name,
        email: account.email,
        language: preferences.language,
        time_zone: account.time_zone,
        side,
    }
}
