//! What a manager's decision stands on: the machine, what an approval on it counts for, and
//! whether he may decide.

use interlock_policy::{CheckoutScope, ResourceId, ResourceKind, UserId};

use super::{level_wanted, scope_of};
use crate::model::{Account, Resource};
use crate::ports::store::{Key, Stored, Transaction};
use crate::resources::resources_of;
use crate::{App, AppError, Snapshot};

/// The bench somebody is checked out at.
pub(super) struct Bench {
    pub(super) resource: Stored<Resource>,
    pub(super) scope: CheckoutScope,
    pub(super) decider: Stored<Account>,
    pub(super) four_eyes: bool,
    /// What opens the machine.
    pub(super) level: u8,
}

impl Bench {
    /// Keys of what [`Bench::set_up`] looks at.
    pub(super) fn keys(resource_id: &ResourceId, decider: &UserId) -> [Key; 2] {
        [Resource::key_of(resource_id), Account::key_of(decider)]
    }

    /// From what was read. Errors: `NotFound` for the machine, `RoleRequired` for somebody who is
    /// no active manager or beyond his scope.
    pub(super) async fn set_up(
        app: &App,
        snapshot: &Snapshot,
        (resource_id, decider): (&ResourceId, &UserId),
    ) -> Result<Self, AppError> {
        let resource = snapshot
            .get::<Resource>(&Resource::key_of(resource_id))?
            .ok_or(AppError::NotFound { what: "resource" })?;
        let scope = scope_of(&resource.value, app.now());
        let decider = snapshot
            .get::<Account>(&Account::key_of(decider))?
            .filter(|account| account.value.decides_on(&scope, &resource.value.category, app.now()))
            .ok_or(AppError::RoleRequired)?;
        let four_eyes = four_eyes(app, &resource.value, &scope).await?;
        let level = level_wanted(&resource.value, app.now());
        Ok(Self { resource, scope, decider, four_eyes, level })
    }

    /// A transaction that holds only while machine and manager are as they were read, so that a
    /// flag set or a right lost meanwhile is not overlooked.
    pub(super) fn transaction(&self) -> Transaction {
        let Self { resource, decider, .. } = self;
        Transaction::new()
            .unchanged(Resource::key_of(&resource.value.id), Some(resource.version))
            .unchanged(Account::key_of(&decider.value.id), Some(decider.version))
    }
}

/// Whether two must say yes. An approval for a category opens every machine of it, so one
/// dangerous machine among them is enough; an index tells, which may lag a flag by seconds.
async fn four_eyes(
    app: &App,
    resource: &Resource,
    scope: &CheckoutScope,
) -> Result<bool, AppError> {
    let CheckoutScope::Category(category) = scope else { return Ok(resource.four_eyes) };
    if resource.four_eyes {
        return Ok(true);
    }
    let dangerous = |other: &Resource| other.four_eyes && other.category == *category;
    Ok(resources_of(app, ResourceKind::Machine).await?.iter().any(dangerous))
}
