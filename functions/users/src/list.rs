//! Lists people.

use interlock_app::model::UserView;
use interlock_app::{App, list_users};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/users` (S0-102).
pub const ROUTE: Route = Route::get("users.list", "/api/users")
    .allow(Role::Manager)
    .query(&["email", "limit", "cursor"]);

/// 200 with a page, the oldest account first, or with whoever has the address; each with what is
/// known against the address.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let page = (call.limit()?, call.cursor("users")?);
    let (people, next) = list_users(&app, call.query_param("email"), page).await?;
    let now = app.now();
    let items: Vec<UserView<'_>> = people
        .iter()
        .map(|(account, dead)| UserView::listed(account, dead.as_ref(), now))
        .collect();
    Ok(Reply::page(&items, call.next_cursor("users", next.as_ref())))
}
