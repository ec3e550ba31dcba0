//! Compares Cal.com with us and repairs the difference.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{Act, App, AppError, Pass, reconcile, reconcile_on, slice_end};
use serde_json::Value;

/// Name of the function.
pub const NAME: &str = "reconcile";

/// One slice: `{"mode":"incremental"|"full"}`, incremental if nothing is said; answers
/// `{checked,repaired,findings}`. The incremental one also goes on with a full run that was left
/// unfinished.
pub async fn handle(app: App, act: Act, event: Value) -> Result<Value, AppError> {
    let app = app.paced(Urgency::Reconcile);
    let report = match event.get("mode").and_then(Value::as_str) {
        None | Some("incremental") => reconcile_on(&app, &act, slice_end(&app)).await?,
        Some("full") => reconcile(&app, Pass::Full, &act).await?,
        Some(_) => return Err(AppError::invalid("/mode", "unknown", "`incremental` or `full`")),
    };
    serde_json::to_value(report).map_err(|error| AppError::internal(error.to_string()))
}
