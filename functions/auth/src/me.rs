//! Tells who is logged in, how it stands with the second factor, and what is exempted.

use interlock_app::model::{ExemptionGrant, Standing, UserBody};
use interlock_app::{App, FACTOR_FRESH, own_exemptions};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use interlock_policy::{ExemptionId, ReasonCode, ResourceId};
use jiff::Timestamp;
use serde::Serialize;

/// `GET /api/auth/me` (S0-057).
pub const ROUTE: Route = Route::get("auth.me", "/api/auth/me")
    .any_caller()
    .factor(FactorRule::NotAsked)
    .reads(|call| call.user_id().into_iter().map(Standing::key_of).collect());

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    user: UserBody<'a>,
    second_factor: View,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exemptions: Vec<ExemptionView<'a>>,
}

/// An exemption as the person who has it reads it (FEATURES 5.3 rule 7).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExemptionView<'a> {
    id: &'a ExemptionId,
    machine_id: &'a ResourceId,
    codes: &'a [ReasonCode],
    starts_at: Timestamp,
    ends_at: Timestamp,
    reason: &'a str,
    granted_at: Timestamp,
}

impl<'a> From<&'a ExemptionGrant> for ExemptionView<'a> {
    fn from(grant: &'a ExemptionGrant) -> Self {
        Self {
            id: &grant.exemption.id,
            machine_id: &grant.exemption.resource_id,
            codes: &grant.exemption.codes,
            starts_at: grant.exemption.valid.start(),
            ends_at: grant.exemption.valid.end(),
            reason: &grant.reason,
            granted_at: grant.granted_at,
        }
    }
}

/// How it stands with the second factor.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    /// Whether the person has one.
    enrolled: bool,
    /// Whether the person must have one.
    required: bool,
    /// Until when the last showing suffices for what is dangerous; in the past if it must be
    /// shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    fresh_until: Option<Timestamp>,
}

/// 200 with the person; 401 without a session.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let snapshot = call.take_snapshot();
    let grants = own_exemptions(&app, snapshot, call.caller_id()?).await?;
    let caller = call.caller()?;
    let account = &caller.account.value;
    let shown = caller.factor_at();
    let second_factor = View {
        enrolled: caller.enrolled(),
        required: app.settings.second_factor.asks(account),
        fresh_until: shown.and_then(|at| at.saturating_add(FACTOR_FRESH).ok()),
    };
    let exemptions = grants.iter().map(ExemptionView::from).collect();
    Ok(Reply::ok(&Body { user: UserBody::at(account, app.now()), second_factor, exemptions }))
}
