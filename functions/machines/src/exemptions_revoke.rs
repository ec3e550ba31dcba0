//! Takes an exemption back.

use interlock_app::{App, revoke_exemption};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::ExemptionId;
use serde_json::json;

use crate::exemption_view::ExemptionView;

/// `DELETE /api/machines/{machineId}/exemptions/{exemptionId}`.
pub const ROUTE: Route =
    Route::delete("exemptions.revoke", "/api/machines/{machineId}/exemptions/{exemptionId}")
        .manages();

/// 200 with the exemption and how often it was used; 404, 409 `state_conflict` for one that was
/// taken back.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let id: ExemptionId = call.path_id("exemptionId")?;
    let revoked = revoke_exemption(&app, (&call.resource_id()?, &id), &call.act()?).await?;
    Ok(Reply::ok(&json!({ "exemption": ExemptionView::from(&revoked) })))
}
