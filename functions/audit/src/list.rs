//! Lists what was done, the youngest first, or exports the chain line by line.

use interlock_app::{App, AuditExport, AuditQuery, export_audit, list_audit};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/audit` (RELIABILITY D1).
pub const ROUTE: Route = Route::get("audit.list", "/api/audit").allow(Role::Admin).query(&[
    "actor",
    "object",
    "action",
    "requestId",
    "from",
    "to",
    "format",
    "limit",
    "cursor",
]);

/// Filters that an export has no use for: a chain with holes is none.
const FILTERS: [&str; 4] = ["actor", "object", "action", "requestId"];

/// 200 with a page of entries, or with `format=chain` of lines of the chain.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    match call.query_param("format") {
        None | Some("list") => list(&app, &call).await,
        Some("chain") => chain(&app, &call).await,
        Some(_) => Err(Problem::parameter("format", "unknown", "`list` or `chain` is wanted")),
    }
}

async fn list(app: &App, call: &Call) -> Result<Reply, Problem> {
    let text = |name: &str| call.query_param(name).map(str::to_owned);
    let wanted = AuditQuery {
        actor: text("actor"),
        object: text("object"),
        action: text("action"),
        request: text("requestId"),
        from: call.instant("from")?,
        to: call.instant("to")?,
        limit: call.limit()?,
        after: None,
    };
    let scope = format!("audit:{wanted:?}");
    let wanted = AuditQuery { after: call.cursor(&scope)?, ..wanted };
    let (items, next) = list_audit(app, &wanted).await?;
    Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
}

async fn chain(app: &App, call: &Call) -> Result<Reply, Problem> {
    if let Some(filter) = FILTERS.into_iter().find(|name| call.query_param(name).is_some()) {
        return Err(Problem::parameter(filter, "unknown", "a chain is exported whole"));
    }
    let (from, to, limit) = (call.instant("from")?, call.instant("to")?, call.limit()?);
    let scope = format!("audit-chain:{from:?}:{to:?}");
    let wanted = AuditExport { from, to, limit, after: call.cursor(&scope)? };
    let (lines, next) = export_audit(app, &wanted).await?;
    Ok(Reply::page(&lines, call.next_cursor(&scope, next.as_ref())))
}
