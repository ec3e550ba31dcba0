//! The modules there are and how far a person has come with them.

use interlock_policy::{ModuleId, UserId};
use interlock_watch::wire::{Percent, Seconds};
use interlock_watch::{BasisPoints, Millis, Progress, Rules, progress};
use jiff::Timestamp;
use serde::Serialize;

use super::engine_module;
use crate::model::{Module, Standing, WatchState};
use crate::ports::store::{Index, Query};
use crate::{App, AppError, Snapshot};

/// How far a person has come with a module (S0-061).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModuleStatus {
    /// Which.
    pub module_id: ModuleId,
    /// Whether it is in the person's standing.
    pub completed: bool,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// What is covered of the present version.
    pub coverage_percent: Percent,
    /// The same in seconds.
    pub covered_seconds: Seconds,
}

/// All modules by id.
pub async fn list_modules(app: &App) -> Result<Vec<Module>, AppError> {
    let mut query = Query::partition(Some(Index::One), Module::PARTITION, 100);
    let mut modules = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            modules.push(record.decode::<Module>()?.value);
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Ok(modules),
        }
    }
}

/// Where a person stands with every active module.
pub async fn training_status(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
) -> Result<Vec<ModuleStatus>, AppError> {
    let mut modules = list_modules(app).await?;
    modules.retain(|module| module.active);
    let mut statuses = Vec::with_capacity(modules.len());
    let mut snapshot = snapshot.with(app.store.as_ref(), &[Standing::key_of(user_id)]).await?;
    for chunk in modules.chunks(90) {
        let keys: Vec<_> =
            chunk.iter().map(|module| WatchState::key_of(user_id, &module.id)).collect();
        snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
        for module in chunk {
            statuses.push(status(&snapshot, user_id, module)?);
        }
    }
    Ok(statuses)
}

fn status(
    snapshot: &Snapshot,
    user_id: &UserId,
    module: &Module,
) -> Result<ModuleStatus, AppError> {
    let standing = snapshot.get::<Standing>(&Standing::key_of(user_id))?;
    let completed_at = standing.as_ref().and_then(|stored| {
        let mut held = stored.value.trainings.iter();
        held.find(|training| training.module_id == module.id).map(|training| training.completed_at)
    });
    let state = snapshot.get::<WatchState>(&WatchState::key_of(user_id, &module.id))?;
    let seen = match state {
        Some(state) => {
            let seen = progress(&state.value.watch, &engine_module(module)?, &Rules::default());
            (seen.share, seen.covered)
        }
        None => (BasisPoints::new(0), Millis::ZERO),
    };
    Ok(ModuleStatus {
        module_id: module.id.clone(),
        completed: completed_at.is_some(),
        completed_at,
        coverage_percent: Percent(seen.0),
        covered_seconds: Seconds(seen.1),
    })
}

/// Coverage in whole per cent, rounded down.
pub(super) fn whole_percent(seen: &Progress) -> u8 {
    u8::try_from(seen.share.get() / 100).unwrap_or(100)
}
