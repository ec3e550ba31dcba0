//! Beginning to use a machine: enough people must be there (FEATURES 5.3, the buddy rule).

use interlock_policy::{Purpose, Request, ResourceId, UserId, Verdict};

use crate::eligibility::Member;
use crate::model::{Present, Resource};
use crate::ports::store::{Key, Transaction};
use crate::{Act, App, AppError, Snapshot, eligibility_keys, read_resource};

/// Most people that are counted.
const MOST_PEOPLE: u32 = 1000;

/// Somebody counted who is there.
#[derive(Debug, Clone)]
pub struct CountPresent {
    /// Where.
    pub resource_id: ResourceId,
    /// How many.
    pub people: u32,
    /// Who counted, in which request.
    pub act: Act,
}

/// Keeps how many people are at a resource; the last count is the one that is believed.
///
/// Errors: `NotFound`, `Invalid`.
pub async fn count_present(
    app: &App,
    snapshot: Snapshot,
    request: &CountPresent,
) -> Result<Present, AppError> {
    if request.people > MOST_PEOPLE {
        return Err(AppError::invalid("/people", "out_of_range", "at most 1000"));
    }
    let resource = read_resource(app, snapshot, &request.resource_id).await?.value;
    let present =
        Present { resource_id: resource.id, people: request.people, counted_at: app.now() };
    let detail = serde_json::json!({ "people": present.people });
    let audit = request.act.audit(app.now(), "resource.present", &present.resource_id, detail);
    app.store.commit(&Transaction::new().put(&present)?.put(&audit)?).await?;
    Ok(present)
}

/// Keys that `may_begin` reads, for the request's one read.
pub fn begin_keys(user_id: &UserId, resource_id: &ResourceId) -> Vec<Key> {
    let mut keys = eligibility_keys(user_id, resource_id);
    keys.push(Present::key_of(resource_id));
    keys
}

/// What stands in the way of a person who would begin to use a resource now: everything of a
/// reservation for now and, where people must be there, that they are. Where nobody counted within
/// four hours the verdict is a permit with that condition.
///
/// Errors: `NotFound` for an unknown resource.
pub async fn may_begin(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    resource_id: &ResourceId,
) -> Result<Verdict, AppError> {
    let keys = begin_keys(user_id, resource_id);
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?
        .value;
    let (member, now) = (Member::from(&snapshot, user_id)?, app.now());
    let present = snapshot.get::<Present>(&Present::key_of(resource_id))?;
    let mut facts = resource.facts();
    facts.people_present = present.and_then(|present| present.value.at(now));
    let open = member.open.facts();
    let running =
        open.iter().find(|held| held.resource_id == *resource_id && held.interval.contains(now));
    let kind = running.and_then(|held| held.event_type_id);
    let request = Request { interval: None, event_type_id: kind };
    Ok(member.judge_on(&facts, resource.in_force(now), (&request, &Purpose::Use), (&resource, now)))
}
