//! Keeping what is held of a person for legal reasons.

use interlock_policy::UserId;
use serde_json::json;

use super::edit::may;
use crate::model::{Account, Erasure, LegalHold};
use crate::ports::store::{Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// Whether a person's data must be kept from now on.
#[derive(Debug, Clone)]
pub struct SetLegalHold {
    /// Whose.
    pub user_id: UserId,
    /// Whether they must be kept.
    pub held: bool,
    /// Who asks, in which request.
    pub act: Act,
}

/// Places or lifts a hold (RELIABILITY D2); what is so already is not written. Why it was placed is
/// on paper and not here: the audit keeps no text about a person. Errors: `NotFound`,
/// `RoleRequired`, `StateConflict` once the person is being erased or was.
pub async fn set_legal_hold(
    app: &App,
    admin: &UserId,
    request: &SetLegalHold,
) -> Result<Account, AppError> {
    for _ in 0..MOST_RACES {
        if let Some(account) = once(app, admin, request).await? {
            return Ok(account);
        }
    }
    Err(AppError::contended())
}

async fn once(
    app: &App,
    admin: &UserId,
    request: &SetLegalHold,
) -> Result<Option<Account>, AppError> {
    let (own, other) = (Account::key_of(admin), Account::key_of(&request.user_id));
    let (key, mark) = (LegalHold::key_of(&request.user_id), Erasure::key_of(&request.user_id));
    let keys = [own.clone(), other.clone(), key.clone(), mark.clone()];
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let acting = snapshot
        .get::<Account>(&own)?
        .filter(|own| may(own, app.now()))
        .ok_or(AppError::RoleRequired)?;
    let found = snapshot.get::<Account>(&other)?.ok_or(AppError::NotFound { what: "person" })?;
    if snapshot.get::<Erasure>(&mark)?.is_some() {
        return Err(AppError::conflict("the person was erased, or is being erased"));
    }
    let hold = snapshot.get::<LegalHold>(&key)?;
    let transaction = match (hold, request.held) {
        (None, false) | (Some(_), true) => return Ok(Some(found.value)),
        (None, true) => Transaction::new().create(&LegalHold {
            user_id: request.user_id.clone(),
            placed_by: admin.clone(),
            placed_at: app.now(),
        })?,
        (Some(Stored { version, .. }), false) => Transaction::new().remove_at(key, version),
    };
    let word = if request.held { "user.hold" } else { "user.release" };
    let told = json!({ "before": !request.held, "after": request.held });
    let audit = request.act.audit(app.now(), word, &request.user_id, told);
    let transaction =
        transaction.put(&audit)?.unchanged(own, Some(acting.version)).unchanged(mark, None);
    Ok(app.commits(&transaction).await?.then_some(found.value))
}
