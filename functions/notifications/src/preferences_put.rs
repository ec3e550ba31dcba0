//! Sets how the caller wants to be told.

use interlock_app::{App, SetPreferences, set_preferences};
use interlock_http::{Call, Problem, Reply, Route};

use crate::preferences_view::{Body, Choices, Hours};

/// `PUT /api/preferences`.
pub const ROUTE: Route = Route::put("preferences.put", "/api/preferences").any_caller();

/// 200 with what holds from now on; 400 with every fault.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let choices: Choices = call.json()?;
    let request = SetPreferences {
        user_id: call.caller_id()?.clone(),
        language: choices.language,
        time_zone: choices.time_zone,
        quiet: choices.quiet_hours.as_ref().map(Hours::quiet).transpose()?,
        channels: choices.channels,
        phone: choices.phone,
        muted: choices.muted,
        act: call.act()?,
    };
    let chosen = set_preferences(&app, &request).await?;
    Ok(Reply::ok(&Body::from(chosen)))
}
