//! Lists differences that reconciliation found.

use interlock_app::model::{FindingClass, FindingState};
use interlock_app::{App, FindingQuery, list_findings};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::view::FindingView;

/// `GET /api/reconciliation/findings` (S0-097).
pub const ROUTE: Route = Route::get("findings.list", "/api/reconciliation/findings")
    .allow(Role::Admin)
    .query(&["state", "class", "limit", "cursor"]);

/// 200 with a page, last seen first; those that wait for a person if no `state` is named.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let state = word::<FindingState>(&call, "state")?.unwrap_or(FindingState::Open);
    let class = word::<FindingClass>(&call, "class")?;
    let scope = format!("findings:{state:?}:{class:?}");
    let after = call.cursor(&scope)?;
    let wanted = FindingQuery { state, class, limit: call.limit()?, after };
    let (findings, next) = list_findings(&app, &wanted).await?;
    let items: Vec<FindingView<'_>> = findings.iter().map(FindingView::from).collect();
    Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
}

/// A parameter that is one of the words of a list.
fn word<T: for<'de> Deserialize<'de>>(call: &Call, name: &str) -> Result<Option<T>, Problem> {
    let Some(text) = call.query_param(name) else { return Ok(None) };
    let words: StrDeserializer<'_, Error> = text.into_deserializer();
    let unknown = |_| Problem::parameter(name, "unknown", "the interface lists the words");
    T::deserialize(words).map(Some).map_err(unknown)
}
