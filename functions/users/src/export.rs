//! Gives a person everything that is held of him.

use interlock_app::{App, export_user};
use interlock_http::{Call, Problem, Reply, Route};
use serde::Deserialize;

use crate::own::person;

/// `POST /api/users/{userId}/export` (RELIABILITY D3).
pub const ROUTE: Route = Route::post("users.export", "/api/users/{userId}/export").any_caller();

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {}

/// 200 with the data; 404 for anybody else's but an admin's asking.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Export {} = call.json()?;
    let data = export_user(&app, &person(&call)?, &call.act()?).await?;
    Ok(Reply::ok(&data))
}
