//! Confirms a second factor with its first code.

use interlock_app::{App, ConfirmFactor, Rate, Uncounted, confirm_factor};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use serde::{Deserialize, Serialize};

use crate::opening;

/// `POST /api/auth/factor/confirm` (RELIABILITY P6).
pub const ROUTE: Route = Route::post("auth.factor-confirm", "/api/auth/factor/confirm")
    .any_caller()
    .factor(FactorRule::FreshIfAny)
    .limited(RATE, Uncounted::Waits);
/// Codes shown by one person who is logged in, wrong ones and right ones.
pub(crate) const RATE: Rate = Rate::new("code", 5, 60).doubling();

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirm {
    code: String,
}

/// Recovery codes, told once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Codes {
    pub(crate) recovery_codes: Vec<String>,
}

/// 200 with the recovery codes and the cookie of a new session; every other one is dead. 400 at
/// `/code`, 409 `state_conflict` if none was begun.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Confirm { code } = call.json()?;
    let caller = call.caller()?;
    let (token, session) = opening::session(&app, &call, &caller.account.value);
    let life = session.life;
    let (user_id, act) = (call.session()?.user_id.clone(), call.act()?);
    let request = ConfirmFactor { user_id, code, session, act };
    let recovery_codes = confirm_factor(&app, request).await?;
    Ok(Reply::ok(&Codes { recovery_codes }).logged_in(&token, life))
}
