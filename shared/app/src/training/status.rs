//! The modules there are and how far a person has come with them.

use interlock_policy::{ModuleId, UserId};
use interlock_watch::wire::{GapBody, Percent, Seconds};
use interlock_watch::{Signal, Tallies, carry_over, integrity, progress};
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Account, Alternative, DeclinedWatch, Module, Standing, Training, WatchState};
use crate::ports::store::{Index, Position, Query, Stored};
use crate::{App, AppError, Snapshot};

/// How far a person has come with a module (S0-061).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModuleStatus {
    /// Which.
    pub module_id: ModuleId,
    /// Whether a proof in the person's standing counts now.
    pub completed: bool,
    /// When the proof was gained, lapsed or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// First instant at which the proof no longer counts, because the module has a newer version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// What the proof stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Since when it is watched enough and waits for a manager to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_confirmation_since: Option<Timestamp>,
    /// A manager's no to what was watched before; it is to be watched anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<DeclinedWatch>,
    /// What is covered of the present version.
    pub coverage_percent: Percent,
    /// The same in seconds.
    pub covered_seconds: Seconds,
    /// What is left to watch of what was begun.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<GapBody>,
    /// What a manager may look at before he relies on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What a proof stands on.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// The version it is of.
    pub module_version: u32,
    /// A manager's word; absent where it was watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Alternative>,
}

/// What is unusual in a watch and the counters behind it (FEATURES 5.4 rule 9); advice, never a
/// reason to deny.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// A hundred for nothing unusual.
    pub integrity_percent: Percent,
    /// What was noticed.
    pub signals: Vec<Signal>,
    /// The counters.
    pub tallies: Tallies,
    /// When the module was first opened.
    pub first_opened_at: Timestamp,
    /// When enough was watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watched_enough_at: Option<Timestamp>,
}

/// What waits for a manager to look at it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Awaiting {
    /// Whose.
    pub user_id: UserId,
    /// Of which module.
    pub module_id: ModuleId,
    /// Since when.
    pub since: Timestamp,
    /// What there is to look at.
    pub evidence: Evidence,
}

/// All modules by id, each with the version it was read at.
pub async fn list_modules(app: &App) -> Result<Vec<Stored<Module>>, AppError> {
    let mut query = Query::partition(Some(Index::One), Module::PARTITION, 100);
    let mut modules = Vec::new();
    loop {
        let page = app.store.query(&query).await?;
        for record in &page.records {
            modules.push(record.decode::<Module>()?);
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
    modules.retain(|stored| stored.value.active);
    let mut statuses = Vec::with_capacity(modules.len());
    let mut snapshot = snapshot.with(app.store.as_ref(), &[Standing::key_of(user_id)]).await?;
    for chunk in modules.chunks(90) {
        let keys: Vec<_> =
            chunk.iter().map(|stored| WatchState::key_of(user_id, &stored.value.id)).collect();
        snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
        for stored in chunk {
            statuses.push(status(app, &snapshot, user_id, &stored.value)?);
        }
    }
    Ok(statuses)
}

/// The same for a manager, with the evidence. Errors: `NotFound` for the person.
pub async fn training_evidence(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
) -> Result<Vec<ModuleStatus>, AppError> {
    let account = Account::key_of(user_id);
    let snapshot = snapshot.with(app.store.as_ref(), std::slice::from_ref(&account)).await?;
    if snapshot.get::<Account>(&account)?.is_none() {
        return Err(AppError::NotFound { what: "person" });
    }
    let mut statuses = training_status(app, snapshot, user_id).await?;
    for chunk in statuses.chunks_mut(90) {
        let key = |status: &ModuleStatus| WatchState::key_of(user_id, &status.module_id);
        let keys: Vec<_> = chunk.iter().map(key).collect();
        let snapshot = Snapshot::read(app.store.as_ref(), &keys).await?;
        for status in chunk {
            let state = snapshot.get::<WatchState>(&key(status))?;
            status.evidence = state.map(|state| evidence(&state.value));
        }
    }
    Ok(statuses)
}

/// What waits for a manager to look at it, the longest waiting first.
pub async fn list_awaiting(
    app: &App,
    limit: u32,
    after: Option<Position>,
) -> Result<(Vec<Awaiting>, Option<Position>), AppError> {
    let query = Query { after, ..Query::partition(Some(Index::One), WatchState::AWAITING, limit) };
    let page = app.store.query(&query).await?;
    let mut items = Vec::with_capacity(page.records.len());
    for record in &page.records {
        let state = record.decode::<WatchState>()?.value;
        if let Some(since) = state.awaiting_since {
            let evidence = evidence(&state);
            let WatchState { user_id, module_id, .. } = state;
            items.push(Awaiting { user_id, module_id, since, evidence });
        }
    }
    Ok((items, page.next))
}

fn status(
    app: &App,
    snapshot: &Snapshot,
    user_id: &UserId,
    module: &Module,
) -> Result<ModuleStatus, AppError> {
    let standing = snapshot.get::<Standing>(&Standing::key_of(user_id))?;
    let held = standing.as_ref().and_then(|stored| {
        stored.value.trainings.iter().find(|training| training.module_id == module.id)
    });
    let lapse = |held: &Training| module.engine().lapse_of(held.module_version);
    let valid_until = held.and_then(lapse);
    let state = snapshot.get::<WatchState>(&WatchState::key_of(user_id, &module.id))?;
    let engine = module.engine();
    let seen = state.as_ref().map(|state| {
        progress(&carry_over(state.value.watch.clone(), &engine), &engine, &module.rules)
    });
    let waits = state.as_ref().and_then(|state| state.value.awaiting_since);
    let shown = seen.as_ref();
    Ok(ModuleStatus {
        module_id: module.id.clone(),
        completed: held.is_some() && valid_until.is_none_or(|until| app.now() < until),
        completed_at: held.map(|held| held.completed_at),
        valid_until,
        proof: held.map(|held| Proof {
            module_version: held.module_version,
            alternative: held.alternative.clone(),
        }),
        needs_confirmation_since: waits
            .filter(|_| shown.is_some_and(|seen| seen.completed_at.is_some())),
        declined: state.as_ref().and_then(|state| state.value.declined.clone()),
        coverage_percent: Percent(shown.map(|seen| seen.share).unwrap_or_default()),
        covered_seconds: Seconds(shown.map(|seen| seen.covered).unwrap_or_default()),
        gaps: shown
            .map(|seen| seen.gaps.iter().copied().map(GapBody::from).collect())
            .unwrap_or_default(),
        evidence: None,
    })
}

fn evidence(state: &WatchState) -> Evidence {
    let noticed = integrity(&state.watch.tallies);
    Evidence {
        integrity_percent: Percent(noticed.score),
        signals: noticed.signals,
        tallies: state.watch.tallies,
        first_opened_at: state.watch.first_opened_at,
        watched_enough_at: state.watch.completed_at,
    }
}
