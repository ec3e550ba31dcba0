//! Lists letters for staff.

use interlock_app::model::LetterView;
use interlock_app::{App, LetterList, LetterQuery, list_letters};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/notifications`.
pub const ROUTE: Route = Route::get("notifications.list", "/api/notifications")
    .allow(Role::Manager)
    .query(&["state", "limit", "cursor"]);

/// 200 with a page: `pending` soonest first, `sent` and `failed` latest first; those that failed
/// if no `state` is named.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let (word, list) = match call.query_param("state") {
        None | Some("failed") => ("failed", LetterList::Failed),
        Some("pending") => ("pending", LetterList::Pending),
        Some("sent") => ("sent", LetterList::Sent),
        Some(_) => {
            return Err(Problem::parameter("state", "unknown", "`pending`, `sent` or `failed`"));
        }
    };
    let scope = format!("notifications:{word}");
    let (limit, after) = (call.limit()?, call.cursor(&scope)?);
    let wanted = LetterQuery { list, by: call.caller_id()?.clone(), limit, after };
    let (letters, next) = list_letters(&app, &wanted).await?;
    let items: Vec<LetterView> = letters.iter().map(LetterView::from).collect();
    Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
}
