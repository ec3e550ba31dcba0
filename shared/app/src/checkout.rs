//! A manager's approval of a person on a machine or its category (S0-064, S0-110).

use interlock_policy::{
    CheckoutOf, CheckoutScope, Purpose, Request, Requirement, ResourceId, UserId, Verdict,
};
use jiff::{SignedDuration, Timestamp};

use crate::eligibility::Member;
use crate::model::{Account, AuditEntry, Cascade, Checkout, Resource, Standing, Subject};
use crate::ports::store::{CommitError, Key, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// Longest note kept, in characters.
const LONGEST_NOTE: usize = 2000;
/// Longest validity, in days.
const LONGEST_VALIDITY: u32 = 3660;

/// An approval to be given.
#[derive(Debug, Clone)]
pub struct CheckoutRequest {
    /// On what.
    pub resource_id: ResourceId,
    /// For whom.
    pub user_id: UserId,
    /// By whom.
    pub approver: UserId,
    /// What the manager wrote.
    pub notes: Option<String>,
    /// Days after which it lapses; absent means never.
    pub valid_for_days: Option<u32>,
    /// Who asks, in which request.
    pub act: Act,
}

/// An approval that was given, with what the person still lacks.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The approval.
    pub checkout: Checkout,
    /// The verdict after it.
    pub verdict: Verdict,
}

/// Approves a person. Missing training does not refuse it; the verdict still wants both.
///
/// Errors: `SelfApproval`, `NotFound` for person or machine, `Invalid` for the values.
pub async fn check_out(app: &App, request: &CheckoutRequest) -> Result<Approval, AppError> {
    if request.user_id == request.approver {
        return Err(AppError::SelfApproval);
    }
    validate(request)?;
    for _ in 0..MOST_RACES {
        if let Some(approval) = try_check_out(app, request).await? {
            return Ok(approval);
        }
    }
    Err(AppError::contended())
}

fn validate(request: &CheckoutRequest) -> Result<(), AppError> {
    if request.notes.as_ref().is_some_and(|notes| notes.chars().count() > LONGEST_NOTE) {
        return Err(AppError::invalid("/notes", "too_long", "at most 2000 characters"));
    }
    match request.valid_for_days {
        Some(days) if days == 0 || days > LONGEST_VALIDITY => {
            Err(AppError::invalid("/validForDays", "out_of_range", "between 1 and 3660 days"))
        }
        Some(_) | None => Ok(()),
    }
}

async fn try_check_out(app: &App, request: &CheckoutRequest) -> Result<Option<Approval>, AppError> {
    let mut keys: Vec<Key> = Member::keys(&request.user_id).to_vec();
    keys.push(Resource::key_of(&request.resource_id));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(&request.resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?
        .value;
    let mut member = Member::from(&snapshot, &request.user_id)?;
    let now = app.now();
    let checkout = granted(app, &resource, request, now)?;
    let standing = &mut member.standing.value;
    let shrinks = standing.checkouts.iter().any(|held| shorter(&checkout, held));
    standing.checkouts.retain(|held| held.scope != checkout.scope);
    standing.checkouts.push(checkout.clone());
    let audit = AuditEntry {
        request_id: request.act.request_id.clone(),
        at: now,
        actor: request.act.actor.clone(),
        action: "checkout.grant".to_owned(),
        object: checkout.id.to_string(),
        detail: serde_json::json!({
            "userId": request.user_id,
            "scope": checkout.scope,
            "expiresAt": checkout.expires_at,
        }),
    };
    let transaction = Transaction::new()
        .save::<Standing>(standing, member.standing_version)?
        .put(&audit)?
        .unchanged(Account::key_of(&request.user_id), Some(member.account.version));
    let transaction = if shrinks {
        let subject = Subject::User { user_id: request.user_id.clone() };
        Cascade::of(subject, now).write(transaction, now)?
    } else {
        transaction
    };
    match app.store.commit(&transaction).await {
        Ok(()) => {
            let asked = Request { interval: None, event_type_id: None };
            let verdict = member.judge(&resource, &asked, &Purpose::View, now);
            Ok(Some(Approval { checkout, verdict }))
        }
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Whether an approval lapses before the one it replaces, so that something is lost by it.
fn shorter(new: &Checkout, held: &Checkout) -> bool {
    let end = |checkout: &Checkout| checkout.expires_at.unwrap_or(Timestamp::MAX);
    new.scope == held.scope && end(new) < end(held)
}

fn granted(
    app: &App,
    resource: &Resource,
    request: &CheckoutRequest,
    now: Timestamp,
) -> Result<Checkout, AppError> {
    let expires_at = request
        .valid_for_days
        .map(|days| now.saturating_add(SignedDuration::from_hours(i64::from(days) * 24)))
        .transpose()
        .map_err(|_| AppError::invalid("/validForDays", "out_of_range", "too far ahead"))?;
    Ok(Checkout {
        id: app.id()?,
        scope: scope(resource, now),
        approved_by: request.approver.clone(),
        granted_at: now,
        expires_at,
        notes: request.notes.clone(),
    })
}

/// On a machine whose policy asks for its category, the approval counts for the category.
fn scope(resource: &Resource, now: Timestamp) -> CheckoutScope {
    let mut singles = resource.in_force(now).single_requirements();
    let by_category = singles.any(|requirement| match requirement {
        Requirement::Checkout(wanted) => wanted.scope == CheckoutOf::Category,
        Requirement::Training(_)
        | Requirement::Membership(_)
        | Requirement::Document(_)
        | Requirement::All(_)
        | Requirement::Any(_) => false,
    });
    if by_category {
        CheckoutScope::Category(resource.category.clone())
    } else {
        CheckoutScope::Machine(resource.id.clone())
    }
}
