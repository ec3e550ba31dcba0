//! Exempts a person on a machine from some reasons, for a time.

use interlock_app::{App, GrantExemption, grant_exemption};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ReasonCode, UserId};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::exemption_view::ExemptionView;

/// `POST /api/machines/{machineId}/exemptions`.
pub const ROUTE: Route =
    Route::post("exemptions.grant", "/api/machines/{machineId}/exemptions").manages();

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Grant {
    user_id: UserId,
    codes: Vec<ReasonCode>,
    starts_at: Option<Timestamp>,
    ends_at: Timestamp,
    reason: String,
}

/// 201 with the exemption and what the person still lacks; 403 `self_approval`, 403
/// `role_required` where the reasons want a higher role.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: Grant = call.json()?;
    let request = GrantExemption {
        resource_id: call.resource_id()?,
        user_id: body.user_id,
        codes: body.codes,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        reason: body.reason,
        granter: call.caller_id()?.clone(),
        roles: call.caller()?.account.value.roles.clone(),
        act: call.act()?,
    };
    let (grant, verdict) = grant_exemption(&app, &request).await?;
    let location = format!("/api/machines/{}/policy?exemptions=true", request.resource_id);
    let body = json!({ "exemption": ExemptionView::from(&grant), "eligibility": verdict });
    Ok(Reply::created(location, &body))
}
