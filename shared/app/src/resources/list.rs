//! Listing and reading resources.

use interlock_policy::{Purpose, Request, ResourceId, ResourceKind, UserId, Verdict};

use crate::eligibility::Member;
use crate::model::Resource;
use crate::ports::store::{Index, Position, Query, Stored};
use crate::{App, AppError, Snapshot};

/// A resource with the caller's verdict on it.
#[derive(Debug, Clone)]
pub struct ResourceSummary {
    /// The resource.
    pub resource: Resource,
    /// What stands in the caller's way now.
    pub verdict: Verdict,
}

/// A page of resources of a kind, each with the caller's badge (S0-062).
pub async fn list_resources(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    (kind, limit, after): (ResourceKind, u32, Option<Position>),
) -> Result<(Vec<ResourceSummary>, Option<Position>), AppError> {
    let snapshot = snapshot.with(app.store.as_ref(), &Member::keys(user_id)).await?;
    let member = Member::from(&snapshot, user_id)?;
    let query =
        Query { after, ..Query::partition(Some(Index::One), Resource::partition_of(kind), limit) };
    let page = app.store.query(&query).await?;
    let asked = Request { interval: None, event_type_id: None };
    let mut summaries = Vec::with_capacity(page.records.len());
    for record in &page.records {
        let resource = record.decode::<Resource>()?.value;
        let verdict = member.judge(&resource, &asked, &Purpose::View, app.now());
        summaries.push(ResourceSummary { resource, verdict });
    }
    Ok((summaries, page.next))
}

/// All resources of both kinds.
pub(crate) async fn all_resources(app: &App) -> Result<Vec<Resource>, AppError> {
    let mut all = resources_of(app, ResourceKind::Machine).await?;
    all.extend(resources_of(app, ResourceKind::Host).await?);
    Ok(all)
}

/// All resources of a kind.
pub(crate) async fn resources_of(app: &App, kind: ResourceKind) -> Result<Vec<Resource>, AppError> {
    let mut query = Query::partition(Some(Index::One), Resource::partition_of(kind), 100);
    let mut resources = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            resources.push(record.decode::<Resource>()?.value);
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(resources),
        }
    }
}

/// One resource with the version it was read at.
pub async fn read_resource(
    app: &App,
    snapshot: Snapshot,
    id: &ResourceId,
) -> Result<Stored<Resource>, AppError> {
    let key = Resource::key_of(id);
    let snapshot = snapshot.with(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    snapshot.get::<Resource>(&key)?.ok_or(AppError::NotFound { what: "resource" })
}
