//! Which other change is still to be gone through, where that decides what becomes of a loss.

use interlock_policy::{LossRule, ResourceId, UserId};

use super::fate::Trigger;
use crate::model::{Cascade, ModuleTerms, Reservation, Resource, Subject};
use crate::ports::store::{Document, Query};
use crate::{App, AppError, Snapshot};

/// Most work of one resource: of its rules, of its use, and a policy for each turn that is planned.
const MOST: u32 = 20;

/// Turns one occasion into both where the other one waits too and declares something stricter, so
/// that the stricter choice wins whichever comes first. Asked after the judgement's own read: what
/// was read changed is either written down as work still, or was gone through.
pub(super) async fn with_the_other(
    app: &App,
    (trigger, declared): (Trigger, LossRule),
    reservation: &Reservation,
    (resource, terms): (&Resource, &ModuleTerms),
) -> Result<Trigger, AppError> {
    let stricter = declared.person.stricter(declared.resource);
    let waits = match (trigger, reservation.user_id()) {
        (Trigger::Person, _) if declared.person != stricter => {
            rules_wait(app, &resource.id).await? || module_waits(app, resource, terms).await?
        }
        (Trigger::Rules, Some(user_id)) if declared.resource != stricter => {
            person_waits(app, user_id).await?
        }
        (Trigger::Person | Trigger::Rules | Trigger::Both | Trigger::Use | Trigger::Term, _) => {
            false
        }
    };
    Ok(if waits { Trigger::Both } else { trigger })
}

async fn person_waits(app: &App, user_id: &UserId) -> Result<bool, AppError> {
    let key = Cascade::key_of(Subject::User { user_id: user_id.clone() });
    Ok(app.find::<Cascade>(&key).await?.is_some())
}

async fn rules_wait(app: &App, id: &ResourceId) -> Result<bool, AppError> {
    let query = Query::partition(None, Cascade::partition_of(id), MOST);
    for record in app.store.query(&query).await?.records {
        if record.kind == Cascade::KIND && record.decode::<Cascade>()?.value.is_for_rules(app.now())
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A module that was made anew reaches its resources by work of its own.
async fn module_waits(
    app: &App,
    resource: &Resource,
    terms: &ModuleTerms,
) -> Result<bool, AppError> {
    let modules = terms.modules.keys().filter(|module| resource.asks_for(module));
    let keys: Vec<_> = modules
        .map(|module| Cascade::key_of(Subject::Module { module_id: module.clone() }))
        .collect();
    if keys.is_empty() {
        return Ok(false);
    }
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    for key in &keys {
        if snapshot.get::<Cascade>(key)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
