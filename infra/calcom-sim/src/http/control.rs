//! The control surface under `/__sim/`: what tests and people use to steer the stand-in.
//! It is never throttled, authenticated or failed, and it is not part of the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::control_people;
use super::sender::send_all;
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::faults::Fault;
use crate::core::model::{Delivery, WebhookMode};
use crate::core::time::{millis, plus};
use crate::sim::plant;

/// A closed port cannot count who knocks, so each of its times is worth this long.
const DOWN_SECONDS: u32 = 2;

/// Turns a result into an answer of the control surface.
pub(crate) fn answer(result: Answer<Value>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => {
            let status =
                StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json(json!({ "message": error.message }))).into_response()
        }
    }
}

/// Routes of the control surface, to be nested at `/__sim`.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/faults", get(list_faults).post(add_fault).delete(clear_faults))
        .route("/webhooks", get(list_webhooks).post(set_mode))
        .route("/webhooks/ping", post(ping))
        .route("/webhooks/{id}/deliver", post(deliver))
        .route("/state", get(state))
        .route("/settings", post(set_settings))
        .route("/journal", get(journal).delete(clear_journal))
        .route("/reset", post(reset))
        .route("/clock", get(read_clock).post(set_clock))
        .merge(control_people::router())
        .with_state(shared)
}

async fn list_faults(State(shared): State<Arc<Shared>>) -> Response {
    answer(shared.run(|world, _| Ok(json!({ "items": world.list_faults() }))))
}

#[expect(clippy::disallowed_methods, reason = "a closed port must open again by itself")]
fn reopen_later(shared: &Arc<Shared>, seconds: u32) {
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
        clear_down(&shared).await;
    });
}

/// Removes every `down` and opens the port.
async fn clear_down(shared: &Arc<Shared>) {
    let _ = shared.run(|world, _| {
        world.forget_down();
        Ok(())
    });
    shared.network.set_open(true).await;
}

async fn add_fault(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let fault: Fault = match serde_json::from_value(body) {
        Ok(fault) => fault,
        Err(error) => return answer(Err(ApiError::bad_request(error.to_string()))),
    };
    let added = shared.run(|world, _| {
        let fault = world.add_fault(fault);
        Ok((fault.clone(), world.is_down()))
    });
    let (fault, down) = match added {
        Ok(added) => added,
        Err(error) => return answer(Err(error)),
    };
    if down && fault.inject.network().is_some() {
        shared.network.set_open(false).await;
        let seconds = fault.seconds.or(fault.times.map(|times| times * DOWN_SECONDS));
        if let Some(seconds) = seconds {
            reopen_later(&shared, seconds);
        }
    }
    answer(Ok(json!(fault)))
}

async fn clear_faults(State(shared): State<Arc<Shared>>) -> Response {
    let cleared = shared.run(|world, _| {
        world.faults.clear();
        Ok(json!({ "items": [] }))
    });
    shared.network.set_open(true).await;
    answer(cleared)
}

fn delivery(one: &Delivery) -> Value {
    json!({
        "id": one.id, "trigger": one.trigger, "uid": one.uid, "state": one.state,
        "body": one.body, "headers": one.headers, "url": one.url, "attempts": one.attempts,
        "lastStatus": one.last_status, "createdAt": millis(one.created_at),
        "dueAt": one.due_at.map(millis)
    })
}

async fn list_webhooks(State(shared): State<Arc<Shared>>) -> Response {
    answer(shared.run(|world, _| {
        let mut all: Vec<&Delivery> = world.deliveries.values().collect();
        all.sort_by_key(|one| one.order);
        let items: Vec<Value> = all.into_iter().map(delivery).collect();
        Ok(json!({ "mode": world.settings().webhook_mode, "items": items }))
    }))
}

#[derive(Deserialize)]
struct Mode {
    mode: WebhookMode,
}

async fn set_mode(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let mode: Mode = match serde_json::from_value(body) {
        Ok(mode) => mode,
        Err(error) => return answer(Err(ApiError::bad_request(error.to_string()))),
    };
    answer(shared.run(|world, _| {
        world.set(|settings| settings.webhook_mode = mode.mode);
        Ok(json!({ "mode": mode.mode }))
    }))
}

async fn deliver(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let found = shared.run(|world, _| {
        let missing = || ApiError::not_found(format!("delivery `{id}` does not exist"));
        world.send_again(&id).ok_or_else(missing)
    });
    if let Err(error) = found {
        return answer(Err(error));
    }
    send_all(&shared, std::slice::from_ref(&id)).await;
    answer(shared.run(|world, _| Ok(world.deliveries.get(&id).map(delivery).unwrap_or_default())))
}

async fn ping(State(shared): State<Arc<Shared>>) -> Response {
    let outgoing = match shared.run(|world, now| Ok(world.ping(now))) {
        Ok(outgoing) => outgoing,
        Err(error) => return answer(Err(error)),
    };
    let sent = outgoing.first.len();
    super::sender::send(&shared, outgoing).await;
    answer(Ok(json!({ "sent": sent })))
}

async fn state(State(shared): State<Arc<Shared>>) -> Response {
    answer(shared.run(|world, now| {
        let mut bookings: Vec<_> = world.bookings.values().collect();
        bookings.sort_by_key(|one| one.id);
        let bookings: Vec<Value> =
            bookings.into_iter().map(|one| world.booking_output(one)).collect();
        let holds: Vec<Value> =
            world.holds.values().map(|hold| world.read_hold(&hold.uid)).collect();
        let types: Vec<Value> =
            world.event_types.values().map(|one| Value::Object(one.fields.clone())).collect();
        let violations: Vec<Value> = world.violations.values().map(|one| json!(one)).collect();
        Ok(json!({
            "now": millis(now), "bookings": bookings, "holds": holds, "eventTypes": types,
            "schedules": world.schedules.values().collect::<Vec<_>>(),
            "webhookMode": world.settings().webhook_mode, "faults": world.list_faults(),
            "mails": world.counters.get("mails").copied().unwrap_or_default(),
            "strictViolations": violations
        }))
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsChange {
    race_window_milliseconds: Option<u64>,
    rate_limit: Option<i64>,
    window_seconds: Option<i64>,
    block_seconds: Option<i64>,
}

async fn set_settings(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let change: SettingsChange = match serde_json::from_value(body) {
        Ok(change) => change,
        Err(error) => return answer(Err(ApiError::bad_request(error.to_string()))),
    };
    answer(shared.run(|world, _| {
        world.set(|settings| {
            let window = change.race_window_milliseconds;
            settings.race_window_milliseconds = window.unwrap_or(settings.race_window_milliseconds);
            settings.limit = change.rate_limit.unwrap_or(settings.limit);
            settings.window_seconds = change.window_seconds.unwrap_or(settings.window_seconds);
            settings.block_seconds = change.block_seconds.unwrap_or(settings.block_seconds);
        });
        world.buckets.clear();
        Ok(json!(world.settings()))
    }))
}

async fn journal(State(shared): State<Arc<Shared>>) -> Response {
    Json(json!({ "items": shared.journal().list() })).into_response()
}

async fn clear_journal(State(shared): State<Arc<Shared>>) -> Response {
    shared.journal().clear();
    Json(json!({ "items": [] })).into_response()
}

async fn reset(State(shared): State<Arc<Shared>>) -> Response {
    let webhook = shared.webhook();
    let done = shared.run(|world, now| {
        world.clear();
        plant(world, webhook.as_ref(), now);
        Ok(json!({ "now": millis(now) }))
    });
    shared.journal().clear();
    shared.network.set_open(true).await;
    answer(done)
}

async fn read_clock(State(shared): State<Arc<Shared>>) -> Response {
    Json(json!({ "now": millis(shared.now()) })).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockChange {
    now: Option<Timestamp>,
    advance_seconds: Option<i64>,
}

/// Sets or advances the clock; deliveries that fall due thereby leave before the answer.
async fn set_clock(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let change: ClockChange = match serde_json::from_value(body) {
        Ok(change) => change,
        Err(error) => return answer(Err(ApiError::bad_request(error.to_string()))),
    };
    let moved = shared.run(|world, now| {
        let by = match (change.now, change.advance_seconds) {
            (Some(wanted), None) => wanted.duration_since(now).as_secs(),
            (None, Some(seconds)) => seconds,
            _ => {
                let text = "give either `now` or `advanceSeconds`";
                return Err(ApiError::bad_request(text));
            }
        };
        world.set(|settings| settings.clock_offset_seconds += by);
        Ok(json!({ "now": millis(plus(now, SignedDuration::from_secs(by))) }))
    });
    send_due(&shared).await;
    answer(moved)
}

/// Sends delayed deliveries whose time has come.
pub(crate) async fn send_due(shared: &Arc<Shared>) {
    let due = shared.run(|world, now| Ok(world.due_deliveries(now))).unwrap_or_default();
    send_all(shared, &due).await;
}
