//! A manager's no to a watch that waits for a look.

use interlock_policy::{ModuleId, UserId};
use interlock_watch::{Watch, carry_over};
use serde_json::json;

use super::active;
use crate::model::{DeclinedWatch, Module, WatchState};
use crate::ports::store::Transaction;
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Snapshot};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 2000;

/// Turns down what was watched of a module and waits for a look: nothing of it counts any more,
/// and the person reads why. Proofs of earlier versions stand.
///
/// Errors: `SelfApproval`, `Invalid` for the reason, `NotFound`, `StateConflict` where nothing
/// waits.
pub async fn decline_watch(
    app: &App,
    (user_id, module_id): (&UserId, &ModuleId),
    (by, reason): (&UserId, &str),
    act: &Act,
) -> Result<DeclinedWatch, AppError> {
    if by == user_id {
        return Err(AppError::SelfApproval);
    }
    let reason = reason.trim();
    let length = reason.chars().count();
    if length == 0 || length > LONGEST_REASON {
        let detail = "between 1 and 2000 characters";
        return Err(AppError::invalid("/decline/reason", "length", detail));
    }
    for _ in 0..MOST_RACES {
        if let Some(declined) = once(app, (user_id, module_id), reason, act).await? {
            return Ok(declined);
        }
    }
    Err(AppError::contended())
}

async fn once(
    app: &App,
    (user_id, module_id): (&UserId, &ModuleId),
    reason: &str,
    act: &Act,
) -> Result<Option<DeclinedWatch>, AppError> {
    let key = WatchState::key_of(user_id, module_id);
    let keys = [Module::key_of(module_id), key.clone()];
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let module = active(&snapshot, module_id)?;
    let engine = module.engine();
    let stored = snapshot.get::<WatchState>(&key)?.filter(|state| {
        // With a new version what waited is gone.
        let watch = carry_over(state.value.watch.clone(), &engine);
        state.value.awaiting_since.is_some() && watch.completed_at.is_some()
    });
    let Some(stored) = stored else {
        return Err(AppError::conflict("nothing watched waits for a confirmation"));
    };
    let now = app.now();
    let declined = DeclinedWatch { at: now, reason: reason.to_owned() };
    let after = WatchState {
        watch: Watch {
            earlier_proof: stored.value.watch.earlier_proof,
            ..Watch::new(module.version, now)
        },
        awaiting_since: None,
        declined: Some(declined.clone()),
        ..stored.value
    };
    // The reason is with the watch: free text may name a person, and an audit is never erased.
    let told = json!({ "userId": user_id, "moduleVersion": module.version });
    let audit = act.audit(now, "training.decline", module_id, told);
    let transaction = Transaction::new().replace(&after, stored.version)?.put(&audit)?;
    Ok(app.commits(&transaction).await?.then_some(declined))
}
