//! A member asks to be checked out (S0-100).

use interlock_policy::{
    CheckoutScope, Purpose, ReasonCode, Request, ResourceId, Severity, UserId, Verdict,
};
use jiff::{SignedDuration, Timestamp};

use super::write::Change;
use super::{level_wanted, leveled, scope_of, short, wanted};
use crate::eligibility::Member;
use crate::model::{Checkout, CheckoutStep, CheckoutWish, Resource, Standing, WishOrigin};
use crate::ports::store::{Key, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, InputFault, Snapshot};

/// How long before it lapses an approval may be asked for again.
const RENEWAL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A wish to be made.
#[derive(Debug, Clone)]
pub struct AskCheckout {
    /// On what.
    pub resource_id: ResourceId,
    /// By whom.
    pub user_id: UserId,
    /// To which level; absent means what is held or what opens the machine, whichever is higher.
    pub level: Option<u8>,
    /// What the person writes.
    pub note: Option<String>,
    /// Who asks, in which request.
    pub act: Act,
}

/// What came of asking.
#[derive(Debug, Clone)]
pub enum Asked {
    /// It waits from now on.
    New(CheckoutWish),
    /// It has waited before and is as it was.
    Same(CheckoutWish),
}

/// Asks for an approval; one wish per person and scope, asking again answers the same one.
///
/// Errors: `NotFound`, `Invalid`, `NotEligible` with all reasons for an account that may not act,
/// `NotNeeded` with all reasons where there is nothing to ask for.
pub async fn ask_checkout(app: &App, request: &AskCheckout) -> Result<Asked, AppError> {
    leveled("/level", request.level)?;
    short("/note", request.note.as_ref())?;
    for _ in 0..MOST_RACES {
        if let Some(asked) = try_ask(app, request).await? {
            return Ok(asked);
        }
    }
    Err(AppError::contended())
}

async fn try_ask(app: &App, request: &AskCheckout) -> Result<Option<Asked>, AppError> {
    let mut keys: Vec<Key> = Member::keys(&request.user_id).to_vec();
    keys.push(Resource::key_of(&request.resource_id));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(&request.resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?;
    let mut member = Member::from(&snapshot, &request.user_id)?;
    let now = app.now();
    let wish = wish_for(app, &resource.value, &member.standing.value, request)?;
    if let Some(open) = member.standing.value.wish(&wish.scope) {
        return Ok(Some(Asked::Same(open.clone())));
    }
    allowed(&resource.value, &member, now)?;
    needed(&resource.value, &member.standing.value, (&wish, now))?;
    let standing = &mut member.standing.value;
    standing.wishes.push(wish.clone());
    let read = member.standing_version;
    let change = Change { standing, read, act: &request.act, now };
    let transaction = open(&change, Transaction::new(), &wish)?;
    let transaction = unchanged(change.save(transaction)?, &resource);
    Ok(app.commits(&transaction).await?.then_some(Asked::New(wish)))
}

/// The parts of a transaction that make a wish known to managers.
pub(super) fn open(
    change: &Change<'_>,
    transaction: Transaction,
    wish: &CheckoutWish,
) -> Result<Transaction, AppError> {
    let step = (wish, CheckoutStep::Requested);
    let transaction = change.wished(transaction, step, wish.note.clone())?;
    let detail = serde_json::json!({
        "userId": change.standing.user_id,
        "scope": wish.scope,
        "origin": wish.origin,
    });
    Ok(change.audited(transaction, ("checkout.request", wish.id.as_str()), detail)?)
}

fn unchanged(transaction: Transaction, resource: &Stored<Resource>) -> Transaction {
    transaction.unchanged(Resource::key_of(&resource.value.id), Some(resource.version))
}

fn wish_for(
    app: &App,
    resource: &Resource,
    standing: &Standing,
    request: &AskCheckout,
) -> Result<CheckoutWish, AppError> {
    let scope = scope_of(resource, app.now());
    let held = standing.checkout(&scope).map_or(0, |held| held.level);
    let usual = held.max(level_wanted(resource, app.now()));
    Ok(CheckoutWish {
        id: app.id()?,
        category: resource.category.clone(),
        since: app.now(),
        level: request.level.unwrap_or(usual),
        origin: WishOrigin::Member,
        note: request.note.clone(),
        first_yes: None,
        scope,
    })
}

/// An account that may not act asks for nothing; missing training does not keep anybody from it.
fn allowed(resource: &Resource, member: &Member, now: Timestamp) -> Result<(), AppError> {
    let asked = Request { interval: None, event_type_id: None };
    let verdict = member.judge(resource, &asked, &Purpose::View, now);
    if barred(&verdict) { Err(AppError::NotEligible(Box::new(verdict))) } else { Ok(()) }
}

fn barred(verdict: &Verdict) -> bool {
    let account = [ReasonCode::AccountBanned, ReasonCode::AccountSuspended];
    verdict
        .reasons
        .iter()
        .any(|reason| reason.severity == Severity::Block && account.contains(&reason.code))
}

/// Everything that makes a wish pointless, at once.
fn needed(
    resource: &Resource,
    standing: &Standing,
    (wish, now): (&CheckoutWish, Timestamp),
) -> Result<(), AppError> {
    let mut faults = Vec::new();
    if wanted(resource, now).next().is_none() {
        faults.push(InputFault::at("", "not_asked_for", "the machine asks for no checkout"));
    }
    let soon = now.saturating_add(RENEWAL).unwrap_or(Timestamp::MAX);
    let machine = CheckoutScope::Machine(resource.id.clone());
    let counts = |held: &&Checkout| held.scope == wish.scope || held.scope == machine;
    let serves = |held: &&Checkout| !held.lapsed(soon) && held.level >= wish.level;
    if let Some(held) = standing.checkouts.iter().filter(counts).find(serves) {
        let detail = match held.expires_at {
            Some(at) => format!("a checkout of level {} is held until {at}", held.level),
            None => format!("a checkout of level {} is held", held.level),
        };
        faults.push(InputFault::at("/level", "held", detail));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::NotNeeded(faults)) }
}

/// The person's wish that waits on a machine, from what was read of both; costs no request.
pub fn own_wish(
    snapshot: &Snapshot,
    user_id: &UserId,
    (resource_id, now): (&ResourceId, Timestamp),
) -> Result<Option<CheckoutWish>, AppError> {
    let standing = snapshot.get::<Standing>(&Standing::key_of(user_id))?;
    let resource = snapshot.get::<Resource>(&Resource::key_of(resource_id))?;
    let Some((standing, resource)) = standing.zip(resource) else { return Ok(None) };
    Ok(standing.value.wish(&scope_of(&resource.value, now)).cloned())
}
