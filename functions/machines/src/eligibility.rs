//! Tells the caller everything that stands in the way.

use interlock_app::model::WishView;
use interlock_app::{App, eligibility, may_begin, own_wish};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{Interval, Request, Role, Verdict};
use serde::Serialize;

/// `GET /api/machines/{machineId}/eligibility`, `…/hosts/{hostId}/…` (S0-063).
pub const ROUTE: Route =
    Route::get("machines.eligibility", "/api/machines/{machineId}/eligibility")
        .twin("/api/hosts/{hostId}/eligibility")
        .allow(Role::Member)
        .query(&["start", "end", "purpose"])
        .reads(crate::prefetch::beginning);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkout_request: Option<WishView<'a>>,
}

/// 200 with the verdict, for an interval, for now or for beginning to use it now, and the caller's
/// own request that waits for a checkout; 400 for half an interval.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let id = call.resource_id()?;
    let request = Request { interval: interval(&call)?, event_type_id: None };
    let begins = begins(&call, &request)?;
    let snapshot = call.take_snapshot();
    let user_id = call.caller_id()?;
    let now = app.now();
    let wish = own_wish(&snapshot, user_id, (&id, now))?;
    let mut verdict = if begins {
        may_begin(&app, snapshot, user_id, &id).await?
    } else {
        eligibility(&app, snapshot, user_id, &id, &request).await?
    };
    call.language().tell(&mut verdict.reasons);
    let checkout_request = wish.as_ref().map(|wish| WishView::of(user_id, wish, now));
    Ok(Reply::ok(&Body { verdict: &verdict, checkout_request }))
}

/// Whether it is asked if use may begin now, which names no other time.
fn begins(call: &Call, request: &Request) -> Result<bool, Problem> {
    match (call.query_param("purpose"), request.interval) {
        (None, _) => Ok(false),
        (Some("use"), None) => Ok(true),
        (Some("use"), Some(_)) => {
            Err(Problem::parameter("purpose", "not_both", "use begins now; leave out the time"))
        }
        (Some(_), _) => Err(Problem::parameter("purpose", "unknown", "`use` is wanted")),
    }
}

fn interval(call: &Call) -> Result<Option<Interval>, Problem> {
    match (call.instant("start")?, call.instant("end")?) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) => Interval::new(start, end)
            .map(Some)
            .map_err(|_| Problem::parameter("end", "not_after_start", "it must lie after `start`")),
        (Some(_), None) => Err(half("end")),
        (None, Some(_)) => Err(half("start")),
    }
}

fn half(missing: &str) -> Problem {
    Problem::parameter(missing, "missing", "`start` and `end`, or neither")
}
