//! Gives a person everything that is held of him.

use interlock_app::{App, PersonalData, export_user};
use interlock_http::{Call, FactorRule, Problem, Reply, Route};
use serde::{Deserialize, Serialize};

use crate::own::person;

/// `POST /api/users/{userId}/export` (RELIABILITY D3).
pub const ROUTE: Route = Route::post("users.export", "/api/users/{userId}/export")
    .any_caller()
    .query(&["cursor"])
    .factor(FactorRule::Fresh);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    #[serde(flatten)]
    data: PersonalData,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// 200 with the data, or a part of it and `nextCursor` where it is too much for one answer; 404 for
/// anybody else's but an admin's asking.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Export {} = call.json()?;
    let id = person(&call)?;
    let scope = format!("export {id}");
    let (data, next) = export_user(&app, &id, call.cursor(&scope)?, &call.act()?).await?;
    let next_cursor = call.next_cursor(&scope, next.as_ref());
    Ok(Reply::ok(&Part { data, next_cursor }))
}
