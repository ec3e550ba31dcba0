//! Sends one letter again.

use interlock_app::model::{LetterId, LetterView};
use interlock_app::{App, resend_letter};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::{Deserialize, Serialize};

/// `POST /api/notifications/{letterId}/resend`.
pub const ROUTE: Route =
    Route::post("notifications.resend", "/api/notifications/{letterId}/resend")
        .allow(Role::Manager);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resend {}

#[derive(Serialize)]
struct Body {
    notification: LetterView,
}

/// 200 with the letter, due now; 404 also beyond a manager's scope, 409 `state_conflict` for one
/// that waits anyway or was not to be sent.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Resend {} = call.json()?;
    let id: LetterId = call.path_id("letterId")?;
    let letter = resend_letter(&app, &id, (call.caller_id()?, &call.act()?)).await?;
    Ok(Reply::ok(&Body { notification: LetterView::from(&letter) }))
}
