//! Lists deliveries, the newest first.

use interlock_app::model::DeliveryState;
use interlock_app::{App, DeliveryQuery, list_deliveries};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;

/// `GET /api/webhook-events` (S0-095).
pub const ROUTE: Route = Route::get("webhook.events-list", "/api/webhook-events")
    .allow(Role::Admin)
    .query(&["state", "trigger", "reservationId", "limit", "cursor"]);

/// 200 with a page; bodies are told one by one.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let wanted = wanted(&call)?;
    let scope = format!(
        "webhook-events:{:?}:{:?}:{:?}",
        wanted.state, wanted.trigger, wanted.reservation_id
    );
    let wanted = DeliveryQuery { after: call.cursor(&scope)?, ..wanted };
    let (page, next) = list_deliveries(&app, &wanted).await?;
    Ok(Reply::page(&page, call.next_cursor(&scope, next.as_ref())))
}

fn wanted(call: &Call) -> Result<DeliveryQuery, Problem> {
    let state = match call.query_param("state") {
        None => None,
        Some(word) => Some(DeliveryState::of(word).ok_or_else(|| {
            let words = DeliveryState::ALL.map(|state| format!("`{}`", state.word()));
            Problem::parameter("state", "unknown", &words.join(", "))
        })?),
    };
    let reservation_id = match call.query_param("reservationId") {
        None => None,
        Some(text) => {
            let malformed = |_| Problem::parameter("reservationId", "malformed", "an id is wanted");
            Some(text.parse().map_err(malformed)?)
        }
    };
    Ok(DeliveryQuery {
        state,
        trigger: call.query_param("trigger").map(str::to_owned),
        reservation_id,
        limit: call.limit()?,
        after: None,
    })
}
