//! What the tests of the use cases share: reading behind the port, and what must always hold.
//!
//! Nothing here changes the world it looks at.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::{BTreeMap, BTreeSet};

use interlock_app::model::{Account, LedgerDay, OpenReservations, Reservation, Resource, State};
use interlock_app::ports::QueueName;
use interlock_app::ports::scheduler::{Attendee, CalUid};
use interlock_app::ports::store::{Document, Key, Stored, Transaction};
use interlock_app::{
    AppError, Applied, Placed, Snapshot, apply_delivery, receive_delivery, reserve,
};
use interlock_policy::{AccountStatus, ApprovalRule, ReservationId, UserId};
use interlock_testkit::World;
use interlock_testkit::scheduler::HumanBooking;
use interlock_testkit::world::HOUR;
use jiff::Timestamp;

pub(crate) async fn ask(
    world: &World,
    user: &UserId,
    start: Timestamp,
    key: &str,
) -> Result<Placed, AppError> {
    reserve(&world.app, Snapshot::default(), user, &world.wish(user, start, key)).await
}

pub(crate) async fn stored<T: Document>(world: &World, key: Key) -> Option<Stored<T>> {
    let snapshot =
        Snapshot::read(world.app.store.as_ref(), std::slice::from_ref(&key)).await.unwrap();
    snapshot.get::<T>(&key).unwrap()
}

pub(crate) async fn read<T: Document>(world: &World, key: Key) -> Option<T> {
    stored(world, key).await.map(|stored| stored.value)
}

/// Changes the laser past the port, as a manager's act would.
pub(crate) async fn change_laser(world: &World, change: impl FnOnce(&mut Resource)) {
    let mut found = stored::<Resource>(world, Resource::key_of(&world.laser())).await.unwrap();
    change(&mut found.value);
    let transaction = Transaction::new().replace(&found.value, found.version).unwrap();
    world.app.store.commit(&transaction).await.unwrap();
}

/// Lets nobody have the laser without a yes.
pub(crate) async fn laser_wants_a_yes(world: &World) {
    change_laser(world, |laser| {
        laser.policy.rules.needs_approval = Some(ApprovalRule::default()).into();
    })
    .await;
}

/// Sets a person's account.
pub(crate) async fn set_status(world: &World, user: &UserId, status: AccountStatus) {
    let found = stored::<Account>(world, Account::key_of(user)).await.unwrap();
    let changed = Account { status, ..found.value };
    let transaction = Transaction::new().replace(&changed, found.version).unwrap();
    world.app.store.commit(&transaction).await.unwrap();
}

pub(crate) async fn reservation(world: &World, id: &ReservationId) -> Reservation {
    read(world, Reservation::key_of(id)).await.unwrap()
}

pub(crate) fn uid(reservation: &Reservation) -> CalUid {
    reservation.state.cal_uid().cloned().unwrap()
}

/// An hour on the laser that somebody books inside Cal.com.
pub(crate) fn by_hand(start: Timestamp, email: &str) -> HumanBooking {
    HumanBooking {
        event_type_id: HOUR,
        start,
        attendee: Attendee {
            name: "Cy".to_owned(),
            email: email.to_owned(),
            time_zone: "Europe/Berlin".parse().unwrap(),
        },
        metadata: BTreeMap::new(),
    }
}

/// Every document of a kind, past the port.
pub(crate) fn all<T: Document>(world: &World) -> Vec<T> {
    let own = world.store.of_kind(T::KIND);
    own.iter().map(|record| record.decode::<T>().unwrap().value).collect()
}

/// Receives a body and applies every message the queue then holds.
pub(crate) async fn deliver(world: &World, body: &str) -> Vec<Result<Applied, AppError>> {
    receive_delivery(&world.app, body.as_bytes(), &["signed".to_owned()]).await.unwrap();
    let mut applied = Vec::new();
    for message in world.queue.drain(QueueName::Webhook) {
        applied.push(apply_delivery(&world.app, &message.body, &world.job()).await);
    }
    applied
}

/// What reservations hold, what the ledger holds and what the people's open lists hold is the
/// same, and no time is held twice (promise R2).
pub(crate) fn books_fault(world: &World) -> Option<String> {
    let mut held = Vec::new();
    let mut open = Vec::new();
    for reservation in all::<Reservation>(world) {
        if reservation.state.is_final() {
            continue;
        }
        let mut times = vec![(reservation.held, reservation.interval)];
        if let State::Moving { target, .. } | State::Cancelling { target: Some(target), .. } =
            &reservation.state
        {
            times.push((target.held, target.interval));
        }
        let id = reservation.id.to_string();
        for (ledger, own) in times {
            held.push((id.clone(), ledger));
            if reservation.user_id().is_some() {
                open.push((id.clone(), own));
            }
        }
    }
    let mut ledger = BTreeSet::new();
    for day in all::<LedgerDay>(world) {
        for (place, one) in day.day.entries.iter().enumerate() {
            let id = one.reservation_id.to_string();
            ledger.insert((id, one.held));
            for other in day.day.entries.iter().skip(place + 1) {
                if one.held.overlaps(&other.held) && one.reservation_id != other.reservation_id {
                    return Some(format!("two hold the same time: {one:?} {other:?}"));
                }
            }
        }
    }
    let listed = all::<OpenReservations>(world).into_iter().flat_map(|open| open.holds);
    let mut listed: Vec<_> = listed
        .filter(|hold| hold.interval.end() > world.clock_now())
        .map(|hold| (hold.reservation_id.to_string(), hold.interval))
        .collect();
    held.sort();
    open.sort();
    listed.sort();
    let ledger: Vec<_> = ledger.into_iter().collect();
    if held != ledger {
        return Some(format!("reservations hold {held:?}, the ledger {ledger:?}"));
    }
    (open != listed).then(|| format!("reservations hold {open:?}, open lists say {listed:?}"))
}

pub(crate) fn books_agree(world: &World) {
    assert_eq!(books_fault(world), None);
}
