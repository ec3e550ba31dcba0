//! Begins a second factor, or another one in place of the one there is.

use interlock_app::{App, BeginFactor, Uncounted, begin_factor};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::password_change::RATE;

/// `POST /api/auth/factor` (RELIABILITY P6).
pub const ROUTE: Route = Route::post("auth.factor-begin", "/api/auth/factor")
    .any_caller()
    .factor(FactorRule::FreshIfAny)
    .limited(RATE, Uncounted::Waits);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Begin {
    current_password: String,
}

#[derive(Serialize)]
struct Body {
    factor: View,
}

/// What an app is told, once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    kind: &'static str,
    secret: String,
    uri: String,
    confirm_until: Timestamp,
}

/// 200 with what the app is told; 400 at `/currentPassword`, 403 `step_up_required` for whoever has
/// one.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Begin { current_password } = call.json()?;
    let user_id = call.session()?.user_id.clone();
    let request = BeginFactor { user_id, password: current_password, act: call.act()? };
    let begun = begin_factor(&app, &request).await?;
    let factor =
        View { kind: "totp", secret: begun.secret, uri: begun.uri, confirm_until: begun.until };
    Ok(Reply::ok(&Body { factor }))
}
