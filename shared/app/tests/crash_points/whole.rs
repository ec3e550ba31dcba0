//! What must hold once a repair has run: the books agree, everything is at rest, every stand has
//! its one booking and every booking its stand, nothing that ended came back, and lists show what
//! people hold.

use std::collections::{BTreeMap, BTreeSet};

use interlock_app::model::{
    CheckoutRecord, FollowUp, HistoryEvent, Origin, PendingCheckout, Reservation, Standing, State,
    Status,
};
use interlock_app::ports::scheduler::{Booking, METADATA_RESERVATION};

use crate::scene::Scene;
use crate::support::{all, books_fault};

/// The first thing that is not whole.
pub(crate) fn fault(scene: &Scene) -> Option<String> {
    books_fault(&scene.world)
        .or_else(|| scene.bystander_fault())
        .or_else(|| unrest(scene))
        .or_else(|| ownership(scene))
        .or_else(|| resurrection(scene))
        .or_else(|| twice(scene))
        .or_else(|| approvals(scene))
        .or_else(|| crate::letters::fault(scene))
}

/// Managers are shown the wishes and approvals that people's standings hold, and no other.
fn approvals(scene: &Scene) -> Option<String> {
    let standings = all::<Standing>(&scene.world);
    let mut wishes: Vec<_> =
        standings.iter().flat_map(|one| &one.wishes).map(|wish| wish.id.clone()).collect();
    let shown = all::<PendingCheckout>(&scene.world);
    let mut listed: Vec<_> = shown.into_iter().map(|pending| pending.wish.id).collect();
    wishes.sort();
    listed.sort();
    if wishes != listed {
        return Some(format!("people wait with {wishes:?}, managers see {listed:?}"));
    }
    all::<CheckoutRecord>(&scene.world).into_iter().find_map(|record| {
        let own = standings.iter().filter(|one| one.user_id == record.user_id);
        let held = own.flat_map(|one| &one.checkouts).any(|held| *held == record.checkout);
        (held == record.ended.is_some()).then(|| format!("held is {held}, shown is {record:?}"))
    })
}

fn unrest(scene: &Scene) -> Option<String> {
    let reservations = all::<Reservation>(&scene.world);
    let unsettled = reservations.iter().find(|one| match &one.state {
        State::Awaiting { hold_until, .. } => *hold_until <= scene.world.clock_now(),
        State::Pending { .. } | State::Moving { .. } | State::Cancelling { .. } => true,
        State::Confirmed { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => false,
    });
    if let Some(one) = unsettled {
        return Some(format!("{} is still {:?}", one.id, one.state));
    }
    let due: BTreeSet<_> =
        all::<FollowUp>(&scene.world).into_iter().map(|follow| follow.reservation_id).collect();
    let open = reservations.iter().filter(|one| !one.state.is_final());
    let open: BTreeSet<_> = open.map(|one| one.id.clone()).collect();
    (due != open).then(|| format!("follow-ups for {due:?}, open are {open:?}"))
}

fn ownership(scene: &Scene) -> Option<String> {
    let live = scene.world.scheduler.live(&scene.world.account());
    let mut owned = BTreeSet::new();
    for reservation in all::<Reservation>(&scene.world) {
        let State::Confirmed { cal_uid } = &reservation.state else { continue };
        let own: Vec<_> = live.iter().filter(|booking| belongs(booking, &reservation)).collect();
        let fits = |booking: &&Booking| {
            booking.uid == *cal_uid && booking.interval == reservation.interval
        };
        if own.len() != 1 || !own.iter().all(fits) {
            return Some(format!("{} has {} bookings or a wrong one", reservation.id, own.len()));
        }
        owned.insert(cal_uid.clone());
    }
    let lonely = live.iter().find(|booking| {
        !owned.contains(&booking.uid) && booking.metadata.contains_key(METADATA_RESERVATION)
    });
    lonely.map(|booking| format!("nobody owns the booking {}", booking.uid.0))
}

fn belongs(booking: &Booking, reservation: &Reservation) -> bool {
    match booking.metadata.get(METADATA_RESERVATION) {
        Some(mark) => mark == reservation.id.as_str(),
        None => {
            reservation.origin == Origin::External && reservation.cal_uids.contains(&booking.uid)
        }
    }
}

/// A cancel sticks and an end is final (promises R6, R9), by the history.
fn resurrection(scene: &Scene) -> Option<String> {
    let mut ended = BTreeMap::new();
    for event in all::<HistoryEvent>(&scene.world) {
        let now = stage(event.to);
        let before = ended.insert(event.reservation_id.clone(), now).unwrap_or(0);
        if now < before || before == 2 {
            return Some(format!("{} came back as {:?}", event.reservation_id, event.to));
        }
    }
    None
}

fn stage(status: Status) -> u8 {
    match status {
        Status::Awaiting | Status::Pending | Status::Confirmed | Status::Moving => 0,
        Status::Cancelling => 1,
        Status::Cancelled | Status::Failed | Status::Completed => 2,
    }
}

/// One key, one effect (promise R4): of the reservations of a request at most one did not fail.
fn twice(scene: &Scene) -> Option<String> {
    let mut seen = BTreeSet::new();
    let lasting = all::<Reservation>(&scene.world)
        .into_iter()
        .filter(|one| !matches!(one.state, State::Failed { .. }));
    let mut keys = lasting.filter_map(|one| one.idempotency_key);
    let double = keys.find(|key| !seen.insert(key.0.clone()));
    double.map(|key| format!("the key {} had two effects", key.0))
}
