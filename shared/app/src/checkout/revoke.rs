//! Taking an approval back, or setting it to a lower level.

use std::collections::BTreeSet;

use interlock_policy::{CheckoutScope, ResourceId, UserId};

use super::bench::Bench;
use super::write::Change;
use super::{leveled, reasoned};
use crate::model::{Checkout, CheckoutRecord, CheckoutStep, Ended, Standing};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// An approval to be taken back.
#[derive(Debug, Clone)]
pub struct RevokeCheckout {
    /// On what.
    pub resource_id: ResourceId,
    /// Whose.
    pub user_id: UserId,
    /// By whom.
    pub by: UserId,
    /// Why.
    pub reason: String,
    /// To set it to this level instead.
    pub to_level: Option<u8>,
    /// Who asks, in which request.
    pub act: Act,
}

/// Takes back or lowers whatever counts on the machine, and has what the person holds ahead judged
/// again; both commit together (promise R3). Answers what was changed, as it is now: one, or two
/// where the person holds one for the machine and one for its category.
///
/// Errors: `NotFound` for the machine or where nothing is held, `RoleRequired` beyond the
/// manager's scope, `Invalid` without a reason or for a level that is not lower.
pub async fn revoke_checkout(
    app: &App,
    request: &RevokeCheckout,
) -> Result<Vec<CheckoutRecord>, AppError> {
    reasoned("/reason", &request.reason)?;
    leveled("/toLevel", request.to_level)?;
    for _ in 0..MOST_RACES {
        if let Some(records) = try_revoke(app, request).await? {
            return Ok(records);
        }
    }
    Err(AppError::contended())
}

async fn try_revoke(
    app: &App,
    request: &RevokeCheckout,
) -> Result<Option<Vec<CheckoutRecord>>, AppError> {
    let mut keys = Bench::keys(&request.resource_id, &request.by).to_vec();
    keys.push(Standing::key_of(&request.user_id));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let at = (&request.resource_id, &request.by);
    let bench = Bench::set_up(app, &snapshot, at).await?;
    let stored = snapshot.get::<Standing>(&Standing::key_of(&request.user_id))?;
    let Stored { value: mut standing, version } =
        stored.ok_or(AppError::NotFound { what: "checkout" })?;
    let records = taken_back(app, &bench, &mut standing, request)?;
    let (act, now) = (&request.act, app.now());
    let change = Change { standing: &standing, read: Some(version), act, now };
    let mut transaction = change.cascade(change.save(bench.transaction())?)?;
    for record in &records {
        transaction = written(&change, transaction, record, request)?;
    }
    Ok(app.commits(&transaction).await?.then_some(records))
}

fn written(
    change: &Change<'_>,
    transaction: Transaction,
    record: &CheckoutRecord,
    request: &RevokeCheckout,
) -> Result<Transaction, AppError> {
    let (step, action) = match &record.ended {
        Some(_) => (CheckoutStep::Revoked, "checkout.revoke"),
        None => (CheckoutStep::Demoted, "checkout.demote"),
    };
    let reason = Some(request.reason.trim().to_owned());
    let transaction = change.recorded(transaction, (record, step), reason)?;
    let detail = serde_json::json!({
        "userId": record.user_id,
        "scope": record.checkout.scope,
        "level": record.checkout.level,
    });
    Ok(change.audited(transaction, (action, record.checkout.id.as_str()), detail)?)
}

/// Changes the standing; what became of each approval that counts here.
fn taken_back(
    app: &App,
    bench: &Bench,
    standing: &mut Standing,
    request: &RevokeCheckout,
) -> Result<Vec<CheckoutRecord>, AppError> {
    let counting = counting(bench);
    let mut records = Vec::new();
    let mut kept = Vec::new();
    for held in std::mem::take(&mut standing.checkouts) {
        if !counting.contains(&held.scope) {
            kept.push(held);
            continue;
        }
        match request.to_level {
            None => records.push(record(bench, held, request, Some(ended(app, request)))),
            Some(level) if level < held.level => {
                let lowered = Checkout { level, ..held };
                kept.push(lowered.clone());
                records.push(record(bench, lowered, request, None));
            }
            Some(_) => kept.push(held),
        }
    }
    let held_here = kept.iter().any(|held| counting.contains(&held.scope));
    standing.checkouts = kept;
    match (records.is_empty(), held_here) {
        (false, _) => Ok(records),
        (true, true) => Err(AppError::invalid("/toLevel", "not_lower", "a lower level is wanted")),
        (true, false) => Err(AppError::NotFound { what: "checkout" }),
    }
}

/// One for the machine itself always counts there; one for its category where the policy asks.
fn counting(bench: &Bench) -> BTreeSet<CheckoutScope> {
    let machine = CheckoutScope::Machine(bench.resource.value.id.clone());
    [machine, bench.scope.clone()].into()
}

fn record(
    bench: &Bench,
    checkout: Checkout,
    request: &RevokeCheckout,
    ended: Option<Ended>,
) -> CheckoutRecord {
    CheckoutRecord {
        user_id: request.user_id.clone(),
        category: bench.resource.value.category.clone(),
        checkout,
        ended,
    }
}

fn ended(app: &App, request: &RevokeCheckout) -> Ended {
    Ended { by: request.by.clone(), at: app.now(), reason: request.reason.trim().to_owned() }
}
