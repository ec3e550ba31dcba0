//! Makes recovery codes anew.

use interlock_app::{App, renew_codes};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};

use crate::factor_confirm::Codes;

/// `POST /api/auth/factor/recovery-codes` (RELIABILITY P6).
pub const ROUTE: Route = Route::post("auth.recovery-codes", "/api/auth/factor/recovery-codes")
    .any_caller()
    .factor(FactorRule::Fresh);

/// 200 with ten codes in place of those that were left; 409 `state_conflict` without a second
/// factor.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let recovery_codes = renew_codes(&app, &call.session()?.user_id, &call.act()?).await?;
    Ok(Reply::ok(&Codes { recovery_codes }))
}
