//! Shows how the caller wants to be told.

use interlock_app::{App, read_preferences};
use interlock_http::{Call, Problem, Reply, Route};

use crate::preferences_view::Body;

/// `GET /api/preferences`.
pub const ROUTE: Route = Route::get("preferences.get", "/api/preferences").any_caller();

/// 200 with what was chosen, or what holds without a choice.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let chosen = read_preferences(&app, call.caller_id()?).await?;
    Ok(Reply::ok(&Body::from(chosen)))
}
