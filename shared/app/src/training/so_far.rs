//! How far a person has come with what he still lacks, so that he is told how long it takes.

use interlock_policy::{ModuleId, ProgressFact, ReasonCode, UserId, Verdict};
use interlock_watch::{carry_over, progress};

use crate::model::{Module, WatchState};
use crate::ports::store::{Key, MAX_READ};
use crate::{App, AppError, Snapshot};

/// Modules a refusal is about, each once.
pub(crate) fn untrained(verdict: &Verdict) -> Vec<ModuleId> {
    let lacks = |code: ReasonCode| {
        code == ReasonCode::TrainingIncomplete || code == ReasonCode::TrainingExpired
    };
    let reasons = verdict.reasons.iter().filter(|reason| lacks(reason.code));
    let named =
        reasons.filter_map(|reason| reason.parameters.get("moduleId")?.to_string().parse().ok());
    let mut modules: Vec<ModuleId> = named.collect();
    modules.sort_unstable();
    modules.dedup();
    modules.truncate(MAX_READ / 2);
    modules
}

/// What was watched of these modules in their present version; one read. Of what is not on record
/// nothing was watched, and of a module that does not exist there is nothing to tell.
pub(crate) async fn so_far(
    app: &App,
    user_id: &UserId,
    modules: &[ModuleId],
) -> Result<Vec<ProgressFact>, AppError> {
    let keys = |id: &ModuleId| [Module::key_of(id), WatchState::key_of(user_id, id)];
    let wanted: Vec<Key> = modules.iter().flat_map(keys).collect();
    let snapshot = Snapshot::read(app.store.as_ref(), &wanted).await?;
    let mut facts = Vec::with_capacity(modules.len());
    for id in modules {
        let [module, state] = keys(id);
        let Some(module) = snapshot.get::<Module>(&module)? else { continue };
        let state = snapshot.get::<WatchState>(&state)?;
        let (module, engine) = (&module.value, module.value.engine());
        let watch = state.map(|state| carry_over(state.value.watch, &engine));
        let covered = watch.as_ref().map(|watch| progress(watch, &engine, &module.rules).covered);
        let watched = watch.as_ref().map(|watch| watch.tallies.accepted);
        facts.push(ProgressFact {
            module_id: id.clone(),
            covered_seconds: covered.map_or(0, |covered| seconds(covered.get())),
            duration_seconds: seconds(engine.required_range().length().get()),
            watched_seconds: watched.map_or(0, |watched| seconds(watched.get())),
        });
    }
    Ok(facts)
}

fn seconds(milliseconds: u64) -> u32 {
    u32::try_from(milliseconds / 1000).unwrap_or(u32::MAX)
}
