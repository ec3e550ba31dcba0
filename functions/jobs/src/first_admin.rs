//! Makes the first admin; called by hand from the deployment's console, by nothing else.

use interlock_app::{Act, App, AppError, MakeFirstAdmin, make_first_admin};
use interlock_policy::ZoneName;
use serde::Deserialize;
use serde_json::{Value, json};

/// Name of the function.
pub const NAME: &str = "first-admin";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    email: String,
    name: String,
    time_zone: ZoneName,
}

/// One call: `{"email","name","timeZone"}`; answers `{"userId","token","expiresAt"}`. The token is
/// for `POST /api/auth/reset`, good for one password within an hour, and is told nowhere else.
pub async fn handle(app: App, act: Act, event: Value) -> Result<Value, AppError> {
    let Wanted { email, name, time_zone } = serde_json::from_value(event)
        .map_err(|error| AppError::invalid("/", "malformed", error.to_string()))?;
    let request = MakeFirstAdmin { email, name, time_zone, act };
    let link = make_first_admin(&app, &request).await?;
    Ok(json!({ "userId": link.user_id, "token": link.token, "expiresAt": link.until }))
}
