//! Lists the webhooks Cal.com has for the calendar of a resource.

use interlock_app::{App, list_subscriptions};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::wanted::resource_of;

/// `GET /api/cal/webhooks` (S4-011).
pub const ROUTE: Route = Route::get("calcom.webhooks-list", "/api/cal/webhooks")
    .allow(Role::Admin)
    .query(&["resourceId"]);

/// 200 with all of them and without their secrets; 404, 409 `state_conflict` if the resource has
/// no calendar, 503 while Cal.com does not answer.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let webhooks = list_subscriptions(&app, &resource_of(&call)?).await?;
    Ok(Reply::page(&webhooks, None))
}
