//! Watching and completing training modules (PRODUCT 7); the rules are in `interlock_watch`.

mod complete;
mod decline;
mod module_edit;
mod module_faults;
mod progress;
mod so_far;
mod status;

pub use complete::{Completed, complete_training, record_alternative};
pub use decline::decline_watch;
pub use module_edit::{
    Changed, CreateModule, ModuleEdit, RulesEdit, UpdateModule, create_module, update_module,
};
pub use progress::{BeatRequest, record_progress};
pub(crate) use so_far::{so_far, untrained};
pub use status::{
    Awaiting, Evidence, ModuleStatus, Proof, list_awaiting, list_modules, training_evidence,
    training_status,
};

use interlock_policy::ModuleId;

use crate::model::Module;
use crate::{AppError, Snapshot};

/// An active module out of what was read.
pub(crate) fn active(snapshot: &Snapshot, id: &ModuleId) -> Result<Module, AppError> {
    snapshot
        .get::<Module>(&Module::key_of(id))?
        .map(|stored| stored.value)
        .filter(|module| module.active)
        .ok_or(AppError::NotFound { what: "module" })
}
