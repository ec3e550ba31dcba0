//! Says that the functions run; asks nothing of anything, so that it may be asked often.

use interlock_app::App;
use interlock_http::{Call, Problem, Reply, Route};
use serde_json::json;

/// `GET /api/health`.
pub const ROUTE: Route = Route::get("health", "/api/health").public();

/// 200.
pub async fn handle(app: App, _call: Call) -> Result<Reply, Problem> {
    Ok(Reply::ok(&json!({ "status": "ok", "deployment": app.settings.deployment })))
}
