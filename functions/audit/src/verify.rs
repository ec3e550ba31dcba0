//! Holds the entries in the table against their seals.

use interlock_app::{App, VerifyRequest, verify_audit};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use jiff::Timestamp;
use serde::Deserialize;

/// `POST /api/audit/verify` (promise R23).
pub const ROUTE: Route = Route::post("audit.verify", "/api/audit/verify").allow(Role::Admin);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Verify {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    root: Option<String>,
}

/// 200 with what was verified and every fault; a chain with faults is an answer, not a problem.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Verify { from, to, root } = call.json()?;
    let verified = verify_audit(&app, &VerifyRequest { from, to, root }).await?;
    Ok(Reply::ok(&verified))
}
