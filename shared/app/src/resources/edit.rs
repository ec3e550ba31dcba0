//! Making and changing resources.

use interlock_policy::{Policy, PolicyVersion, ResourceId, Rules, UserId, ZoneName};

use super::guide::GuideChange;
use super::leave::cleared;
use super::mapping::{Mapped, MappingRequest, check};
use crate::model::{Cascade, Guide, PolicySave, PolicyShelf, Resource, SaveState, Subject};
use crate::ports::store::{CommitError, Document, Stored, Transaction};
use crate::{Act, App, AppError, InputFault, Snapshot};

/// A new resource. Its policy opens it at all hours to everyone with an account until a manager
/// sets rules, but it takes no reservations before it is mapped and active.
#[derive(Debug, Clone)]
pub struct CreateResource {
    /// Its id, as chosen by the admin.
    pub id: ResourceId,
    /// Shown name.
    pub name: String,
    /// Category.
    pub category: String,
    /// What it tells those who come to it.
    pub guide: GuideChange,
    /// Zone of its opening hours.
    pub time_zone: ZoneName,
    /// The person it is, for a host.
    pub user_id: Option<UserId>,
    /// Where its calendar is.
    pub mapping: Option<MappingRequest>,
    /// Who asks, in which request.
    pub act: Act,
}

/// A change of a resource; absent values stay.
#[derive(Debug, Clone)]
pub struct UpdateResource {
    /// Which.
    pub id: ResourceId,
    /// Version the caller saw, from `If-Match`; absent is refused.
    pub version: Option<u64>,
    /// Shown name.
    pub name: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// What it tells those who come to it.
    pub guide: GuideChange,
    /// Whether it takes reservations.
    pub active: Option<bool>,
    /// Whether a second person must agree to every policy; whoever calls has made sure that an
    /// admin asks.
    pub policy_needs_second: Option<bool>,
    /// Whether two managers must approve a person on it; here too an admin asks.
    pub four_eyes: Option<bool>,
    /// Where its calendar is.
    pub mapping: Option<MappingRequest>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Makes a resource (S0-036). Errors: `StateConflict` if the id is taken, `Invalid`,
/// `MappingRefused`.
pub async fn create_resource(
    app: &App,
    request: &CreateResource,
) -> Result<Stored<Resource>, AppError> {
    texts((Some(&request.name), Some(&request.category)), &request.guide)?;
    let mapped = mapped(app, request.mapping.as_ref()).await?;
    let now = app.now();
    let resource = Resource {
        id: request.id.clone(),
        name: request.name.trim().to_owned(),
        category: request.category.trim().to_owned(),
        guide: request.guide.over(Guide::default()),
        active: mapped.is_some(),
        user_id: request.user_id.clone(),
        cal_account: mapped.as_ref().map(|mapped| mapped.account.clone()),
        closed: None,
        event_types: mapped.as_ref().map(|mapped| mapped.event_types.clone()).unwrap_or_default(),
        policy: Policy {
            version: PolicyVersion(1),
            time_zone: request.time_zone.clone(),
            requirements: Vec::new(),
            rules: Rules::default(),
            overlays: Vec::new(),
        },
        shelf: PolicyShelf { last: 1, ..PolicyShelf::default() },
        four_eyes: false,
        outages: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    let transaction =
        Transaction::new().create(&resource)?.create(&first_save(&resource, &request.act))?;
    let transaction = claimed(transaction, mapped.as_ref())?;
    let transaction = audited(transaction, &resource, "resource.create", &request.act)?;
    let taken = AppError::StateConflict { detail: "the id is taken".to_owned() };
    commit(app, &transaction, &resource, taken).await?;
    Ok(Stored { value: resource, version: 1 })
}

/// The policy a resource is made with, as its first save.
fn first_save(resource: &Resource, act: &Act) -> PolicySave {
    PolicySave {
        resource_id: resource.id.clone(),
        policy: resource.policy.clone(),
        reason: "made with the resource".to_owned(),
        author: act.actor.clone(),
        saved_at: resource.created_at,
        effective_from: resource.created_at,
        state: SaveState::Accepted,
        restores: None,
        decided: None,
    }
}

/// Changes a resource. Errors: `PreconditionRequired`, `PreconditionFailed`, `NotFound`,
/// `Invalid`, `MappingRefused`, `StateConflict` for another calendar while reservations are open.
pub async fn update_resource(
    app: &App,
    snapshot: Snapshot,
    request: &UpdateResource,
) -> Result<Stored<Resource>, AppError> {
    texts((request.name.as_ref(), request.category.as_ref()), &request.guide)?;
    let expected = request.version.ok_or(AppError::PreconditionRequired)?;
    let found = super::read_resource(app, snapshot, &request.id).await?;
    if found.version != expected {
        return Err(AppError::PreconditionFailed);
    }
    let mapped = mapped(app, request.mapping.as_ref()).await?;
    let mut resource = changed(&found.value, mapped.as_ref(), request)?;
    let found_category = found.value.category.clone();
    let category_changed = resource.category != found_category;
    let concerns_holders = category_changed || resource.active != found.value.active;
    // Last of all that may refuse: from here on it is closed for leaving its calendar.
    let version = if leaves(&found.value, mapped.as_ref()) {
        cleared(app, found, &request.act).await?.version
    } else {
        found.version
    };
    resource.updated_at = app.now();
    let transaction = Transaction::new().replace(&resource, version)?;
    let transaction = claimed(transaction, mapped.as_ref())?;
    let transaction = audited(transaction, &resource, "resource.update", &request.act)?;
    let transaction = if concerns_holders {
        judged_again(transaction, &resource, category_changed)?
    } else {
        transaction
    };
    let left = category_changed.then_some(found_category);
    let transaction = taken_along(transaction, &resource, left)?;
    commit(app, &transaction, &resource, AppError::PreconditionFailed).await?;
    Ok(Stored { value: resource, version: version.saturating_add(1) })
}

/// The resource as wished. Errors: `StateConflict` while a policy waits for the second person,
/// `Invalid` for taking reservations without a calendar.
fn changed(
    before: &Resource,
    mapped: Option<&Mapped>,
    request: &UpdateResource,
) -> Result<Resource, AppError> {
    let mut resource = before.clone();
    if let Some(mapped) = mapped {
        resource.closed = None;
        resource.cal_account = Some(mapped.account.clone());
        resource.event_types.clone_from(&mapped.event_types);
    }
    resource.name = request.name.clone().unwrap_or(resource.name);
    resource.category = request.category.clone().unwrap_or(resource.category);
    resource.guide = request.guide.over(resource.guide);
    resource.active = request.active.unwrap_or(resource.active);
    second_person(&mut resource.shelf, request.policy_needs_second)?;
    resource.four_eyes = request.four_eyes.unwrap_or(resource.four_eyes);
    if resource.active && resource.cal_account.is_none() {
        return Err(AppError::invalid("/active", "not_mapped", "map it to a calendar first"));
    }
    Ok(resource)
}

fn leaves(resource: &Resource, mapped: Option<&Mapped>) -> bool {
    let own = resource.cal_account.as_ref();
    own.zip(mapped).is_some_and(|(own, mapped)| own.id != mapped.account.id)
}

/// What waits for a second person when none is asked for any more must be decided on first.
fn second_person(shelf: &mut PolicyShelf, wished: Option<bool>) -> Result<(), AppError> {
    let Some(wished) = wished.filter(|wished| *wished != shelf.needs_second) else {
        return Ok(());
    };
    if shelf.proposal.is_some() {
        let detail = "a proposed policy waits; confirm or withdraw it first".to_owned();
        return Err(AppError::StateConflict { detail });
    }
    shelf.needs_second = wished;
    shelf.tag = shelf.tag.saturating_add(1);
    Ok(())
}

fn texts(
    (name, category): (Option<&String>, Option<&String>),
    guide: &GuideChange,
) -> Result<(), AppError> {
    let limits = [("/name", name, 200), ("/category", category, Resource::LONGEST_CATEGORY)];
    let faults: Vec<InputFault> = limits
        .into_iter()
        .filter_map(|(pointer, text, most)| {
            let length = text?.trim().chars().count();
            let detail = format!("between 1 and {most} characters");
            (length == 0 || length > most).then(|| InputFault::at(pointer, "length", detail))
        })
        .chain(guide.faults())
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

async fn mapped(app: &App, mapping: Option<&MappingRequest>) -> Result<Option<Mapped>, AppError> {
    match mapping {
        Some(mapping) => check(app, mapping).await.map(Some),
        None => Ok(None),
    }
}

fn claimed(transaction: Transaction, mapped: Option<&Mapped>) -> Result<Transaction, AppError> {
    match mapped {
        Some(mapped) => mapped.claim(transaction),
        None => Ok(transaction),
    }
}

/// Commits; `lost` is the answer if the resource itself was changed first, and a lost race for
/// anything else may simply be run again.
async fn commit(
    app: &App,
    transaction: &Transaction,
    resource: &Resource,
    lost: AppError,
) -> Result<(), AppError> {
    match app.store.commit(transaction).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(keys)) if keys.contains(&resource.key()) => Err(lost),
        Err(error) => Err(error.into()),
    }
}

/// Closed, it may no longer be what its reservations were made on; of another category, it may ask
/// people for more, as other rules would.
fn judged_again(
    transaction: Transaction,
    resource: &Resource,
    asks_anew: bool,
) -> Result<Transaction, AppError> {
    let resource_id = resource.id.clone();
    let subject =
        if asks_anew { Subject::Resource { resource_id } } else { Subject::Use { resource_id } };
    Ok(Cascade::of(subject, resource.updated_at).write(transaction, resource.updated_at)?)
}

/// What waits for a checkout under the name of the category it left is looked after.
fn taken_along(
    transaction: Transaction,
    resource: &Resource,
    left: Option<String>,
) -> Result<Transaction, AppError> {
    let Some(category) = left else { return Ok(transaction) };
    let subject = Subject::Left { resource_id: resource.id.clone(), category };
    Ok(Cascade::of(subject, resource.updated_at).write(transaction, resource.updated_at)?)
}

fn audited(
    transaction: Transaction,
    resource: &Resource,
    action: &str,
    act: &Act,
) -> Result<Transaction, AppError> {
    let detail = serde_json::json!({
        "active": resource.active,
        "category": resource.category,
        "fourEyes": resource.four_eyes,
        "guide": resource.guide,
        "eventTypes": resource.event_types,
        "policyNeedsSecond": resource.shelf.needs_second,
    });
    let audit = act.audit(resource.updated_at, action, &resource.id, detail);
    Ok(transaction.put(&audit)?)
}
