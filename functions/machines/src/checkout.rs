//! A manager approves a person on a machine.

use interlock_app::model::Checkout;
use interlock_app::{App, Approval, CheckoutRequest, check_out};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{CheckoutId, CheckoutScope, Role, UserId, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `POST /api/machines/{machineId}/checkout` (S0-064).
pub const ROUTE: Route =
    Route::post("machines.checkout", "/api/machines/{machineId}/checkout").allow(Role::Manager);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckOut {
    user_id: UserId,
    notes: Option<String>,
    valid_for_days: Option<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    checkout: CheckoutView<'a>,
    eligibility: &'a Verdict,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckoutView<'a> {
    id: &'a CheckoutId,
    user_id: &'a UserId,
    scope: &'a CheckoutScope,
    approved_by: &'a UserId,
    granted_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
}

/// 201 with the approval and what the person still lacks; 403 `self_approval`.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let body: CheckOut = call.json()?;
    let request = CheckoutRequest {
        resource_id: call.resource_id()?,
        user_id: body.user_id,
        approver: call.caller_id()?.clone(),
        notes: body.notes,
        valid_for_days: body.valid_for_days,
        act: call.act()?,
    };
    let Approval { checkout, verdict } = check_out(&app, &request).await?;
    let location = format!("/api/machines/{}/eligibility", request.resource_id);
    let checkout = view(&checkout, &request.user_id);
    Ok(Reply::created(location, &Body { checkout, eligibility: &verdict }))
}

fn view<'a>(checkout: &'a Checkout, user_id: &'a UserId) -> CheckoutView<'a> {
    CheckoutView {
        id: &checkout.id,
        user_id,
        scope: &checkout.scope,
        approved_by: &checkout.approved_by,
        granted_at: checkout.granted_at,
        expires_at: checkout.expires_at,
        notes: checkout.notes.as_deref(),
    }
}
