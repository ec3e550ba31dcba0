//! Closes a finding by hand, for good or until an instant.

use interlock_app::{App, resolve_finding};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{FindingId, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::view::FindingView;

/// `POST /api/reconciliation/findings/{findingId}/resolve` (S0-097).
pub const ROUTE: Route =
    Route::post("finding.resolve", "/api/reconciliation/findings/{findingId}/resolve")
        .allow(Role::Admin);

/// Longest note, in characters.
const LONGEST_NOTE: usize = 2000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResolveFinding {
    note: String,
    until: Option<Timestamp>,
}

#[derive(Serialize)]
struct Body<'a> {
    finding: FindingView<'a>,
}

/// 200 with the finding; 404, 409 `state_conflict` if it waits for nobody.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let ResolveFinding { note, until } = call.json()?;
    let length = note.trim().chars().count();
    if length == 0 || length > LONGEST_NOTE {
        return Err(Problem::fault("/note", "length", "between 1 and 2000 characters"));
    }
    let id: FindingId = call.path_id("findingId")?;
    let by = (&id, call.caller_id()?);
    let finding = resolve_finding(&app, by, (&note, until), &call.act()?).await?;
    Ok(Reply::ok(&Body { finding: FindingView::from(&finding) }))
}
