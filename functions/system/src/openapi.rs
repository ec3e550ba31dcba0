//! The description of the interface.

use interlock_app::App;
use interlock_http::{Call, Problem, Reply, Route};

/// `GET /api/openapi.json`.
pub const ROUTE: Route = Route::get("openapi", "/api/openapi.json").public();

/// The document, as reviewed; a test compares it with the routes.
pub const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// 200 with the document.
pub async fn handle(_app: App, _call: Call) -> Result<Reply, Problem> {
    Ok(Reply::raw(200, DOCUMENT))
}
