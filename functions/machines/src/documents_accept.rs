//! A member accepts a document that a resource asks for.

use interlock_app::model::AcceptedDocument;
use interlock_app::{AcceptDocument, App, accept_document};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::{Deserialize, Serialize};

/// `POST /api/machines/{machineId}/documents` (PRODUCT 6).
pub const ROUTE: Route = Route::post("documents.accept", "/api/machines/{machineId}/documents")
    .twin("/api/hosts/{hostId}/documents")
    .allow(Role::Member);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Accept {
    document: String,
    version: u32,
}

#[derive(Serialize)]
struct Body {
    document: AcceptedDocument,
}

/// 200 with the document as it counts from now on; 404 for one that is not asked for in this
/// version.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Accept { document, version } = call.json()?;
    let (resource_id, act) = (call.resource_id()?, call.act()?);
    let request = AcceptDocument { resource_id, document, version, act };
    let document = accept_document(&app, call.caller_id()?, &request).await?;
    Ok(Reply::ok(&Body { document }))
}
