//! One heartbeat of a watching person.

use interlock_policy::{ModuleId, UserId, WatchId};
use interlock_watch::wire::{ProgressBody, SegmentBody};
use interlock_watch::{
    Beat, BeatError, Earlier, Ground, Millis, Outcome, Viewing, heartbeat, open, progress,
};

use super::active;
use crate::model::{Module, WatchBudget, WatchState};
use crate::ports::store::{Key, Stored, Transaction};
use crate::reserve::MOST_RACES;
use crate::{App, AppError, Snapshot};

/// A heartbeat as it came; without `watch_id` it opens a watch.
#[derive(Debug, Clone)]
pub struct BeatRequest {
    /// Of which module.
    pub module_id: ModuleId,
    /// In which watch session.
    pub watch_id: Option<WatchId>,
    /// Rises with each message of a session.
    pub sequence: u64,
    /// What was played.
    pub segments: Vec<SegmentBody>,
    /// Where the play head stands.
    pub position: Millis,
    /// Whether the page was visible.
    pub visible: bool,
}

/// Counts a heartbeat (S0-059). Credit is bounded by the server's clock (promise R22); parallel
/// tabs race for the person's one clock and only one of them spends it.
///
/// Errors: `NotFound` for a module or watch, `Invalid` for what no honest player sends.
pub async fn record_progress(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    request: &BeatRequest,
) -> Result<ProgressBody, AppError> {
    let counted = counted(app, snapshot, user_id, request).await;
    if counted.as_ref().is_err_and(|error| !error.retryable()) {
        tracing::info!(target: "metric", ProgressRefused = 1, "a claim is not taken");
    }
    counted
}

async fn counted(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    request: &BeatRequest,
) -> Result<ProgressBody, AppError> {
    let mut snapshot = snapshot;
    let opened = match &request.watch_id {
        Some(_) => None,
        None => Some(app.id::<interlock_policy::id_kind::Watch>()?),
    };
    let session = request.watch_id.as_ref().or(opened.as_ref());
    let session = session.ok_or_else(|| AppError::internal("a watch has no id"))?.to_string();
    for _ in 0..MOST_RACES {
        let keys = keys(user_id, &request.module_id);
        snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
        if let Some(body) = count(app, &snapshot, (user_id, &session), request).await? {
            return Ok(body);
        }
        snapshot = Snapshot::default();
    }
    Err(AppError::contended())
}

/// Keys a heartbeat reads.
pub(crate) fn keys(user_id: &UserId, module_id: &ModuleId) -> [Key; 3] {
    [
        Module::key_of(module_id),
        WatchState::key_of(user_id, module_id),
        WatchBudget::key_of(user_id),
    ]
}

async fn count(
    app: &App,
    snapshot: &Snapshot,
    (user_id, session): (&UserId, &str),
    request: &BeatRequest,
) -> Result<Option<ProgressBody>, AppError> {
    let stored = active(snapshot, &request.module_id)?;
    let (module, rules) = (stored.engine(), &stored.rules);
    let state = snapshot.get::<WatchState>(&WatchState::key_of(user_id, &request.module_id))?;
    let budget = snapshot.get::<WatchBudget>(&WatchBudget::key_of(user_id))?;
    let versions = (version(state.as_ref()), version(budget.as_ref()));
    let awaiting_since = state.as_ref().and_then(|stored| stored.value.awaiting_since);
    let declined = state.as_ref().and_then(|stored| stored.value.declined.clone());
    let ground = Ground { module: &module, rules, now: app.now() };
    let earlier = Earlier {
        watch: state.map(|stored| stored.value.watch),
        budget: budget.map(|stored| stored.value.budget),
    };
    let beat = Beat {
        session_id: session.to_owned(),
        sequence: request.sequence,
        segments: request.segments.iter().copied().map(Into::into).collect(),
        position: request.position,
        visible: request.visible,
    };
    let outcome = judge(request, earlier, ground, &beat)?;
    let state = WatchState {
        user_id: user_id.clone(),
        module_id: request.module_id.clone(),
        watch: outcome.viewing.watch.clone(),
        // What waits is a completion; with a new version it is gone.
        awaiting_since: awaiting_since.filter(|_| outcome.viewing.watch.completed_at.is_some()),
        declined,
    };
    if outcome.changed() && !save(app, &state, &outcome, versions).await? {
        return Ok(None);
    }
    let seen = progress(&outcome.viewing.watch, &module, rules);
    Ok(Some(ProgressBody::new(session, &seen, outcome.counted)))
}

fn version<T>(stored: Option<&Stored<T>>) -> Option<u64> {
    stored.map(|stored| stored.version)
}

fn judge(
    request: &BeatRequest,
    earlier: Earlier,
    ground: Ground<'_>,
    beat: &Beat,
) -> Result<Outcome, AppError> {
    if request.watch_id.is_none() {
        return open(earlier, ground, beat).map_err(|error| fault(&error));
    }
    let (Some(watch), Some(budget)) = (earlier.watch, earlier.budget) else {
        return Err(AppError::NotFound { what: "watch" });
    };
    heartbeat(Viewing { watch, budget }, ground, beat).map_err(|error| fault(&error))
}

fn fault(error: &BeatError) -> AppError {
    match error {
        BeatError::UnknownSession { .. } => AppError::NotFound { what: "watch" },
        BeatError::VersionChanged { .. } => {
            AppError::StateConflict { detail: "the module has a new version".to_owned() }
        }
        BeatError::SessionId
        | BeatError::TooManySegments { .. }
        | BeatError::Position
        | BeatError::Reversed { .. }
        | BeatError::TooLong { .. }
        | BeatError::Rate { .. } => {
            let pointer = match error.segment_index() {
                Some(index) => format!("/segments/{index}"),
                None => "/segments".to_owned(),
            };
            AppError::invalid(&pointer, "not_plausible", error.to_string())
        }
    }
}

async fn save(
    app: &App,
    state: &WatchState,
    outcome: &Outcome,
    (watch_read, budget_read): (Option<u64>, Option<u64>),
) -> Result<bool, AppError> {
    let budget =
        WatchBudget { user_id: state.user_id.clone(), budget: outcome.viewing.budget.clone() };
    let transaction = Transaction::new().save(state, watch_read)?.save(&budget, budget_read)?;
    app.commits(&transaction).await
}
