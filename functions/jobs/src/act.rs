//! Who acts when nobody asked.

use interlock_app::model::Actor;
use interlock_app::{Act, App, AppError};

/// A job of ours, under a new name for this run.
pub(crate) fn job(app: &App, name: &str) -> Result<Act, AppError> {
    Ok(Act { actor: Actor::System { job: name.to_owned() }, request_id: app.id()? })
}
