//! Reading what is, was and will be in force.

use interlock_policy::{PolicyVersion, ResourceId};
use jiff::Timestamp;

use super::diff::{FieldChange, changes};
use crate::model::{Actor, PolicySave, Resource, SaveState};
use crate::ports::store::{Key, Position, Query, Stored};
use crate::{App, AppError, Snapshot};

/// What stands of a resource's policy.
#[derive(Debug, Clone)]
pub struct PolicyOverview {
    /// What is in force now.
    pub in_force: PolicySave,
    /// What takes effect later, in that order.
    pub planned: Vec<PolicySave>,
    /// What waits for a second person.
    pub proposal: Option<PolicySave>,
    /// Whether a save waits for a second person.
    pub needs_second: bool,
    /// Entity tag: counts up with every save and decision.
    pub tag: u64,
}

/// What is in force, what is planned and what is proposed. Errors: `NotFound`.
pub async fn read_policy(
    app: &App,
    snapshot: Snapshot,
    id: &ResourceId,
) -> Result<PolicyOverview, AppError> {
    let Stored { value, .. } = crate::resources::read_resource(app, snapshot, id).await?;
    overview(app, &value).await
}

/// The same of a resource that was read.
pub(super) async fn overview(app: &App, resource: &Resource) -> Result<PolicyOverview, AppError> {
    let now = app.now();
    let snapshot = Snapshot::read(app.store.as_ref(), &keys_of(resource, now)).await?;
    let planned = resource.shelf.planned.iter().filter(|planned| planned.effective_from > now);
    let planned = planned.map(|planned| save_of(&snapshot, resource, planned.policy.version));
    let proposal = resource.shelf.proposal;
    Ok(PolicyOverview {
        in_force: save_of(&snapshot, resource, resource.in_force(now).version)?,
        planned: planned.collect::<Result<_, _>>()?,
        proposal: proposal.map(|version| save_of(&snapshot, resource, version)).transpose()?,
        needs_second: resource.shelf.needs_second,
        tag: resource.shelf.tag,
    })
}

/// Addresses of every save an overview shows, each once.
fn keys_of(resource: &Resource, now: Timestamp) -> Vec<Key> {
    let planned = resource.shelf.planned.iter().map(|planned| planned.policy.version);
    let versions = std::iter::once(resource.in_force(now).version);
    let mut versions: Vec<_> = versions.chain(planned).chain(resource.shelf.proposal).collect();
    versions.sort_unstable();
    versions.dedup();
    versions.into_iter().map(|version| PolicySave::key_of(&resource.id, version)).collect()
}

fn save_of(
    snapshot: &Snapshot,
    resource: &Resource,
    version: PolicyVersion,
) -> Result<PolicySave, AppError> {
    let found = snapshot.get::<PolicySave>(&PolicySave::key_of(&resource.id, version))?;
    match found {
        Some(stored) => Ok(stored.value),
        None if version == resource.policy.version => Ok(taken_over(resource)),
        None => Err(AppError::internal(format!("save {} of a policy is missing", version.0))),
    }
}

/// The save of a policy that was in force before saves were kept.
pub(super) fn taken_over(resource: &Resource) -> PolicySave {
    PolicySave {
        resource_id: resource.id.clone(),
        policy: resource.policy.clone(),
        reason: "in force before saves were kept".to_owned(),
        author: Actor::System { job: "import".to_owned() },
        saved_at: resource.created_at,
        effective_from: resource.created_at,
        state: SaveState::Accepted,
        restores: None,
        decided: None,
    }
}

/// One save. Errors: `NotFound` for an unknown resource or number.
pub async fn read_save(
    app: &App,
    snapshot: Snapshot,
    id: &ResourceId,
    version: PolicyVersion,
) -> Result<PolicySave, AppError> {
    let keys = [Resource::key_of(id), PolicySave::key_of(id, version)];
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let [resource, save] = &keys;
    let resource =
        snapshot.get::<Resource>(resource)?.ok_or(AppError::NotFound { what: "resource" })?.value;
    match snapshot.get::<PolicySave>(save)? {
        Some(stored) => Ok(stored.value),
        None if resource.policy.version == version => Ok(taken_over(&resource)),
        None => Err(AppError::NotFound { what: "save of the policy" }),
    }
}

/// A page of saves, the newest first. Errors: `NotFound`.
pub async fn policy_history(
    app: &App,
    snapshot: Snapshot,
    id: &ResourceId,
    (limit, after): (u32, Option<Position>),
) -> Result<(Vec<PolicySave>, Option<Position>), AppError> {
    let Stored { value, .. } = crate::resources::read_resource(app, snapshot, id).await?;
    let first = after.is_none();
    let query = Query {
        from: Some(PolicySave::FIRST.to_owned()),
        until: Some(PolicySave::END.to_owned()),
        descending: true,
        after,
        ..Query::partition(None, PolicySave::partition_of(id), limit)
    };
    let page = app.store.query(&query).await?;
    let saves = page.records.iter().map(|record| Ok(record.decode::<PolicySave>()?.value));
    let mut saves = saves.collect::<Result<Vec<_>, AppError>>()?;
    if first && saves.is_empty() {
        saves.push(taken_over(&value));
    }
    Ok((saves, page.next))
}

/// What differs between two saves, field by field; the number of a save always does and is left
/// out. Errors: `NotFound`.
pub async fn policy_diff(
    app: &App,
    snapshot: Snapshot,
    id: &ResourceId,
    (from, to): (PolicyVersion, Option<PolicyVersion>),
) -> Result<(PolicyVersion, Vec<FieldChange>), AppError> {
    let keys = [Resource::key_of(id)];
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let before = read_save(app, snapshot.clone(), id, from).await?;
    let after = match to {
        Some(to) => read_save(app, snapshot, id, to).await?,
        None => read_policy(app, snapshot, id).await?.in_force,
    };
    let value = |save: &PolicySave| {
        serde_json::to_value(&save.policy).map_err(|error| AppError::internal(error.to_string()))
    };
    let mut found = changes(&value(&before)?, &value(&after)?);
    found.retain(|change| change.pointer != "/version");
    Ok((after.version(), found))
}
