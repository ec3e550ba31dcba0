//! Where things are kept of a person, apart from reservations; one list for giving out and erasing.

use std::collections::BTreeSet;

use interlock_policy::{CheckoutScope, UserId};

use crate::model::{Account, CheckoutEvent, Device, ExemptionGrant, ResetGrant, SessionUse};
use crate::ports::store::{Index, Query, Record};
use crate::resources::all_resources;
use crate::{App, AppError};

/// Records asked for at once.
const PAGE: u32 = 200;

/// Every record that is kept by person, but for reservations and what was watched.
pub(super) async fn kept(app: &App, id: &UserId) -> Result<Vec<Record>, AppError> {
    let mut records = steps(app, id).await?;
    for partition in [SessionUse::partition_of(id), Device::partition_of(id)] {
        records.extend(every(app, None, &partition).await?);
    }
    for partition in [ResetGrant::partition_of(id), ExemptionGrant::partition_of_user(id)] {
        records.extend(every(app, Some(Index::One), &partition).await?);
    }
    records.extend(every(app, None, &Account::key_of(id).partition).await?);
    Ok(records)
}

/// Every step of the person's approvals; each scope has a partition of its own, so every machine
/// and category is asked for.
async fn steps(app: &App, id: &UserId) -> Result<Vec<Record>, AppError> {
    let mut scopes = BTreeSet::new();
    for resource in all_resources(app).await? {
        scopes.insert(CheckoutScope::Category(resource.category));
        scopes.insert(CheckoutScope::Machine(resource.id));
    }
    let mut steps = Vec::new();
    for scope in scopes {
        steps.extend(every(app, None, &CheckoutEvent::partition_of(id, &scope)).await?);
    }
    Ok(steps)
}

/// Every record of a partition.
pub(super) async fn every(
    app: &App,
    index: Option<Index>,
    partition: &str,
) -> Result<Vec<Record>, AppError> {
    let mut query = Query::partition(index, partition, PAGE);
    let mut all = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        all.extend(page.records);
        if page.next.is_none() {
            return Ok(all);
        }
        query.after = page.next;
    }
}
