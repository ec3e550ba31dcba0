//! Lists machines or hosts with the caller's badge on each.

use interlock_app::{App, ResourceSummary, list_resources};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{Decision, ResourceId, ResourceKind, Role};
use serde::Serialize;

use crate::view::kind_of;

/// `GET /api/machines`, `GET /api/hosts` (S0-062).
pub const ROUTE: Route = Route::get("machines.list", "/api/machines")
    .twin("/api/hosts")
    .allow(Role::Member)
    .query(&["limit", "cursor"]);

#[derive(Serialize)]
struct Item {
    id: ResourceId,
    name: String,
    category: String,
    active: bool,
    eligibility: Badge,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Badge {
    verdict: Decision,
    unmet_count: usize,
}

impl From<ResourceSummary> for Item {
    fn from(summary: ResourceSummary) -> Self {
        let badge =
            Badge { verdict: summary.verdict.decision, unmet_count: summary.verdict.reasons.len() };
        Self {
            id: summary.resource.id,
            name: summary.resource.name,
            category: summary.resource.category,
            active: summary.resource.active,
            eligibility: badge,
        }
    }
}

/// 200 with a page.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let kind = kind_of(&call);
    let scope = match kind {
        ResourceKind::Machine => "machines",
        ResourceKind::Host => "hosts",
    };
    let wanted = (kind, call.limit()?, call.cursor(scope)?);
    let snapshot = call.take_snapshot();
    let (page, next) = list_resources(&app, snapshot, call.caller_id()?, wanted).await?;
    let items: Vec<Item> = page.into_iter().map(Item::from).collect();
    Ok(Reply::page(&items, call.next_cursor(scope, next.as_ref())))
}
