//! Counts what the gate refused, by reason and by day.

use std::str::FromStr;

use interlock_app::{App, RefusalCount, RefusalQuery, Refusals, list_refusals};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ReasonCode, ResourceId, Role};
use jiff::civil::Date;
use serde::Serialize;

/// `GET /api/refusals`.
pub const ROUTE: Route = Route::get("refusals.list", "/api/refusals")
    .allow(Role::Manager)
    .query(&["from", "to", "machineId"]);

/// 200 with the counts of the days named, both included; 403 `role_required` for a machine beyond
/// a manager's scope, 404.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let wanted = RefusalQuery {
        resource_id: parsed(&call, "machineId", "an id of ours is wanted")?,
        from: day(&call, "from")?,
        to: day(&call, "to")?,
    };
    let refusals = list_refusals(&app, &call.caller()?.account.value, &wanted).await?;
    Ok(Reply::ok(&Body::of(&wanted, &refusals)))
}

fn day(call: &Call, name: &str) -> Result<Date, Problem> {
    let missing = || Problem::parameter(name, "missing", "the parameter is required");
    parsed(call, name, "a day such as `2026-06-01` is wanted")?.ok_or_else(missing)
}

fn parsed<T: FromStr>(call: &Call, name: &str, detail: &str) -> Result<Option<T>, Problem> {
    let Some(text) = call.query_param(name) else { return Ok(None) };
    let refused = |_| Problem::parameter(name, "malformed", detail);
    text.parse().map(Some).map_err(refused)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    from: Date,
    to: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine_id: Option<ResourceId>,
    #[serde(flatten)]
    all: Count,
    days: Vec<Day>,
}

#[derive(Serialize)]
struct Day {
    day: Date,
    #[serde(flatten)]
    count: Count,
}

#[derive(Serialize)]
struct Count {
    refused: u64,
    reasons: Vec<OfReason>,
}

#[derive(Serialize)]
struct OfReason {
    code: ReasonCode,
    count: u64,
}

impl Body {
    fn of(wanted: &RefusalQuery, refusals: &Refusals) -> Self {
        let days = refusals.days.iter();
        Self {
            from: wanted.from,
            to: wanted.to,
            machine_id: wanted.resource_id.clone(),
            all: Count::from(&refusals.all),
            days: days.map(|(day, count)| Day { day: *day, count: count.into() }).collect(),
        }
    }
}

impl From<&RefusalCount> for Count {
    /// The most frequent reason first, among equals the gravest.
    fn from(count: &RefusalCount) -> Self {
        let reasons = count.reasons.iter();
        let mut reasons: Vec<OfReason> =
            reasons.map(|(code, count)| OfReason { code: *code, count: *count }).collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        Self { refused: count.refused, reasons }
    }
}
