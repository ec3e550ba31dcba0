//! Removes a webhook at Cal.com.

use interlock_app::ports::subscriptions::SubscriptionId;
use interlock_app::{App, unsubscribe};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::Role;

use crate::wanted::resource_of;

/// `DELETE /api/cal/webhooks/{webhookId}` (S4-011).
pub const ROUTE: Route = Route::delete("calcom.webhooks-delete", "/api/cal/webhooks/{webhookId}")
    .allow(Role::Admin)
    .query(&["resourceId"])
    .changes_calcom()
    .factor(FactorRule::Fresh);

/// 204; 404 if the account has none with this name, 503 while Cal.com does not answer.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let resource = resource_of(&call)?;
    let id: SubscriptionId = call.path_id("webhookId")?;
    unsubscribe(&app, (&resource, &id), &call.act()?).await?;
    Ok(Reply::no_content())
}
