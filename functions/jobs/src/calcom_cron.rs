//! Calls for the work that Cal.com leaves lying until somebody asks for it.

use std::sync::Arc;

use interlock_app::ports::{Chore, Chores};
use interlock_app::{AppError, run_chores};
use serde_json::Value;

/// Name of the function.
pub const NAME: &str = "calcom-cron";

/// One run: `{"call":"<name>"}`. Where nothing is said, everything but what is for linked
/// calendars is called once, as one does after an upgrade of Cal.com. Fails if a call failed, so
/// that the figures of the platform count it.
pub async fn handle(chores: Arc<dyn Chores>, event: Value) -> Result<Value, AppError> {
    let wanted: Vec<Chore> = match event.get("call") {
        None => Chore::ALL.into_iter().filter(|chore| !chore.is_for_calendars()).collect(),
        Some(name) => {
            let named = name.as_str().and_then(Chore::named);
            let unknown = || AppError::invalid("/call", "unknown", "no call has this name");
            vec![named.ok_or_else(unknown)?]
        }
    };
    let report = run_chores(chores.as_ref(), &wanted).await;
    if report.failed.is_empty() {
        return serde_json::to_value(report).map_err(|error| AppError::internal(error.to_string()));
    }
    Err(AppError::internal(format!("not done at cal.com: {}", report.failed.join(", "))))
}
