//! What was asked for in a category that a machine has left.
//!
//! A wish for the machine follows it; one for the category follows only if nothing else is in the
//! category any more, because then nobody could answer it there.

use interlock_policy::{CheckoutScope, ResourceId};

use super::write::Change;
use crate::model::{CheckoutState, CheckoutWish, PendingCheckout, Resource, Standing};
use crate::ports::store::{Index, Query, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::resources::all_resources;
use crate::{Act, App, AppError};

/// Wishes read at a time.
const PAGE: u32 = 100;

/// Moves what waits under the name of a category that the resource has left. May stop anywhere
/// and be run again; a wish that was answered meanwhile is left alone.
pub(crate) async fn refile_wishes(
    app: &App,
    (resource_id, left): (&ResourceId, &str),
    act: &Act,
) -> Result<(), AppError> {
    let key = Resource::key_of(resource_id);
    let Some(resource) = app.find::<Resource>(&key).await? else { return Ok(()) };
    let category = resource.value.category;
    let mut scopes = vec![CheckoutScope::Machine(resource_id.clone())];
    let elsewhere = all_resources(app).await?;
    if category != left && !elsewhere.iter().any(|other| other.category == left) {
        scopes.push(CheckoutScope::Category(left.to_owned()));
    }
    for scope in scopes {
        for pending in waiting(app, &scope).await? {
            refile(app, &pending, &category, act).await?;
        }
    }
    Ok(())
}

async fn waiting(app: &App, scope: &CheckoutScope) -> Result<Vec<PendingCheckout>, AppError> {
    let partition = CheckoutState::Pending.partition_of(scope);
    let mut query = Query::partition(Some(Index::Two), partition, PAGE);
    let mut found = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            found.push(record.decode::<PendingCheckout>()?.value);
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(found),
        }
    }
}

async fn refile(
    app: &App,
    pending: &PendingCheckout,
    category: &str,
    act: &Act,
) -> Result<(), AppError> {
    let key = Standing::key_of(&pending.user_id);
    for _ in 0..MOST_RACES {
        let Some(found) = app.find::<Standing>(&key).await? else { return Ok(()) };
        let Some(transaction) = moved(app, found, (&pending.wish, category), act)? else {
            return Ok(());
        };
        if app.commits(&transaction).await? {
            return Ok(());
        }
    }
    Err(AppError::contended())
}

/// The step that moves a wish, or nothing where it waits no more or lies right.
fn moved(
    app: &App,
    found: Stored<Standing>,
    (asked, category): (&CheckoutWish, &str),
    act: &Act,
) -> Result<Option<Transaction>, AppError> {
    let Stored { value: mut standing, version } = found;
    let same = |wish: &CheckoutWish| wish.id == asked.id && wish.scope == asked.scope;
    let Some(place) = standing.wishes.iter().position(same) else { return Ok(None) };
    let old = standing.wishes.remove(place);
    let scope = match &old.scope {
        CheckoutScope::Machine(_) => old.scope.clone(),
        CheckoutScope::Category(_) => CheckoutScope::Category(category.to_owned()),
    };
    if old.category == category && old.scope == scope {
        return Ok(None);
    }
    let wish = settled(&mut standing, &old, scope, category);
    let detail = serde_json::json!({
        "userId": standing.user_id,
        "scope": wish.scope,
        "from": old.scope,
    });
    let change = Change { standing: &standing, read: Some(version), act, now: app.now() };
    let transaction = change.save(Transaction::new())?;
    let transaction = change.refiled(transaction, (&old, &wish))?;
    let object = wish.id.as_str();
    Ok(Some(change.audited(transaction, ("checkout.refile", object), detail)?))
}

/// There is one wish per person and scope: where one waits there already, it has waited as long
/// as the older of both.
fn settled(
    standing: &mut Standing,
    old: &CheckoutWish,
    scope: CheckoutScope,
    category: &str,
) -> CheckoutWish {
    if let Some(there) = standing.wishes.iter_mut().find(|wish| wish.scope == scope) {
        there.since = there.since.min(old.since);
        return there.clone();
    }
    let wish = CheckoutWish { scope, category: category.to_owned(), ..old.clone() };
    standing.wishes.push(wish.clone());
    wish
}
