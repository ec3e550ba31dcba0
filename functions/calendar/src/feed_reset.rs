//! Gives the caller's calendar a new secret address, or takes it away.

use interlock_app::{App, reset_feed, stop_feed};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::{Deserialize, Serialize};

/// `POST /api/calendar/reset` (FEATURES F107).
pub const ROUTE: Route =
    Route::post("calendar.feed-reset", "/api/calendar/reset").allow(Role::Member);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

#[derive(Serialize)]
struct Feed {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// 200 with the new address, shown once, or with none if there is to be no feed; the old address
/// is dead from now on.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Reset { enabled } = call.json()?;
    let (user_id, act) = (call.caller_id()?, call.act()?);
    if enabled {
        let hosts = call.header_values("host");
        let feed = reset_feed(&app, user_id, hosts.first().map(String::as_str), &act).await?;
        return Ok(Reply::ok(&Feed { url: Some(feed.url) }));
    }
    stop_feed(&app, user_id, &act).await?;
    Ok(Reply::ok(&Feed { url: None }))
}
