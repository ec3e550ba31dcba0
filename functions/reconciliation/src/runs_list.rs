//! Lists runs of reconciliation, youngest first.

use interlock_app::{App, list_runs};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

use crate::view::RunView;

/// `GET /api/reconciliation/runs` (S0-097).
pub const ROUTE: Route = Route::get("reconciliation.runs-list", "/api/reconciliation/runs")
    .allow(Role::Admin)
    .query(&["limit", "cursor"]);

const SCOPE: &str = "reconciliation-runs";

/// 200 with a page.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let (runs, next) = list_runs(&app, call.limit()?, call.cursor(SCOPE)?).await?;
    let items: Vec<RunView<'_>> = runs.iter().map(RunView::from).collect();
    Ok(Reply::page(&items, call.next_cursor(SCOPE, next.as_ref())))
}
