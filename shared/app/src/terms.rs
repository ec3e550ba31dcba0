//! Until when a holder may move and give back what he holds.

use interlock_policy::{Facts, HolderTerms};

use crate::eligibility::Member;
use crate::model::{Reservation, Resource, State};
use crate::{App, AppError, Snapshot};

/// The terms of a reservation ahead by the rules in force; `None` for one that is no person's, has
/// begun, or is about to end.
pub async fn holder_terms(
    app: &App,
    snapshot: Snapshot,
    reservation: &Reservation,
) -> Result<Option<HolderTerms>, AppError> {
    let (now, open) = (app.now(), is_open(&reservation.state));
    let Some(user_id) = reservation.user_id() else { return Ok(None) };
    if !open || reservation.interval.start() <= now {
        return Ok(None);
    }
    let key = Resource::key_of(&reservation.resource_id);
    let mut keys = Member::keys(user_id).to_vec();
    keys.push(key.clone());
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let Some(resource) = snapshot.get::<Resource>(&key)? else { return Ok(None) };
    let member = Member::from(&snapshot, user_id)?.facts(&resource.value, now);
    let held = member.open_reservations.iter().find(|held| held.reservation_id == reservation.id);
    let resource_facts = resource.value.facts();
    let facts = Facts { now, member: &member, resource: &resource_facts };
    let policy = resource.value.in_force(now);
    Ok(held.map(|held| HolderTerms::of(&facts, policy, held)))
}

fn is_open(state: &State) -> bool {
    match state {
        State::Awaiting { .. } | State::Pending { .. } | State::Confirmed { .. } => true,
        State::Moving { .. }
        | State::Cancelling { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => false,
    }
}
