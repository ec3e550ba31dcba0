//! Watching and completing training modules (PRODUCT 7); the rules are in `interlock_watch`.

mod complete;
mod progress;
mod status;

pub use complete::complete_training;
pub use progress::{BeatRequest, record_progress};
pub use status::{ModuleStatus, list_modules, training_status};

use interlock_policy::ModuleId;

use crate::model::Module;
use crate::{AppError, Snapshot};

/// A module as the watch engine sees it.
pub(crate) fn engine_module(module: &Module) -> Result<interlock_watch::Module, AppError> {
    let duration = interlock_watch::Millis::new(u64::from(module.duration_seconds) * 1000);
    interlock_watch::Module::new(module.version, duration)
        .map_err(|error| AppError::internal(error.to_string()))
}

/// An active module out of what was read.
pub(crate) fn active(snapshot: &Snapshot, id: &ModuleId) -> Result<Module, AppError> {
    snapshot
        .get::<Module>(&Module::key_of(id))?
        .map(|stored| stored.value)
        .filter(|module| module.active)
        .ok_or(AppError::NotFound { what: "module" })
}
