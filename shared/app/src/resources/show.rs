//! A resource as one person meets it.

use interlock_policy::{Facts, ResourceId, ShownPolicy, UserId};

use crate::eligibility::Member;
use crate::model::Resource;
use crate::ports::store::Stored;
use crate::{App, AppError, Snapshot, eligibility_keys};

/// A resource with the rules in force as they concern a person, so that a member can read what
/// will be asked of him before he is refused.
///
/// Errors: `NotFound` for an unknown resource.
pub async fn show_resource(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    id: &ResourceId,
) -> Result<(Stored<Resource>, ShownPolicy), AppError> {
    let snapshot = snapshot.with(app.store.as_ref(), &eligibility_keys(user_id, id)).await?;
    let stored = snapshot
        .get::<Resource>(&Resource::key_of(id))?
        .ok_or(AppError::NotFound { what: "resource" })?;
    let (member, now) = (Member::from(&snapshot, user_id)?, app.now());
    let (member, resource) = (member.facts(&stored.value, now), stored.value.facts());
    let facts = Facts { now, member: &member, resource: &resource };
    let rules = ShownPolicy::of(&facts, stored.value.in_force(now));
    Ok((stored, rules))
}
