//! Seals the audit, and every night verifies what was sealed.

use interlock_app::{Act, App, AppError, seal_audit, watch_audit};
use serde_json::Value;

/// Name of the function.
pub const NAME: &str = "audit-seal";

/// One run: `{"mode":"seal"|"verify"}`, sealing if nothing is said; answers what was sealed or
/// verified.
pub async fn handle(app: App, _act: Act, event: Value) -> Result<Value, AppError> {
    let report = match event.get("mode").and_then(Value::as_str) {
        None | Some("seal") => serde_json::to_value(seal_audit(&app).await?),
        Some("verify") => serde_json::to_value(watch_audit(&app).await?),
        Some(_) => return Err(AppError::invalid("/mode", "unknown", "`seal` or `verify`")),
    };
    report.map_err(|error| AppError::internal(error.to_string()))
}
