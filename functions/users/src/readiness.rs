//! Tells staff what a person still lacks, resource by resource.

use interlock_app::{App, ResourceSummary, Snapshot, list_resources};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{Decision, Reason, ResourceId, ResourceKind, Role};
use serde::Serialize;

/// `GET /api/users/{userId}/readiness` (S0-103).
pub const ROUTE: Route = Route::get("users.readiness", "/api/users/{userId}/readiness")
    .allow(Role::Manager)
    .query(&["kind", "limit", "cursor"]);

#[derive(Serialize)]
struct Item {
    id: ResourceId,
    name: String,
    category: String,
    verdict: Decision,
    reasons: Vec<Reason>,
}

impl From<ResourceSummary> for Item {
    fn from(summary: ResourceSummary) -> Self {
        Self {
            id: summary.resource.id,
            name: summary.resource.name,
            category: summary.resource.category,
            verdict: summary.verdict.decision,
            reasons: summary.verdict.reasons,
        }
    }
}

/// 200 with what stands in the person's way on each of a page of machines, or of hosts with
/// `kind=host`; 404.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let (kind, scope) = match call.query_param("kind") {
        None | Some("machine") => (ResourceKind::Machine, "readiness#machines"),
        Some("host") => (ResourceKind::Host, "readiness#hosts"),
        Some(_) => {
            let detail = "`machine` or `host` is wanted";
            return Err(Problem::parameter("kind", "invalid_value", detail));
        }
    };
    let page = (kind, call.limit()?, call.cursor(scope)?);
    let id = call.user_id()?;
    let (mut summaries, next) = list_resources(&app, Snapshot::default(), &id, page).await?;
    for summary in &mut summaries {
        call.language().tell(&mut summary.verdict.reasons);
    }
    let items: Vec<Item> = summaries.into_iter().map(Item::from).collect();
    Ok(Reply::page(&items, call.next_cursor(scope, next.as_ref())))
}
