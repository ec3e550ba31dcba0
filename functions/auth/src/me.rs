//! Tells who is logged in, and how it stands with the second factor.

use interlock_app::model::UserBody;
use interlock_app::{App, FACTOR_FRESH};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use jiff::Timestamp;
use serde::Serialize;

/// `GET /api/auth/me` (S0-057).
pub const ROUTE: Route =
    Route::get("auth.me", "/api/auth/me").any_caller().factor(FactorRule::NotAsked);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    user: UserBody<'a>,
    second_factor: View,
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
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let account = &caller.account.value;
    let shown = caller.factor_at();
    let second_factor = View {
        enrolled: caller.enrolled(),
        required: app.settings.second_factor.asks(account),
        fresh_until: shown.and_then(|at| at.saturating_add(FACTOR_FRESH).ok()),
    };
    Ok(Reply::ok(&Body { user: UserBody::from(account), second_factor }))
}
