//! Managers whose word is confined to some machines and categories (S0-051).

use interlock_app::model::{Account, Resource};
use interlock_app::ports::store::Key;
use interlock_app::{AppError, Snapshot};
use jiff::Timestamp;

use crate::{PathParameters, Problem, Route, problems};

/// What must be read to tell, on a route that asks.
pub(crate) fn key(route: &Route, path: &PathParameters) -> Option<Key> {
    if !route.confined {
        return None;
    }
    path.resource_id().ok().map(|id| Resource::key_of(&id))
}

/// Refuses a manager beyond whose scope the resource of the path lies; one that is absent is left
/// to the handler, which says so.
pub(crate) fn check(
    route: &Route,
    path: &PathParameters,
    (account, snapshot): (&Account, &Snapshot),
    now: Timestamp,
) -> Result<(), Problem> {
    let Some(key) = key(route, path) else { return Ok(()) };
    let resource = snapshot.get::<Resource>(&key).map_err(AppError::from)?;
    if resource.is_none_or(|resource| account.manages(&resource.value, now)) {
        return Ok(());
    }
    Err(Problem::new(&problems::ROLE_REQUIRED, "it lies beyond what you manage"))
}
