//! Says how Cal.com is, part by part, so that whoever mends it knows where to look.

use interlock_app::App;
use interlock_app::diagnosis::diagnose;
use interlock_app::ports::scheduler::Urgency;
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/calcom/health` (PRODUCT D2).
pub const ROUTE: Route = Route::get("calcom.health", "/api/calcom/health").allow(Role::Admin);

/// 200 whatever is wrong with Cal.com, because that is what was asked; 503 only where the table
/// does not serve. Its calls come after those that people and webhooks wait for.
pub async fn handle(app: App, _call: Call) -> Result<Reply, Problem> {
    let health = diagnose(&app.paced(Urgency::Sync)).await?;
    Ok(Reply::ok(&health))
}
