//! Tells how far the caller has come with each module, and a manager how far others have.

use interlock_app::{App, list_awaiting, training_evidence, training_status};
use interlock_http::{Call, Problem, Reply, Route, problems};
use interlock_policy::{Role, UserId};

/// `GET /api/training/status` (S0-061).
pub const ROUTE: Route = Route::get("training.status", "/api/training/status")
    .allow(Role::Member)
    .query(&["userId", "awaiting", "limit", "cursor"]);

/// 200 with one entry per active module. For a manager: with `userId` those of a person with the
/// evidence, with `awaiting=confirmation` what waits for a manager to look at it.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    if let Some(word) = call.query_param("awaiting") {
        if word != "confirmation" {
            return Err(Problem::parameter("awaiting", "unknown_value", "`confirmation`"));
        }
        managers_only(&call)?;
        let after = call.cursor("training.awaiting")?;
        let (items, next) = list_awaiting(&app, call.limit()?, after).await?;
        return Ok(Reply::page(&items, call.next_cursor("training.awaiting", next.as_ref())));
    }
    let items = if let Some(user_id) = person(&call)? {
        managers_only(&call)?;
        training_evidence(&app, call.take_snapshot(), &user_id).await?
    } else {
        let snapshot = call.take_snapshot();
        training_status(&app, snapshot, call.caller_id()?).await?
    };
    Ok(Reply::page(&items, None))
}

fn person(call: &Call) -> Result<Option<UserId>, Problem> {
    let malformed = || Problem::parameter("userId", "malformed", "the id of a person");
    call.query_param("userId").map(|text| text.parse().map_err(|_| malformed())).transpose()
}

fn managers_only(call: &Call) -> Result<(), Problem> {
    if crate::is_manager(call)? {
        return Ok(());
    }
    Err(Problem::new(&problems::ROLE_REQUIRED, "only a manager sees that of others"))
}
