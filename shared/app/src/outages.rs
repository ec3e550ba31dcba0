//! Outages: announced, foreseen and ended, with what they do to reservations (FEATURES 4 item 3).
//!
//! An outage is part of the resource, so a hold that was judged without it finds the resource
//! changed and is judged again (promise R3).

use interlock_policy::{OutageId, ResourceId};
use jiff::{SignedDuration, Timestamp};

use crate::cascade::{Impact, Trigger, foresee};
use crate::model::{Cascade, Outage, Resource, Subject};
use crate::policies::reasoned;
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// How long an outage that is over stays on the resource.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Most outages on one resource, those that are over included.
const MOST: usize = 50;
/// Furthest instant of an outage: 366 days ahead.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// An outage to be announced.
#[derive(Debug, Clone)]
pub struct CreateOutage {
    /// Of what.
    pub resource_id: ResourceId,
    /// First instant; absent means now.
    pub starts_at: Option<Timestamp>,
    /// First instant after it; absent while nobody knows.
    pub ends_at: Option<Timestamp>,
    /// Why, in words for members.
    pub reason: String,
    /// Whether only to tell what would become of what is held.
    pub dry_run: bool,
    /// Who asks, in which request.
    pub act: Act,
}

/// An outage to be ended.
#[derive(Debug, Clone)]
pub struct EndOutage {
    /// Of what.
    pub resource_id: ResourceId,
    /// Which.
    pub outage_id: OutageId,
    /// Whether only to tell what would become of what is held.
    pub dry_run: bool,
    /// Who asks, in which request.
    pub act: Act,
}

/// An outage with what becomes of what is held.
#[derive(Debug, Clone)]
pub struct OutageEffect {
    /// As it stands, or would.
    pub outage: Outage,
    /// What becomes of reservations ahead.
    pub impact: Impact,
}

/// Announces an outage, or tells what it would do. Errors: `NotFound`, `Invalid`, `StateConflict`
/// for more than a resource can bear.
pub async fn create_outage(app: &App, request: &CreateOutage) -> Result<OutageEffect, AppError> {
    reasoned(&request.reason)?;
    let now = app.now();
    let outage = Outage {
        id: app.id()?,
        starts_at: request.starts_at.unwrap_or(now),
        ends_at: request.ends_at,
        reason: request.reason.trim().to_owned(),
        made_by: request.act.actor.clone(),
        made_at: now,
    };
    within_reason(&outage, request.starts_at.is_some(), now)?;
    for _ in 0..MOST_RACES {
        let Stored { mut value, version } = read(app, &request.resource_id).await?;
        let expendable = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
        value.outages.retain(|outage| !outage.is_over(expendable));
        if value.outages.len() >= MOST {
            let detail = "it has 50 outages; end those that are over".to_owned();
            return Err(AppError::StateConflict { detail });
        }
        value.outages.push(outage.clone());
        let impact = foresee(app, &value, Trigger::Use).await?;
        let effect = OutageEffect { outage: outage.clone(), impact };
        let done = ("outage.create", &request.act);
        if request.dry_run || write(app, (value, version), &outage, done).await? {
            return Ok(effect);
        }
    }
    Err(AppError::contended())
}

/// Ends an outage now, one that has not begun before it does; or tells what that would do.
/// Errors: `NotFound`, `StateConflict` for one that is over.
pub async fn end_outage(app: &App, request: &EndOutage) -> Result<OutageEffect, AppError> {
    for _ in 0..MOST_RACES {
        let now = app.now();
        let Stored { mut value, version } = read(app, &request.resource_id).await?;
        let found = value.outages.iter_mut().find(|outage| outage.id == request.outage_id);
        let found = found.ok_or(AppError::NotFound { what: "outage" })?;
        if found.is_over(now) {
            let detail = "the outage is over".to_owned();
            return Err(AppError::StateConflict { detail });
        }
        found.ends_at = Some(now.max(found.starts_at));
        let outage = found.clone();
        // One that had not begun holds no instant and is as if it had not been announced.
        value.outages.retain(|outage| !outage.is_over(outage.starts_at));
        let impact = foresee(app, &value, Trigger::Use).await?;
        let effect = OutageEffect { outage: outage.clone(), impact };
        let done = ("outage.end", &request.act);
        if request.dry_run || write(app, (value, version), &outage, done).await? {
            return Ok(effect);
        }
    }
    Err(AppError::contended())
}

async fn read(app: &App, id: &ResourceId) -> Result<Stored<Resource>, AppError> {
    crate::resources::read_resource(app, Snapshot::default(), id).await
}

/// `false` if another write came first.
async fn write(
    app: &App,
    (mut resource, version): (Resource, u64),
    outage: &Outage,
    (action, act): (&str, &Act),
) -> Result<bool, AppError> {
    let now = app.now();
    resource.updated_at = now;
    let detail = serde_json::json!({
        "resourceId": resource.id,
        "startsAt": outage.starts_at,
        "endsAt": outage.ends_at,
    });
    let audit = act.audit(now, action, &outage.id, detail);
    let transaction = Transaction::new().replace(&resource, version)?.put(&audit)?;
    let subject = Subject::Use { resource_id: resource.id.clone() };
    let transaction = Cascade::of(subject, now).write(transaction, now)?;
    app.commits(&transaction).await
}

/// Begins now or later, ends after it begins, and both within a year.
fn within_reason(outage: &Outage, said: bool, now: Timestamp) -> Result<(), AppError> {
    let furthest = now.saturating_add(FURTHEST).unwrap_or(Timestamp::MAX);
    if said && !(now..=furthest).contains(&outage.starts_at) {
        let detail = "not before now and within 366 days; leave it out for now";
        return Err(AppError::invalid("/startsAt", "out_of_range", detail));
    }
    match outage.ends_at {
        Some(end) if end <= outage.starts_at || end > furthest => {
            let detail = "after `startsAt` and within 366 days";
            Err(AppError::invalid("/endsAt", "out_of_range", detail))
        }
        Some(_) | None => Ok(()),
    }
}
