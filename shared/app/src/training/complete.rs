//! Completing a module: the server decides by what it counted (S0-060).

use interlock_policy::{ModuleId, UserId};
use interlock_watch::{Completion, Ground, Rules, completion, progress};

use super::{active, engine_module};
use crate::checkout::open_wishes;
use crate::eligibility::Member;
use crate::model::{AuditEntry, Training, WatchState};
use crate::ports::store::{CommitError, Transaction};
use crate::reserve::MOST_RACES;
use crate::{Act, App, AppError, Gap, Snapshot};

/// Enters a completed module into the person's standing; entering it again changes nothing. Where
/// it was the last proof but the checkout, that is asked for in the same transaction.
///
/// Errors: `TrainingIncomplete` with what is missing, `NotFound`.
pub async fn complete_training(
    app: &App,
    user_id: &UserId,
    module_id: &ModuleId,
    act: &Act,
) -> Result<Training, AppError> {
    for _ in 0..MOST_RACES {
        if let Some(training) = try_complete(app, user_id, module_id, act).await? {
            return Ok(training);
        }
    }
    Err(AppError::contended())
}

async fn try_complete(
    app: &App,
    user_id: &UserId,
    module_id: &ModuleId,
    act: &Act,
) -> Result<Option<Training>, AppError> {
    let mut keys = super::progress::keys(user_id, module_id).to_vec();
    keys.extend(Member::keys(user_id));
    let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
    let module = active(&snapshot, module_id)?;
    let member = Member::from(&snapshot, user_id)?;
    let mut standing = member.standing.value.clone();
    let known = standing
        .trainings
        .iter()
        .find(|held| held.module_id == *module_id && held.module_version == module.version);
    if let Some(known) = known {
        return Ok(Some(known.clone()));
    }
    let percent = watched_enough(app, &snapshot, user_id, &module)?;
    let now = app.now();
    let training = Training {
        module_id: module_id.clone(),
        module_version: module.version,
        completed_at: now,
        percent,
    };
    standing.trainings.retain(|held| held.module_id != *module_id);
    standing.trainings.push(training.clone());
    let audit = AuditEntry {
        request_id: act.request_id.clone(),
        at: now,
        actor: act.actor.clone(),
        action: "training.complete".to_owned(),
        object: module_id.to_string(),
        detail: serde_json::json!({ "moduleVersion": module.version, "percent": percent }),
    };
    let transaction = Transaction::new().put(&audit)?;
    let transaction = open_wishes(app, transaction, (&member, &mut standing), act).await?;
    let transaction = transaction.save(&standing, member.standing_version)?;
    match app.store.commit(&transaction).await {
        Ok(()) => Ok(Some(training)),
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

fn watched_enough(
    app: &App,
    snapshot: &Snapshot,
    user_id: &UserId,
    module: &crate::model::Module,
) -> Result<u8, AppError> {
    let engine = engine_module(module)?;
    let rules = Rules::default();
    let ground = Ground { module: &engine, rules: &rules, now: app.now() };
    let state = snapshot.get::<WatchState>(&WatchState::key_of(user_id, &module.id))?;
    let Some(state) = state else {
        let whole = Gap { from: 0, to: u64::from(module.duration_seconds) * 1000 };
        return Err(AppError::TrainingIncomplete { gaps: vec![whole] });
    };
    let watch = &state.value.watch;
    let seen = progress(watch, &engine, &rules);
    match completion(watch, ground) {
        Completion::Complete { .. } => Ok(super::status::whole_percent(&seen)),
        Completion::Incomplete { .. } => {
            let gap = |gap: &interlock_watch::Interval| Gap {
                from: gap.from().get(),
                to: gap.to().get(),
            };
            Err(AppError::TrainingIncomplete { gaps: seen.gaps.iter().map(gap).collect() })
        }
    }
}
