//! Saving a policy, or proposing it where a second person must agree.

use std::collections::BTreeMap;

use interlock_policy::{ModuleId, Policy, PolicyVersion, ResourceId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::decide::decide;
use super::read::{PolicyOverview, overview, read_save, taken_over};
use crate::model::{Cascade, Module, PolicySave, Resource, SaveState, Subject};
use crate::ports::store::{Document, MAX_READ, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// Largest policy kept, in bytes of JSON; a resource carries its policy and what is planned.
const LARGEST: usize = 32_000;
/// Most policies that wait for their turn on one resource.
const MOST_PLANNED: usize = 4;
/// Furthest instant at which a policy may take effect: 366 days ahead.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Longest reason, in characters.
const LONGEST_REASON: usize = 2000;

/// What a manager wants of a policy.
#[derive(Debug, Clone)]
pub enum PolicyWish {
    /// These rules; the number in them is not looked at.
    Save(Box<Policy>),
    /// The rules of an older save again.
    RollBack(PolicyVersion),
    /// What another person proposed.
    Confirm(PolicyVersion),
    /// That a proposal, or what is planned, does not come to be.
    Withdraw(PolicyVersion),
}

/// A wish with who has it and why.
#[derive(Debug, Clone)]
pub struct PutPolicy {
    /// Of what.
    pub resource_id: ResourceId,
    /// Entity tag the caller saw, from `If-Match`; absent is refused.
    pub tag: Option<u64>,
    /// What.
    pub wish: PolicyWish,
    /// First instant at which it shall be in force; absent means at once.
    pub effective_from: Option<Timestamp>,
    /// Why.
    pub reason: String,
    /// Who asks, in which request.
    pub act: Act,
}

/// Saves, brings back, confirms or withdraws. What is held ahead is judged by the new rules within
/// a sweep of the instant at which they are in force (promise R3).
///
/// Errors: `PreconditionRequired`, `PreconditionFailed`, `NotFound`, `Invalid` with a pointer to
/// every fault, `SelfApproval` for one's own proposal, `StateConflict`.
pub async fn put_policy(
    app: &App,
    snapshot: Snapshot,
    request: &PutPolicy,
) -> Result<PolicyOverview, AppError> {
    reasoned(&request.reason)?;
    let mut snapshot = snapshot;
    for _ in 0..MOST_RACES {
        let stored = crate::resources::read_resource(app, snapshot, &request.resource_id).await?;
        let tag = request.tag.ok_or(AppError::PreconditionRequired)?;
        if stored.value.shelf.tag != tag {
            return Err(AppError::PreconditionFailed);
        }
        let put = match &request.wish {
            PolicyWish::Save(policy) => {
                let policy = (policy.as_ref().clone(), None);
                save(app, stored, request, policy).await?
            }
            PolicyWish::RollBack(version) => {
                let old = read_save(app, Snapshot::default(), &request.resource_id, *version);
                let policy = (old.await?.policy, Some(*version));
                save(app, stored, request, policy).await?
            }
            PolicyWish::Confirm(version) => decide(app, stored, request, (*version, true)).await?,
            PolicyWish::Withdraw(version) => {
                decide(app, stored, request, (*version, false)).await?
            }
        };
        if let Some(resource) = put {
            return overview(app, &resource).await;
        }
        snapshot = Snapshot::default();
    }
    Err(AppError::contended())
}

/// A reason of some words.
pub(crate) fn reasoned(reason: &str) -> Result<(), AppError> {
    let length = reason.trim().chars().count();
    if (1..=LONGEST_REASON).contains(&length) {
        return Ok(());
    }
    Err(AppError::invalid("/reason", "length", "between 1 and 2000 characters"))
}

/// Writes a save, in force at once, planned or proposed; `None` if another write came first.
async fn save(
    app: &App,
    stored: Stored<Resource>,
    request: &PutPolicy,
    (policy, restores): (Policy, Option<PolicyVersion>),
) -> Result<Option<Resource>, AppError> {
    let now = app.now();
    let Stored { value: before, version } = stored;
    usable(app, &policy, if restores.is_some() { "/rollBackTo" } else { "/policy" }).await?;
    let effective_from = instant(request.effective_from, now)?;
    let mut after = before.clone();
    let proposed = after.shelf.needs_second;
    if proposed && after.shelf.proposal.is_some() {
        return Err(AppError::conflict("a proposal waits; confirm or withdraw it first"));
    }
    let number = PolicyVersion(last(&before).saturating_add(1));
    let save = PolicySave {
        resource_id: before.id.clone(),
        policy: Policy { version: number, ..policy },
        reason: request.reason.trim().to_owned(),
        author: request.act.actor.clone(),
        saved_at: now,
        effective_from,
        state: if proposed { SaveState::Proposed } else { SaveState::Accepted },
        restores,
        decided: None,
    };
    after.shelf.last = number.0;
    let transaction = Transaction::new().create(&save)?;
    let transaction = keep_first(app, transaction, &before).await?;
    if proposed {
        after.shelf.proposal = Some(number);
        let done = (transaction, "policy.propose");
        return write(app, done, (&save, after, version), request).await;
    }
    let transaction = take_effect(transaction, &mut after, &save, now)?;
    write(app, (transaction, "policy.put"), (&save, after, version), request).await
}

/// Puts a save in force, or where its turn is; with it the work of judging what is held ahead.
pub(super) fn take_effect(
    transaction: Transaction,
    resource: &mut Resource,
    save: &PolicySave,
    now: Timestamp,
) -> Result<Transaction, AppError> {
    resource.settle_policy(now);
    let subject = Subject::Resource { resource_id: resource.id.clone() };
    if save.effective_from <= now {
        resource.policy = save.policy.clone();
        return Ok(Cascade::of(subject, now).write(transaction, now)?);
    }
    if resource.shelf.planned.len() >= MOST_PLANNED {
        return Err(AppError::conflict("four policies wait for their turn; withdraw one first"));
    }
    resource.shelf.plan(save.effective_from, save.policy.clone());
    Ok(Cascade::planned(subject, save.effective_from).write(transaction, now)?)
}

/// Commits a change of the policy with its audit entry; `None` if another write came first.
pub(super) async fn write(
    app: &App,
    (transaction, action): (Transaction, &str),
    (save, mut resource, version): (&PolicySave, Resource, u64),
    request: &PutPolicy,
) -> Result<Option<Resource>, AppError> {
    let now = app.now();
    resource.shelf.tag = resource.shelf.tag.saturating_add(1);
    resource.updated_at = now;
    let detail = serde_json::json!({
        "policyVersion": save.version(),
        "effectiveFrom": save.effective_from,
        "restores": save.restores,
    });
    let audit = request.act.audit(now, action, &resource.id, detail);
    let transaction = transaction.replace(&resource, version)?.put(&audit)?;
    Ok(app.commits(&transaction).await?.then_some(resource))
}

/// The highest number given; resources from before saves were kept have none on their shelf.
fn last(resource: &Resource) -> u32 {
    resource.shelf.last.max(resource.policy.version.0)
}

/// With the first save beside the one in force before saves were kept, so that it can be compared
/// and brought back.
async fn keep_first(
    app: &App,
    transaction: Transaction,
    resource: &Resource,
) -> Result<Transaction, AppError> {
    let first = taken_over(resource);
    if resource.shelf.last != 0 {
        return Ok(transaction);
    }
    let key = first.key();
    let known = app.find::<PolicySave>(&key).await?.is_some();
    if known { Ok(transaction) } else { Ok(transaction.create(&first)?) }
}

/// At once, or after now and within a year.
fn instant(wished: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, AppError> {
    let Some(at) = wished else { return Ok(now) };
    let furthest = now.saturating_add(FURTHEST).unwrap_or(Timestamp::MAX);
    if now < at && at <= furthest {
        return Ok(at);
    }
    let detail = "after now and within 366 days; leave it out for at once";
    Err(AppError::invalid("/effectiveFrom", "out_of_range", detail))
}

/// Small enough, sound in itself, and of modules that there are.
pub(super) async fn usable(app: &App, policy: &Policy, at: &str) -> Result<(), AppError> {
    let json =
        serde_json::to_value(policy).map_err(|error| AppError::internal(error.to_string()))?;
    if json.to_string().len() > LARGEST {
        return Err(AppError::invalid(at, "too_long", "at most 32000 bytes of JSON"));
    }
    let faults = policy.validate().err().unwrap_or_default().into_iter();
    let mut faults: Vec<InputFault> = faults
        .map(|fault| {
            InputFault::at(format!("{at}{}", fault.pointer), "invalid_value", fault.detail)
        })
        .collect();
    faults.extend(unknown_modules(app, &json, at).await?);
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// A module that there is not can be watched by nobody.
async fn unknown_modules(app: &App, json: &Value, at: &str) -> Result<Vec<InputFault>, AppError> {
    let mut named = BTreeMap::new();
    modules_in(json, at, &mut named);
    let keys: Vec<_> = named.values().map(Module::key_of).collect();
    let mut known = Snapshot::default();
    for some in keys.chunks(MAX_READ) {
        known = known.with(app.store.as_ref(), some).await?;
    }
    let mut faults = Vec::new();
    for (pointer, id) in named {
        if known.get::<Module>(&Module::key_of(&id))?.is_none() {
            faults.push(InputFault::at(pointer, "module_unknown", "there is no such module"));
        }
    }
    Ok(faults)
}

/// Every module a policy names, by its place.
fn modules_in(value: &Value, at: &str, found: &mut BTreeMap<String, ModuleId>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let at = format!("{at}/{name}");
                match (name.as_str(), field.as_str().and_then(|text| text.parse().ok())) {
                    ("moduleId", Some(id)) => drop(found.insert(at, id)),
                    _ => modules_in(field, &at, found),
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                modules_in(item, &format!("{at}/{place}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
