//! A member asks to be checked out on a machine.

use interlock_app::model::WishView;
use interlock_app::{App, AskCheckout, Asked, ask_checkout};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::Role;
use serde::{Deserialize, Serialize};

/// `POST /api/machines/{machineId}/checkout-requests` (S0-100).
pub const ROUTE: Route =
    Route::post("checkout.request", "/api/machines/{machineId}/checkout-requests")
        .allow(Role::Member);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ask {
    level: Option<u8>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    request: WishView<'a>,
}

/// 201 with the request, or 200 with the one that waits already; 403 `not_eligible` for an account
/// that may not act, 409 `checkout_not_needed` with every reason.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let Ask { level, note } = call.json()?;
    let (resource_id, user_id) = (call.resource_id()?, call.caller_id()?.clone());
    let request = AskCheckout { resource_id, user_id, level, note, act: call.act()? };
    let asked = ask_checkout(&app, &request).await?;
    let (Asked::New(wish) | Asked::Same(wish)) = &asked;
    let body = Body { request: WishView::of(&request.user_id, wish, app.now()) };
    Ok(match &asked {
        Asked::New(_) => {
            let location = format!("/api/machines/{}/eligibility", request.resource_id);
            Reply::created(location, &body)
        }
        Asked::Same(_) => Reply::ok(&body),
    })
}
