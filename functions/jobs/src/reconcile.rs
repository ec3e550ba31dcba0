//! Compares Cal.com with us and repairs the difference.

use interlock_app::ports::scheduler::Urgency;
use interlock_app::{Act, App, AppError, Pass, reconcile};
use serde_json::Value;

/// Name of the function.
pub const NAME: &str = "reconcile";

/// One run: `{"mode":"incremental"|"full"}`, incremental if nothing is said; answers
/// `{checked,repaired,findings}`.
pub async fn handle(app: App, act: Act, event: Value) -> Result<Value, AppError> {
    let pass = match event.get("mode").and_then(Value::as_str) {
        None | Some("incremental") => Pass::Incremental,
        Some("full") => Pass::Full,
        Some(_) => return Err(AppError::invalid("/mode", "unknown", "`incremental` or `full`")),
    };
    let app = app.paced(Urgency::Reconcile);
    let report = reconcile(&app, pass, &act).await?;
    serde_json::to_value(report).map_err(|error| AppError::internal(error.to_string()))
}
