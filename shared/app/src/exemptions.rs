//! Exemptions: granted by name, for a time and with a reason; never from what nobody may override
//! (FEATURES 5.3 rule 7).
//!
//! Which reasons may be overridden, and by whom, is the gate's word alone.

use std::collections::BTreeSet;

use interlock_policy::{
    ExemptionId, Interval, Purpose, ReasonCode, Request, ResourceId, Role, UserId, Verdict,
};
use jiff::{SignedDuration, Timestamp};

use crate::eligibility::Member;
use crate::model::{
    Account, Cascade, Exemption, ExemptionGrant, ExemptionUse, Resource, Revoked, Standing, Subject,
};
use crate::policies::reasoned;
use crate::ports::store::{Key, Position, Query, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// Furthest end of an exemption: 366 days ahead.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Most exemptions of one person that are not over.
const MOST: usize = 50;
/// Most reasons one exemption names.
const MOST_CODES: usize = 64;
/// Most uses that are counted; beyond them there are "at least so many".
const MOST_COUNTED: u32 = 1000;

/// An exemption to be granted.
#[derive(Debug, Clone)]
pub struct GrantExemption {
    /// On what.
    pub resource_id: ResourceId,
    /// To whom.
    pub user_id: UserId,
    /// From which reasons.
    pub codes: Vec<ReasonCode>,
    /// First instant it is for; absent means now.
    pub starts_at: Option<Timestamp>,
    /// First instant it is no longer for.
    pub ends_at: Timestamp,
    /// Why, in words for the person.
    pub reason: String,
    /// Who grants it.
    pub granter: UserId,
    /// What the granter may do.
    pub roles: Vec<Role>,
    /// In which request.
    pub act: Act,
}

/// A grant with how often it was used.
#[derive(Debug, Clone)]
pub struct CountedGrant {
    /// The grant.
    pub grant: ExemptionGrant,
    /// Reservations it let through; at most 1000 are counted.
    pub used: u32,
}

/// Grants an exemption; answers it with the person's verdict after it.
///
/// Errors: `SelfApproval`, `NotFound` for person or resource, `RoleRequired` where the codes want a
/// higher role, `Invalid`, `StateConflict` for more than a person can bear.
pub async fn grant_exemption(
    app: &App,
    request: &GrantExemption,
) -> Result<(ExemptionGrant, Verdict), AppError> {
    if request.user_id == request.granter {
        return Err(AppError::SelfApproval);
    }
    reasoned(&request.reason)?;
    overridable(&request.codes, &request.roles)?;
    for _ in 0..MOST_RACES {
        if let Some(granted) = try_grant(app, request).await? {
            return Ok(granted);
        }
    }
    Err(AppError::contended())
}

/// Each once, each one that the gate lets the granter override.
fn overridable(codes: &[ReasonCode], roles: &[Role]) -> Result<(), AppError> {
    if codes.is_empty() {
        return Err(AppError::invalid("/codes", "empty", "at least one reason"));
    }
    if codes.len() > MOST_CODES {
        return Err(AppError::invalid("/codes", "too_many", "64 reasons at most"));
    }
    let rank = roles.iter().map(|role| role.rank()).max().unwrap_or(0);
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    let mut too_low = false;
    for (place, code) in codes.iter().enumerate() {
        let at = format!("/codes/{place}");
        let least = code.overridable_by().iter().map(|role| role.rank()).min();
        match least {
            None => faults.push(InputFault::at(at, "not_overridable", "nobody may override it")),
            Some(_) if !seen.insert(*code) => {
                faults.push(InputFault::at(at, "repeated", "it is in the list already"));
            }
            Some(least) => too_low |= rank < least,
        }
    }
    match (faults.is_empty(), too_low) {
        (false, _) => Err(AppError::Invalid(faults)),
        (true, true) => Err(AppError::RoleRequired),
        (true, false) => Ok(()),
    }
}

async fn try_grant(
    app: &App,
    request: &GrantExemption,
) -> Result<Option<(ExemptionGrant, Verdict)>, AppError> {
    let now = app.now();
    let mut keys = Member::keys(&request.user_id).to_vec();
    keys.push(Resource::key_of(&request.resource_id));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(&request.resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?
        .value;
    let mut member = Member::from(&snapshot, &request.user_id)?;
    let grant = ExemptionGrant {
        exemption: Exemption {
            id: app.id()?,
            resource_id: request.resource_id.clone(),
            codes: request.codes.clone(),
            valid: time(request, now)?,
        },
        user_id: request.user_id.clone(),
        reason: request.reason.trim().to_owned(),
        granted_by: request.act.actor.clone(),
        granted_at: now,
        revoked: None,
    };
    let exemptions = &mut member.standing.value.exemptions;
    exemptions.retain(|own| own.valid.end() > now);
    if exemptions.len() >= MOST {
        let detail = "the person has 50 exemptions; revoke one first".to_owned();
        return Err(AppError::StateConflict { detail });
    }
    exemptions.push(grant.exemption.clone());
    let transaction = Transaction::new()
        .save::<Standing>(&member.standing.value, member.standing_version)?
        .create(&grant)?
        .unchanged(Account::key_of(&request.user_id), Some(member.account.version));
    // What bears a mark for what is now exempted loses it.
    if !commit(app, transaction, &grant, ("exemption.grant", &request.act)).await? {
        return Ok(None);
    }
    let asked = Request { interval: None, event_type_id: None };
    let verdict = member.judge(&resource, &asked, &Purpose::View, now);
    Ok(Some((grant, verdict)))
}

/// Begins now or later and ends within a year.
fn time(request: &GrantExemption, now: Timestamp) -> Result<Interval, AppError> {
    let furthest = now.saturating_add(FURTHEST).unwrap_or(Timestamp::MAX);
    let starts_at = request.starts_at.unwrap_or(now);
    if starts_at < now {
        let detail = "not before now; leave it out for now";
        return Err(AppError::invalid("/startsAt", "out_of_range", detail));
    }
    match Interval::new(starts_at, request.ends_at) {
        Ok(valid) if valid.end() <= furthest => Ok(valid),
        Ok(_) | Err(_) => {
            let detail = "after `startsAt` and within 366 days";
            Err(AppError::invalid("/endsAt", "out_of_range", detail))
        }
    }
}

/// Takes an exemption back; what it let through is judged without it within a sweep (promise R3).
/// Errors: `NotFound`, `StateConflict` for one that was taken back.
pub async fn revoke_exemption(
    app: &App,
    (resource_id, id): (&ResourceId, &ExemptionId),
    act: &Act,
) -> Result<CountedGrant, AppError> {
    let key = ExemptionGrant::key_of(resource_id, id);
    for _ in 0..MOST_RACES {
        let Stored { value: mut grant, version } = app
            .find::<ExemptionGrant>(&key)
            .await?
            .ok_or(AppError::NotFound { what: "exemption" })?;
        if grant.revoked.is_some() {
            let detail = "the exemption was taken back".to_owned();
            return Err(AppError::StateConflict { detail });
        }
        grant.revoked = Some(Revoked { by: act.actor.clone(), at: app.now() });
        let key = Standing::key_of(&grant.user_id);
        let transaction = Transaction::new().replace(&grant, version)?;
        let transaction = match app.find::<Standing>(&key).await? {
            Some(Stored { value: mut standing, version }) => {
                standing.exemptions.retain(|own| own.id != *id);
                transaction.replace(&standing, version)?
            }
            None => transaction,
        };
        if commit(app, transaction, &grant, ("exemption.revoke", act)).await? {
            return counted(app, grant).await;
        }
    }
    Err(AppError::contended())
}

/// Commits with its audit entry and the work of judging what the person holds; `false` if another
/// write came first.
async fn commit(
    app: &App,
    transaction: Transaction,
    grant: &ExemptionGrant,
    (action, act): (&str, &Act),
) -> Result<bool, AppError> {
    let now = app.now();
    let detail = serde_json::json!({
        "userId": grant.user_id,
        "resourceId": grant.exemption.resource_id,
        "codes": grant.exemption.codes,
        "startsAt": grant.exemption.valid.start(),
        "endsAt": grant.exemption.valid.end(),
    });
    let audit = act.audit(now, action, &grant.exemption.id, detail);
    let subject = Subject::User { user_id: grant.user_id.clone() };
    let transaction = Cascade::of(subject, now).write(transaction.put(&audit)?, now)?;
    app.commits(&transaction).await
}

/// A page of the exemptions on a resource, each with how often it was used. Errors: `NotFound`.
pub async fn list_exemptions(
    app: &App,
    snapshot: Snapshot,
    id: &ResourceId,
    (limit, after): (u32, Option<Position>),
) -> Result<(Vec<CountedGrant>, Option<Position>), AppError> {
    crate::resources::read_resource(app, snapshot, id).await?;
    let query = Query {
        from: Some(ExemptionGrant::FIRST.to_owned()),
        until: Some(ExemptionGrant::END.to_owned()),
        descending: true,
        after,
        ..Query::partition(None, ExemptionGrant::partition_of(id), limit)
    };
    let page = app.store.query(&query).await?;
    let mut grants = Vec::with_capacity(page.records.len());
    for record in &page.records {
        grants.push(counted(app, record.decode::<ExemptionGrant>()?.value).await?);
    }
    Ok((grants, page.next))
}

/// A person's own exemptions that are not over, the one that ends first in front. What was read
/// with the request serves; whoever has none costs no further read.
pub async fn own_exemptions(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
) -> Result<Vec<ExemptionGrant>, AppError> {
    let (store, key) = (app.store.as_ref(), Standing::key_of(user_id));
    let snapshot = snapshot.with(store, std::slice::from_ref(&key)).await?;
    let standing = snapshot.get::<Standing>(&key)?;
    let own = standing.map(|standing| standing.value.exemptions).unwrap_or_default();
    let lasting = own.iter().filter(|own| own.valid.end() > app.now());
    let keys: Vec<Key> =
        lasting.map(|own| ExemptionGrant::key_of(&own.resource_id, &own.id)).collect();
    let read = app.store.read(&keys).await?;
    let mut grants = Vec::with_capacity(read.len());
    for record in read.values() {
        grants.push(record.decode::<ExemptionGrant>()?.value);
    }
    grants.sort_by_key(|grant| grant.exemption.valid.end());
    Ok(grants)
}

/// Counts what it let through, from the uses themselves, so that nothing is counted twice.
async fn counted(app: &App, grant: ExemptionGrant) -> Result<CountedGrant, AppError> {
    let partition = ExemptionUse::partition_of(&grant.exemption.id);
    let mut query = Query::partition(None, partition, 100);
    let mut used = 0_u32;
    loop {
        let page = app.store.query(&query).await?;
        used = used.saturating_add(u32::try_from(page.records.len()).unwrap_or(u32::MAX));
        match page.next {
            Some(next) if used < MOST_COUNTED => query.after = Some(next),
            Some(_) | None => return Ok(CountedGrant { grant, used }),
        }
    }
}
