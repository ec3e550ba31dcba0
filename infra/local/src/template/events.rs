//! Events of a function: routes of the HTTP API, queues and schedules.
//! An event of another type is refused, so that nothing deploys that does not run here.

use serde_json::Value;

use super::conditions::Scope;
use super::value::{logical_id, text, whole_number};

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRoute {
    /// Upper-case method, or `ANY`.
    pub method: String,
    /// Path with parameters in braces.
    pub path: String,
}

/// One queue that feeds a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueEvent {
    /// Logical id of the queue, which is its name locally.
    pub queue: String,
    pub batch_size: u64,
    pub window_seconds: u64,
    pub maximum_concurrency: u64,
    pub reports_item_failures: bool,
}

/// One schedule that starts a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleEvent {
    /// Name of the event in the template.
    pub name: String,
    /// `rate(…)` or `cron(…)`.
    pub expression: String,
    /// IANA zone of a `cron` expression.
    pub time_zone: String,
    /// JSON text handed to the function in place of the scheduler's own event.
    pub input: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) routes: Vec<HttpRoute>,
    pub(super) queues: Vec<QueueEvent>,
    pub(super) schedules: Vec<ScheduleEvent>,
}

pub(super) fn events_of(id: &str, properties: &Value, scope: &Scope) -> Result<Events, String> {
    let mut events = Events::default();
    for (name, event) in properties.get("Events").and_then(Value::as_object).into_iter().flatten() {
        let body = &event["Properties"];
        let kind = event["Type"].as_str().unwrap_or_default();
        let fail = |what: &str| format!("event `{name}` of `{id}` has no {what}");
        match kind {
            "HttpApi" => events.routes.push(route(body).ok_or_else(|| fail("path"))?),
            "SQS" => events.queues.push(queue(body).ok_or_else(|| fail("queue"))?),
            "ScheduleV2" | "Schedule" => {
                events.schedules.push(schedule(name, body, scope).ok_or_else(|| fail("time"))?);
            }
            other => return Err(format!("event `{name}` of `{id}` has unknown type `{other}`")),
        }
    }
    Ok(events)
}

fn route(body: &Value) -> Option<HttpRoute> {
    let method = body.get("Method").and_then(Value::as_str).unwrap_or("ANY").to_uppercase();
    Some(HttpRoute { method, path: body.get("Path")?.as_str()?.to_owned() })
}

fn queue(body: &Value) -> Option<QueueEvent> {
    let number = |name: &str, fallback| body.get(name).and_then(whole_number).unwrap_or(fallback);
    let concurrency = body.pointer("/ScalingConfig/MaximumConcurrency").and_then(whole_number);
    let responses = body.get("FunctionResponseTypes").and_then(Value::as_array);
    Some(QueueEvent {
        queue: logical_id(body.get("Queue")?)?.to_owned(),
        batch_size: number("BatchSize", 10),
        window_seconds: number("MaximumBatchingWindowInSeconds", 0),
        maximum_concurrency: concurrency.unwrap_or(5),
        reports_item_failures: responses
            .is_some_and(|kinds| kinds.iter().any(|kind| kind == "ReportBatchItemFailures")),
    })
}

fn schedule(name: &str, body: &Value, scope: &Scope) -> Option<ScheduleEvent> {
    let expression = body.get("ScheduleExpression").or_else(|| body.get("Schedule"))?;
    let zone = body.get("ScheduleExpressionTimezone").and_then(|zone| scope.plain(zone));
    Some(ScheduleEvent {
        name: name.to_owned(),
        expression: scope.plain(expression)?,
        time_zone: zone.unwrap_or_else(|| "UTC".to_owned()),
        input: body.get("Input").and_then(text).map(str::to_owned),
    })
}
