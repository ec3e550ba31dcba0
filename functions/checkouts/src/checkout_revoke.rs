//! A manager takes a checkout back, or sets it to a lower level.

use interlock_app::model::CheckoutView;
use interlock_app::{App, RevokeCheckout, revoke_checkout};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::{Deserialize, Serialize};

/// `DELETE /api/machines/{machineId}/checkout/{userId}` (S0-040).
pub const ROUTE: Route =
    Route::delete("checkout.revoke", "/api/machines/{machineId}/checkout/{userId}")
        .allow(Role::Manager);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Revoke {
    reason: String,
    to_level: Option<u8>,
}

#[derive(Serialize)]
struct Body<'a> {
    checkouts: Vec<CheckoutView<'a>>,
}

/// 200 with what was taken back or lowered; 404 where nothing is held, 403 `role_required` beyond
/// the manager's scope. What the person holds ahead is judged again within a sweep.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Revoke { reason, to_level } = call.json()?;
    let request = RevokeCheckout {
        resource_id: call.resource_id()?,
        user_id: call.user_id()?,
        by: call.caller_id()?.clone(),
        reason,
        to_level,
        act: call.act()?,
    };
    let records = revoke_checkout(&app, &request).await?;
    Ok(Reply::ok(&Body { checkouts: records.iter().map(CheckoutView::from).collect() }))
}
